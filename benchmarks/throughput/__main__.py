"""Training throughput of `keras_gans` against fair loops written by hand, in the same run.

    python -m benchmarks.throughput [--only dcgan mlp pix2pix ...] [--rounds 3] [--steps 30]

DCGAN-64 on 64x64 colour images, where the arithmetic dominates; a small MLP on 2-D points, where
what surrounds the arithmetic does; pix2pix and CycleGAN with the networks of the papers on one
image of 256x256 pixels at a time, and as the programs have them, on 16 of 64x64; SRResNet alone and
SRGAN on 16 patches of 96x96. Every contender runs in a process of its own, so that no framework's
threads disturb another's, and all have the same number of threads. The rounds are interleaved
(A B C A B C ...) and a ratio is the median of the ratios *within* a round: on a machine that others
share, speeds drift, and neighbours in time drift together. That does not make a busy machine fair:
contention slows the frameworks by different factors. Every report says how many cores other
processes used meanwhile, and the table is followed by a warning when they used more than a tenth of
one.
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import shlex
import statistics
import subprocess
import sys
from dataclasses import dataclass

from benchmarks.throughput.protocol import (
    BATCH_SIZE,
    STEP_FACTOR,
    TRANSLATIONS,
    UPSCALINGS,
    add_run_arguments,
)

FAMILIES = dict.fromkeys(TRANSLATIONS, "translation") | dict.fromkeys(UPSCALINGS, "upscaling")
BFLOAT16_FLAGS = {"avx512_bf16", "amx_bf16"}
TOLERATED_FOREIGN_CORES = 0.1
REPORTED_FLAGS = {"avx2", "avx512f", "avx512_vnni", *BFLOAT16_FLAGS, "neon", "asimd", "bf16"}


@dataclass(frozen=True)
class Contender:
    """A row of the table.

    `ratio` says what is compared with the library's float32 `fit`, and `target` what the project
    aims for; the target is printed beside the measurement and never asserted.
    """

    name: str
    title: str
    backend: str = "tensorflow"
    ratio: str = "fit / this"
    target: str = ""

    @property
    def part(self):
        return self.name.partition("_")[0]

    @property
    def module(self):
        return f"benchmarks.throughput.{FAMILIES.get(self.part, 'gan')}_{self.backend}"

    @property
    def library(self):
        """The row that this one is compared with."""
        return f"{self.part}_fit"


CONTENDERS = [
    Contender("dcgan_fit", "keras_gans `fit`, TensorFlow, float32", ratio=""),
    Contender("dcgan_loop", "`tf.function` loop by hand", target=">= 0.97"),
    Contender("dcgan_torch", "PyTorch loop by hand", "torch", target=">= 1.10"),
    Contender("dcgan_torch_plain", "PyTorch loop in the form of its DCGAN example", "torch"),
    Contender("dcgan_torch_compile", "the same with `torch.compile`", "torch"),
    Contender(
        "dcgan_fit_bfloat16",
        "keras_gans `fit`, TensorFlow, mixed_bfloat16",
        ratio="this / fit",
        target=">= 1.3",
    ),
    Contender("mlp_fit", "keras_gans `fit`, 20 steps per execution", ratio=""),
    Contender(
        "mlp_loop_of_20",
        "`tf.function` loop by hand, 20 steps per call",
        ratio="fit's time / this one's",
        target="<= 1.2",
    ),
    Contender(
        "mlp_loop",
        "`tf.function` loop by hand, 1 step per call",
        ratio="fit's time / this one's",
    ),
]
for _part in (*TRANSLATIONS, *UPSCALINGS):
    CONTENDERS += [
        Contender(f"{_part}_fit", "keras_gans `fit`, TensorFlow", ratio=""),
        Contender(f"{_part}_loop", "`tf.function` loop by hand", target=">= 1.0"),
        Contender(f"{_part}_torch", "PyTorch loop by hand", "torch", target=">= 1.0"),
    ]


def ratio(contender, library_speed, speed):
    """One round's ratio in the direction that the row announces, from two speeds."""
    return library_speed / speed if contender.ratio == "fit / this" else speed / library_speed


def cpu():
    """The processor's model name and instruction flags; what is not known is left out."""
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor(), set()
    fields = {}
    for line in lines:
        key, _, value = line.partition(":")
        fields.setdefault(key.strip().lower(), value.strip())
    flags = fields.get("flags", fields.get("features", ""))
    return fields.get("model name", platform.machine()), set(flags.split())


def measure(contender, arguments):
    """Runs one contender once; returns its report, or `{"error": why}`."""
    command = [sys.executable, "-m", contender.module, contender.name]
    for option in ("steps", "warmup", "threads"):
        command += [f"--{option}", str(getattr(arguments, option))]
    # oneDNN and PyTorch count OpenMP's threads, TensorFlow its own: all get the same number.
    environment = {
        **os.environ,
        "OMP_NUM_THREADS": str(arguments.threads),
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "CUDA_VISIBLE_DEVICES": "-1",
    }
    process = subprocess.run(command, env=environment, capture_output=True, text=True)
    if process.returncode:
        last_words = process.stderr.strip().splitlines() or [f"exit {process.returncode}"]
        return {"error": last_words[-1].strip()}
    return json.loads(process.stdout.strip().splitlines()[-1])


def row(contender, reports, library_reports):
    """The table's row of one contender, from its reports and the library's of the same rounds."""
    errors = [report["error"] for report in reports if "error" in report]
    if errors:
        return [contender.title, f"missing: {errors[0]}".replace("|", "/"), *[""] * 7]
    speeds = [report["images_per_second"] for report in reports]
    measured = ""
    if contender.ratio and not any("error" in report for report in library_reports):
        library_speeds = [report["images_per_second"] for report in library_reports]
        measured = statistics.median(map(ratio, [contender] * len(speeds), library_speeds, speeds))
        measured = f"{measured:.2f}"
    numbers = [
        f"{f(speeds):,.{1 if min(speeds) > 10 else 3}f}" for f in (statistics.median, min, max)
    ]
    processor = [report["processor_milliseconds"] for report in reports]
    processor = "" if None in processor else f"{statistics.median(processor):,.1f}"
    peak = f"{statistics.median(report['peak_gib'] for report in reports):.1f}"
    return [contender.title, *numbers, processor, peak, contender.ratio, measured, contender.target]


def table(contenders, rounds):
    """The Markdown table of all contenders."""
    head = ["contender", "median images/s", "min", "max", "processor ms/step", "peak GiB"]
    head += ["ratio", "measured", "target"]
    rows = [head, ["---", *["---:"] * 5, "---", *["---:"] * 2]]
    for contender in contenders:
        columns = ([done[name] for done in rounds] for name in (contender.name, contender.library))
        rows.append(row(contender, *columns))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def machine(arguments, rounds):
    """The run that the table came from, as a Markdown list."""
    model, flags = cpu()
    versions = {"python": platform.python_version()}
    for report in (report for done in rounds for report in done.values()):
        versions.update(report.get("versions", {}))
    used = sorted({contender.part for contender in selected(arguments)})
    sizes = (
        f"{part}: batch {BATCH_SIZE[part]}, {arguments.steps * STEP_FACTOR.get(part, 1)} timed "
        f"steps after {arguments.warmup * STEP_FACTOR.get(part, 1)}"
        for part in used
    )
    started = shlex.join(["python", "-m", "benchmarks.throughput", *sys.argv[1:]])
    inputs = [
        f"{name} {report['input_share']:.1%}"
        for name, report in rounds[-1].items()
        if report.get("input_share") is not None
    ]
    facts = {
        "command": f"`{started}`",
        "date": datetime.date.today().isoformat(),
        "processor": f"{model}, {len(os.sched_getaffinity(0))} cores, {arguments.threads} threads",
        "flags": " ".join(sorted(flags & REPORTED_FLAGS)),
        "versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
        "rounds": f"{arguments.rounds}; {'; '.join(sizes)}",
        "making a batch, of the time of a step": ", ".join(inputs) or "not measured",
        "load": f"{os.getloadavg()[2]:.1f} (15-minute average)",
    }
    return "\n".join(f"* {name}: {fact}" for name, fact in facts.items())


def contention(rounds):
    """A warning when the machine was not left to the contenders, or an empty string."""
    foreign = [report.get("foreign_cores") for done in rounds for report in done.values()]
    worst = max((cores for cores in foreign if cores is not None), default=0.0)
    if worst <= TOLERATED_FOREIGN_CORES:
        return ""
    return (
        f"**Not a result:** other processes used up to {worst:.1f} cores while a contender was "
        "timed, and contention slows the frameworks unequally. Repeat on an idle machine.\n\n"
    )


def selected(arguments):
    """The contenders of this run, in the order in which each round takes them."""
    _, flags = cpu()
    skipped = set()
    if not arguments.torch_compile:
        skipped.add("dcgan_torch_compile")
    if not flags & BFLOAT16_FLAGS:
        skipped.add("dcgan_fit_bfloat16")  # emulated, it would only be slow
    return [
        contender
        for contender in CONTENDERS
        if contender.name not in skipped
        and (arguments.only is None or contender.part in arguments.only)
    ]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=BATCH_SIZE, help="measure these alone")
    parser.add_argument("--rounds", type=int, default=3, help="runs of every contender")
    add_run_arguments(parser)
    parser.add_argument("--torch-compile", action="store_true", help="add a torch.compile row")
    parser.add_argument(
        "--output", type=pathlib.Path, help="also write the table (.md) or every report (.json)"
    )
    arguments = parser.parse_args()

    contenders = selected(arguments)
    rounds = []
    for number in range(arguments.rounds):
        done = {}
        for contender in contenders:
            report = done[contender.name] = measure(contender, arguments)
            said = report.get("error") or f"{report['images_per_second']:,.3f} images/s"
            print(f"round {number + 1}: {contender.title}: {said}", file=sys.stderr, flush=True)
        rounds.append(done)

    text = f"{table(contenders, rounds)}\n\n{contention(rounds)}{machine(arguments, rounds)}\n"
    print(text)
    if arguments.output:
        as_json = arguments.output.suffix == ".json"
        arguments.output.write_text(json.dumps(rounds, indent=2) + "\n" if as_json else text)


if __name__ == "__main__":
    main()
