"""How long scores take, and how much memory, beside other tools: 10,000 x 2,048 features.

    python3 -m venv /tmp/tools
    /tmp/tools/bin/pip install scipy scikit-learn torch torch-fidelity prdc
    python -m benchmarks.metrics --tools /tmp/tools/bin/python --output benchmarks/metrics.md

Each contender runs in a process of its own, all of a score in turn; the other tools by the Python
of `--tools`.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

OURS = "keras_gans"
HEAD = """# Scores beside other tools: seconds and memory

`python -m benchmarks.metrics --tools /tmp/tools/bin/python --output benchmarks/metrics.md`

{number:,} x {size:,} features, float32, of each side (ReLU of a random mixture of Gaussians, the
fakes moved by a little), and {number:,} x 1,008 logits; {threads}; {processor}. Each contender is
a process of its own: seconds of the processor and by the clock (the least of {rounds} in turn), and
the most memory beside the features while it runs. The ratio is of the processor's seconds to ours.
All compute the same number, which the last column shows, but for subsets drawn at random.

"""

TAIL = """
The kernel distance takes a little longer than torch-fidelity's. Nearly all of both are products of
float32 matrices by the same library; ours takes powers and sums in float64, and a middle off all
features before, so that it is within 1e-6 of float64 where features have much in common, too.
"""


def features(number, size):
    """Real and fake features, float32 `(number, size)` each."""
    rng = np.random.default_rng(0)
    mixing = rng.normal(size=(64, size)).astype("float32") / 8
    sides = []
    for shift in (0.0, 0.05):
        hidden = rng.normal(shift, 1, (number, 64)).astype("float32") @ mixing
        noise = rng.normal(0, 0.7, (number, size)).astype("float32")
        sides.append(np.maximum(hidden + noise, 0))
    return sides


def our_frechet(real, fake):
    from keras_gans.metrics.gaussians import frechet_distance, gaussian_statistics

    def score():
        (mean1, cov1, _), (mean2, cov2, _) = map(gaussian_statistics, (real, fake))
        return frechet_distance(mean1, cov1, mean2, cov2)

    return score


def scipy_frechet(real, fake):
    from scipy.linalg import sqrtm

    def score():
        real_cov, fake_cov = (np.cov(side, rowvar=False) for side in (real, fake))
        means = real.mean(0, "float64") - fake.mean(0, "float64")
        root = sqrtm(real_cov @ fake_cov)
        return means @ means + np.trace(real_cov) + np.trace(fake_cov) - 2 * np.trace(root).real

    return score


def fidelity_frechet(real, fake):
    import torch
    from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric

    sides = [torch.from_numpy(side) for side in (fake, real)]
    return lambda: fid_statistics_to_metric(*map(fid_features_to_statistics, sides), False)[
        "frechet_inception_distance"
    ]


def our_precision_recall(real, fake):
    from keras_gans.metrics.neighbourhoods import precision_recall

    return lambda: precision_recall(real, fake)


def fidelity_precision_recall(real, fake):
    import torch
    from torch_fidelity.metric_prc import prc_features_to_metric

    def score():
        sides = (torch.from_numpy(side) for side in (fake, real))
        found = prc_features_to_metric(*sides, verbose=False)
        return found["precision"], found["recall"]

    return score


def our_density_coverage(real, fake):
    from keras_gans.metrics.neighbourhoods import density_coverage

    return lambda: density_coverage(real, fake)


def prdc_density_coverage(real, fake):
    from prdc.prdc import compute_prdc

    def score():
        found = compute_prdc(real, fake, nearest_k=5)
        return found["density"], found["coverage"]

    return score


def our_nearest(real, fake):
    from keras_gans.neighbours import nearest_with_distances

    return lambda: nearest_with_distances(fake, real, 1)[1].mean()


def sklearn_nearest(real, fake):
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(real)
    return lambda: search.kneighbors(fake)[0].mean(dtype="float64")


def our_kernel_distance(real, fake):
    from keras_gans.metrics import KernelDistance

    score_of = KernelDistance.score_of
    settings = argparse.Namespace(seed=0, degree=3, subset_size=1000, subsets=100)
    return lambda: score_of(settings, real, fake)["mean"]


def fidelity_kernel_distance(real, fake):
    import torch
    from torch_fidelity.metric_kid import kid_features_to_metric

    sides = [torch.from_numpy(side) for side in (fake, real)]
    return lambda: kid_features_to_metric(*sides, verbose=False)["kernel_inception_distance_mean"]


def our_gaussian_discrepancy(real, fake):
    from keras_gans.metrics.kernels import gaussian_kernel, squared_discrepancy

    return lambda: squared_discrepancy(real, fake, lambda a, b: gaussian_kernel(a, b, [30.0]))


def fidelity_gaussian_discrepancy(real, fake):
    import torch
    from torch_fidelity.metric_kid import kid_features_to_metric

    sides = [torch.from_numpy(side) for side in (fake, real)]
    whole = {"kid_subsets": 1, "kid_subset_size": len(real), "verbose": False}
    gaussian = {"kid_kernel": "rbf", "kid_kernel_rbf_sigma": 30.0}
    return lambda: kid_features_to_metric(*sides, **whole, **gaussian)[
        "kernel_inception_distance_mean"
    ]


def our_inception_score(real, fake):
    from keras_gans.metrics.inception_score import inception_score

    logits = 3 * real[:, :1008]
    return lambda: np.mean([inception_score(part) for part in np.array_split(logits, 10)])


def fidelity_inception_score(real, fake):
    import torch
    from torch_fidelity.metric_isc import isc_features_to_metric

    logits = torch.from_numpy(3 * real[:, :1008])
    return lambda: isc_features_to_metric(logits, shuffle=False)["inception_score_mean"]


SCORES = {
    "Frechet distance": {
        OURS: our_frechet,
        "scipy.linalg.sqrtm": scipy_frechet,
        "torch-fidelity": fidelity_frechet,
    },
    "precision and recall, k = 3": {
        OURS: our_precision_recall,
        "torch-fidelity": fidelity_precision_recall,
    },
    "density and coverage, k = 5": {
        OURS: our_density_coverage,
        "prdc (scikit-learn)": prdc_density_coverage,
    },
    "nearest real one of each, and how far": {
        OURS: our_nearest,
        "scikit-learn": sklearn_nearest,
    },
    "kernel distance, 100 subsets of 1,000": {
        OURS: our_kernel_distance,
        "torch-fidelity": fidelity_kernel_distance,
    },
    "MMD with a Gaussian kernel, all pairs": {
        OURS: our_gaussian_discrepancy,
        "torch-fidelity": fidelity_gaussian_discrepancy,
    },
    "Inception score of logits, 10 splits": {
        OURS: our_inception_score,
        "torch-fidelity": fidelity_inception_score,
    },
}


def measure(score, contender, number, size):
    """Run one in this process: dict of seconds, megabytes and what came out."""
    compute = SCORES[score][contender](*features(number, size))
    Path("/proc/self/clear_refs").write_text("5")  # The peak starts anew.
    before = memory("VmRSS")
    clock, processor = time.perf_counter(), time.process_time()
    value = compute()
    return {
        "processor": time.process_time() - processor,
        "clock": time.perf_counter() - clock,
        "megabytes": (memory("VmHWM") - before) / 1024,
        "value": [float(v) for v in np.atleast_1d(value)],
    }


def memory(key):
    """Kilobytes, of /proc/self/status."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(key)).split()[1])


def measured_apart(score, contender, options):
    """What `measure` says in a process of its own."""
    python = sys.executable if contender == OURS else options.tools
    command = [python, "-W", "ignore", "-m", "benchmarks.metrics", "--one", score, contender]
    command += ["--number", str(options.number), "--size", str(options.size)]
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    threads = dict.fromkeys(names, str(options.threads))
    done = subprocess.run(
        command, env={**os.environ, **threads}, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def row(score, contender, runs, ours):
    best = {key: min(run[key] for run in runs) for key in ("processor", "clock", "megabytes")}
    least = min(run["processor"] for run in ours)
    ratio = "" if contender == OURS else f"{best['processor'] / least:.2f}"
    value = ", ".join(f"{v:.7g}" for v in runs[0]["value"])
    return (
        f"| {score if contender == OURS else ''} | {contender} | {best['processor']:.1f} | "
        f"{best['clock']:.1f} | {ratio} | {best['megabytes']:,.0f} | {value} |"
    )


def processor_name():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(": ")[1] for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--one", nargs=2, metavar=("SCORE", "CONTENDER"), help=argparse.SUPPRESS)
    parser.add_argument("--tools", default=sys.executable, help="Python that has the other tools")
    parser.add_argument("--output", type=Path, help="Markdown file")
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--size", type=int, default=2_048)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", help="of the scores, those whose names hold this")
    options = parser.parse_args(arguments)
    if options.one:
        print(json.dumps(measure(*options.one, options.number, options.size)))
        return
    lines = [
        "| score | | processor s | clock s | ratio | MB | value |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for score, contenders in SCORES.items():
        if (options.only or "") not in score:
            continue
        runs = {contender: [] for contender in contenders}
        for _ in range(options.rounds):
            for contender in contenders:
                runs[contender].append(measured_apart(score, contender, options))
        lines += [row(score, contender, runs[contender], runs[OURS]) for contender in contenders]
        print("\n".join(lines[-len(contenders) :]), flush=True)
    head = HEAD.format(
        number=options.number,
        size=options.size,
        threads="one thread" if options.threads == 1 else f"{options.threads} threads",
        processor=processor_name(),
        rounds=options.rounds,
    )
    if options.output:
        options.output.write_text(head + "\n".join(lines) + "\n" + TAIL)


if __name__ == "__main__":
    main()
