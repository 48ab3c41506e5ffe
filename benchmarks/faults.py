"""What happens when things break: kills, damaged checkpoints, full disks, bad input and requests.

    python -m benchmarks.faults [--kills 20] [--output benchmarks/faults.md]

Most faults are put to the main job (`python -m applications.dcgan`) in a process of its own, on a
few small pictures; a part of the kills to a run that grows (`python -m applications.progressive`),
the others to the program or the lines of Python that they befall.
The table says what was done and what came of it; the program exits with 1 where something was lost
or a traceback came where a sentence was due.
"""

import argparse
import io
import itertools
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import zipfile
from pathlib import Path

import h5py
import numpy as np
from PIL import Image

EPOCHS = 20  # A life of the run lasts one at most, on a fast machine.
IMAGES = 40
SMALL = ["--image-size", "16", "--width", "2", "--batch-size", "4", "--checkpoint-every", "2"]
SMALL += ["--epochs", str(EPOCHS)]
# Two steps of 16 images an epoch; 8x8 pixels fade in from the third epoch to the twelfth.
GROWING = ["--recipe", "small", "--image-size", "16", "--images-per-epoch", "32"]
GROWING += ["--stabilise-images", "64", "--fade-images", "320", "--checkpoint-every", "1"]
GROWING += ["--epochs", "14"]
FADE = "epoch_000002_step_000001", "epoch_000011_step_000001"


def pictures(folder, n=IMAGES):
    """A folder of `n` small random pictures."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for i in range(n):
        Image.fromarray(rng.integers(0, 256, (20, 20, 3), dtype="uint8")).save(folder / f"{i}.png")
    return folder


def command(*arguments, program="dcgan"):
    return [sys.executable, "-m", f"applications.{program}", *map(str, arguments)]


def run(*arguments, program="dcgan", **options):
    """The main job, or another program, to its end."""
    started = command(*arguments, program=program)
    return subprocess.run(started, capture_output=True, text=True, **options)


def final_weights(output):
    """All weights in `model.keras`, by place."""
    weights = {}

    def collect(name, item):
        if isinstance(item, h5py.Dataset):
            weights[name] = item[()]

    with zipfile.ZipFile(output / "model.keras") as archive:
        content = io.BytesIO(archive.read("model.weights.h5"))
    with h5py.File(content) as file:
        file.visititems(collect)
    return weights


def differences(left, right):
    """The names of the weights that two runs ended with otherwise."""
    left, right = final_weights(left), final_weights(right)
    if left.keys() != right.keys():
        return ["the lists of weights"]
    return [name for name in left if not np.array_equal(left[name], right[name])]


class Moments:
    """Kills a process at its next moment: while a checkpoint is written, or in between.

    A life must get further than the one before it, so that a run of many lives ends: each is
    killed after its first new checkpoint, the first one after the checkpoint `start`.
    """

    def __init__(self, output, start, seed=0):
        self.folder = output / "checkpoint"
        self.start = start
        self.random = random.Random(seed)
        self.writing = 0
        self.places = []

    def newest(self):
        names = os.listdir(self.folder) if self.folder.is_dir() else []
        return max((name for name in names if name.startswith("epoch_")), default="")

    def kill(self, process, while_writing):
        """Wait for the moment and kill; returns False if the run ended before."""
        before = max(self.newest(), self.start)
        while process.poll() is None and self.newest() <= before:
            time.sleep(0.002)
        if while_writing:
            aside = self.folder / "aside"
            while process.poll() is None and not aside.exists():
                pass
        else:
            time.sleep(self.random.uniform(0, 0.3))
        if process.poll() is not None:
            return False
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.writing += (self.folder / "aside").exists()
        self.places.append(self.newest())
        return True


def killed_run(data, output, kills, options, program, start):
    """Train with `kills` kills in between; the `Moments` at which they met it."""
    moments = Moments(output, start)
    for i in itertools.count():
        resume = ["--resume"] if (output / "settings.json").exists() else []
        process = subprocess.Popen(
            command("--data", data, "--output", output, *options, *resume, program=program),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        if len(moments.places) < kills and moments.kill(process, while_writing=i % 2 == 1):
            process.stderr.close()
            continue
        _, errors = process.communicate()
        if process.returncode:
            raise RuntimeError(f"A resumed run ended with {process.returncode}: {errors[-2000:]}")
        return moments


def kills(room, count, options=SMALL, program="dcgan", start=""):
    data = pictures(room / "pictures")
    run("--data", data, "--output", room / "straight", *options, program=program, check=True)
    moments = killed_run(data, room / "killed", count, options, program, start)
    met = len(moments.places)
    other = differences(room / "straight", room / "killed")
    left, right = (
        json.loads((room / name / "scores.json").read_text()) for name in ("straight", "killed")
    )
    good = not other and left == right and met == count
    happened = (
        f"{met} kills, {moments.writing} of them while a checkpoint was being written; after {met} "
        f"resumptions {'all' if not other else f'{len(other)} not of the'} weights and "
        f"{'all' if left == right else 'not all'} scores equal those of the straight run"
    )
    name = f"SIGKILL at {count} moments of {options[-1]} epochs of `applications.{program}`"
    return moments, (name, happened, good)


def kills_in_a_fade(room, count):
    moments, (name, happened, good) = kills(room, count, GROWING, "progressive", start=FADE[0])
    inside = sum(place < FADE[1] for place in moments.places)
    return f"{name}, {inside} of them in the middle of a fade", happened, good and inside > 0


def ending(process, status, *words):
    """What a process said, and whether it is one line with these words and this exit status."""
    lines = [line for line in process.stderr.splitlines() if line.strip()]
    said = lines[-1] if lines else "nothing"
    good = process.returncode == status and "Traceback" not in process.stderr
    return said, good and all(word in process.stderr for word in words)


def damages(room):
    """Each of them to the newest checkpoint of a run of two epochs that is to make three."""
    data = pictures(room / "pictures")
    whole = room / "whole"
    short = [*SMALL, "--epochs", "2"]
    longer = [*SMALL, "--epochs", "3"]
    run("--data", data, "--output", whole, *short, check=True)
    run("--data", data, "--output", room / "straight", *longer, check=True)
    newest = max(path.name for path in (whole / "checkpoint").iterdir())

    def truncate(checkpoint):
        with (checkpoint / "state.npz").open("r+b") as file:
            file.truncate(1000)

    def flip(checkpoint):
        with (checkpoint / "state.npz").open("r+b") as file:
            file.seek(20000)
            byte = file.read(1)
            file.seek(20000)
            file.write(bytes([byte[0] ^ 1]))

    def empty(checkpoint):
        (checkpoint / "progress.json").write_text("")

    def remove(checkpoint):
        (checkpoint / "state.npz").unlink()

    faults = {
        "newest checkpoint: weights cut off": truncate,
        "newest checkpoint: one bit flipped": flip,
        "newest checkpoint: progress.json empty": empty,
        "newest checkpoint: weights missing": remove,
    }
    for number, (name, damage) in enumerate(faults.items()):
        output = room / f"damaged_{number}"
        shutil.copytree(whole, output)
        damage(output / "checkpoint" / newest)
        process = run("--data", data, "--output", output, *longer, "--resume")
        told = "is damaged and was not read" in process.stderr and newest in process.stderr
        good = process.returncode == 0 and told and not differences(room / "straight", output)
        happened = "named in a warning; resumed from the one before; the straight run's weights"
        yield name, happened if good else process.stderr[-300:], good
    output = room / "all_damaged"
    shutil.copytree(whole, output)
    for checkpoint in (output / "checkpoint").iterdir():
        truncate(checkpoint)
    process = run("--data", data, "--output", output, *longer, "--resume")
    yield "every checkpoint cut off", *ending(process, 1, "None of the 3 checkpoints", "is whole")


def limited(size):
    """For `preexec_fn`: no file may grow beyond so many bytes."""

    def limit():
        # What a write beyond the limit gets is an error, as on a full disk, and no signal.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def disks(room):
    data = pictures(room / "pictures")

    output = room / "full"
    arguments = ["--data", data, "--output", output, *SMALL, "--epochs", "2"]
    process = run(*arguments, preexec_fn=limited(20_000))
    yield "no file may grow (full disk)", *ending(process, 1, "could not be written", "--resume")
    process = run(*arguments, "--resume")
    said = "the same run resumed and finished" if process.returncode == 0 else process.stderr[-300:]
    yield "room made again, `--resume`", said, process.returncode == 0
    output = room / "no_folder"
    output.write_text("")
    process = run("--data", data, "--output", output, *SMALL)
    yield "the output folder is a file", *ending(process, 2, "--output takes a folder")
    process = run("--data", data, "--output", "/proc/run", *SMALL)
    yield "a folder that cannot be written to", *ending(process, 2, "/proc/run")


def inputs(room):
    output = room / "never"
    data = pictures(room / "pictures")
    empty, broken, few = room / "empty", room / "broken", room / "few"
    empty.mkdir()
    broken.mkdir()
    (broken / "picture.png").write_bytes(b"no picture")
    pictures(few, 2)
    used = room / "used"
    used.mkdir()
    (used / "thesis.txt").write_text("the only copy")
    for name, arguments in {
        "a folder that does not exist": ["--data", room / "nowhere", *SMALL],
        "a folder without pictures": ["--data", empty, *SMALL],
        "a folder of broken pictures": ["--data", broken, *SMALL],
        "two pictures": ["--data", few, *SMALL],
        "a size that is no power of two": ["--data", data, *SMALL, "--image-size", "100"],
        "a batch of no image": ["--data", data, *SMALL, "--batch-size", "0"],
        "to resume where no run is": ["--data", data, *SMALL, "--resume"],
    }.items():
        said, good = ending(run(*arguments, "--output", output), 2)
        yield name, said, good and not output.exists()
    said, good = ending(run("--data", data, *SMALL, "--output", used), 2, "not empty")
    yield "an output folder in use", said, good and os.listdir(used) == ["thesis.txt"]


def script(code, *arguments, **options):
    """Python of a user, in a process of its own."""
    command = [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, **options)


def paths(room):
    """Names from outside, and places on other machines."""
    data = pictures(room / "pictures")
    here = room / "here"
    here.mkdir()
    process = script(
        """
        import sys, keras, keras_gans
        keras_gans.presets.pix2pix((16, 16, 3), width=2, receptive_field=16).save(sys.argv[1])
        """,
        room / "model.keras",
    )
    with zipfile.ZipFile(room / "photos.zip", "w") as archive:
        for name in ("inside.png", "../up.png", f"{room}/absolute.png"):
            archive.writestr(name, (data / "0.png").read_bytes())
    process = run(
        room / "model.keras", room / "photos.zip", here / "out", program="translate", cwd=Path.cwd()
    )
    written = sorted(str(path.relative_to(room)) for path in room.rglob("*.png"))
    good = [name for name in written if not name.startswith("pictures")] == ["here/out/inside.png"]
    named = "up.png" in process.stderr and "absolute.png" in process.stderr
    happened = (
        "left out and named; the rest translated" if good and named else process.stderr[-300:]
    )
    yield "an archive with members outside its folder", happened, good and named
    for option in ("--output", "--data"):
        arguments = {"--data": data, "--output": room / "never", option: "gs://bucket/run"}
        flat = [word for pair in arguments.items() for word in pair]
        said, good = ending(run(*flat, *SMALL), 2, "remote")
        nothing = not (room / "never").exists() and not Path("gs:").exists()
        yield f"{option} gs://bucket/run", said, good and nothing


def stores(room):
    """Images that do not fit into memory, and a temporary folder that has no room for them."""
    data = pictures(room / "pictures")
    temporary = room / "temporary"
    temporary.mkdir()
    code = """
        import os, signal, sys, keras_gans
        images = keras_gans.data.read_folder(sys.argv[1], (64, 64, 3), memory_limit=2**10)
        os.kill(os.getpid(), signal.SIGKILL)
        """
    environment = {**os.environ, "TMPDIR": str(temporary)}
    process = script(code, data, env=environment, preexec_fn=limited(20_000))
    lines = process.stderr.strip().splitlines() or [f"ended with {process.returncode}"]
    good = (
        process.returncode == 1
        and "TMPDIR" in lines[-1]
        and f"{IMAGES * 64 * 64 * 3:,}" in lines[-1]
    )
    yield "a temporary folder too small for the decoded images", lines[-1], good
    process = script(code, data, env=environment)
    left = os.listdir(temporary)
    happened = f"{left or 'nothing'} is left in the temporary folder"
    yield "SIGKILL with images in it", happened, process.returncode == -signal.SIGKILL and not left


def results(room):
    """What a run has found comes before what decorates it, and outlives an interruption."""
    data = pictures(room / "pictures")
    output = room / "run"
    arguments = ["--data", data, "--output", output, *SMALL, "--epochs", "1"]
    run(*arguments, check=True)
    animation = output / "samples" / "animation.gif"
    animation.unlink()
    animation.mkdir()  # Nothing can be renamed to that.
    (output / "model.keras").unlink()
    process = run(*arguments, "--epochs", "2", "--resume")
    good = process.returncode == 0 and (output / "model.keras").exists()
    told = "animation.gif" in process.stderr
    happened = (
        "a warning; the model and its scores are there" if good and told else process.stderr[-300:]
    )
    yield "an animation that cannot be written", happened, good and told
    code = """
        import sys, keras, numpy as np, keras_gans
        epochs, score, folder = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
        class Scored(keras.callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                logs["score"] = score
        model = keras_gans.presets.dcgan((16, 16, 1), width=2, seed=0)
        best = keras.callbacks.ModelCheckpoint(
            f"{folder}/best.keras", monitor="score", mode="min", save_best_only=True)
        images = np.random.default_rng(0).integers(0, 256, (8, 16, 16, 1), dtype="uint8")
        model.fit(images, batch_size=8, epochs=epochs, verbose=0, callbacks=[
            Scored(), best, keras_gans.callbacks.Checkpoint(f"{folder}/checkpoint")])
        """
    script(code, 1, 0.5, room, check=True)
    before = (room / "best.keras").read_bytes()
    script(code, 2, 9.0, room, check=True)
    good = (room / "best.keras").read_bytes() == before
    happened = "the best epoch's file stays" if good else "the worse epoch has replaced it"
    yield "a worse score after a resumption, `save_best_only=True`", happened, good


def sizes(room):
    """Memory that grows with the result, and not faster."""
    code = """
        import resource, sys, numpy as np, keras_gans
        model = keras_gans.presets.dcgan((64, 64, 3), width=2, seed=0)
        model.generate(64)
        def peak():
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        before = peak()
        images = model.generate(16_000)
        print((peak() - before) / images.nbytes)
        """
    process = script(code)
    times = float(process.stdout) if process.returncode == 0 else float("nan")
    happened = f"{times:.2f} times the bytes of the result at the peak, the result among them"
    yield "`generate` of 16,000 images, 197 MB", happened, times < 2.5


def requests(room):
    """What the explorer is asked, in a benchmark of its own."""
    command = [sys.executable, "-m", "benchmarks.bad_requests"]
    process = subprocess.run(command, capture_output=True, text=True)
    asked = "64 PNGs of 20 megapixels"
    good = process.returncode == 0 and asked in process.stdout
    happened = "each refused in a sentence, good ones answered after it (bad_requests.md)"
    name = f"bad requests to `applications.explore`, one of {asked} among them"
    yield name, happened if good else process.stdout[-300:], good


def table(rows):
    lines = ["| fault | what happened | nothing lost |", "| --- | --- | --- |"]
    for name, happened, good in rows:
        happened = " ".join(happened.split()).replace("|", "/")
        lines.append(f"| {name} | {happened} | {'yes' if good else '**NO**'} |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--output", type=Path, help="also write the table to this file")
    arguments = parser.parse_args()
    rows = []
    groups = [
        inputs,
        paths,
        stores,
        results,
        sizes,
        requests,
        disks,
        damages,
        lambda room: [kills(room, arguments.kills)[1]],
        lambda room: [kills_in_a_fade(room, max(1, arguments.kills // 4))],
    ]
    for group in groups:
        with tempfile.TemporaryDirectory() as room:
            for row in group(Path(room)):
                # The folders have another name every time.
                happened = row[1].replace(room, "...").replace(str(Path.cwd()), "...")
                row = (row[0], happened, row[2])
                print(table([row]).splitlines()[-1], flush=True)
                rows.append(row)
    if arguments.output:
        head = (
            "# Faults\n\n`python -m benchmarks.faults` put these to the main job, and to what is "
            "named in a row.\n\n"
        )
        arguments.output.write_text(f"{head}{table(rows)}\n")
    return 0 if all(good for *_, good in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
