"""Features of the Inception of 2015 in images per second, against PyTorch's, on one thread.

    python -m benchmarks.inception --output benchmarks/inception.md

Weights are random, images are bytes of 32 x 32 pixels that each contender resizes itself as the
graph of 2015 does. Contenders run in processes of their own, in turn in every round; the first
batch, which compiles, is not timed. torch-fidelity must be installed beside.
"""

import argparse
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path

import numpy as np

ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
THEIRS = ("torch-fidelity", "torch-fidelity, channels last")
OURS = ("tensorflow", "jax", "torch")


def extractor_of(contender, weights):
    """A function from uint8 images [n, 32, 32, 3] to features, an array [n, 2048]."""
    if contender in OURS:
        from keras_gans.metrics import convert_inception
        from keras_gans.metrics.image_features import ImageFeatures

        features = ImageFeatures(convert_inception(weights), "legacy")
        return lambda images: next(features.batches(images, len(images)))
    import torch

    # The package imports torchvision for its data sets; this network needs none of it.
    package = types.ModuleType("torch_fidelity")
    package.__path__ = importlib.util.find_spec("torch_fidelity").submodule_search_locations
    sys.modules["torch_fidelity"] = package
    from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3

    network = FeatureExtractorInceptionV3("inception", ["2048"], weights)
    if contender == THEIRS[1]:
        network = network.to(memory_format=torch.channels_last)

    def features(images):
        with torch.inference_mode():
            return network(torch.from_numpy(images).movedim(-1, 1))[0].numpy()

    return features


def run(contender, weights, images, batch_size):
    """Print the seconds per image, by the clock and of the processor, and the features' sums."""
    pixels = np.random.RandomState(0).randint(0, 256, (images, 32, 32, 3)).astype("uint8")
    features = extractor_of(contender, weights)
    features(pixels[:batch_size])
    clock, processor = time.perf_counter(), time.process_time()
    made = [features(pixels[i : i + batch_size]) for i in range(0, images, batch_size)]
    seconds = [(time.perf_counter() - clock) / images, (time.process_time() - processor) / images]
    print(json.dumps([*seconds, np.concatenate(made).astype("float64").sum(axis=1).tolist()]))


def table(times):
    """Markdown: times is a dict from contenders to arrays [rounds, 2] of seconds per image."""
    best = min(THEIRS, key=lambda theirs: np.median(times[theirs][:, 1]))
    rows = [
        "| contender | median images/s | min | max | processor ms/image | of PyTorch's best |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for contender, seconds in times.items():
        rate = 1 / seconds[:, 0]
        ratio = np.median(seconds[:, 1] / times[best][:, 1])
        name = f"keras_gans, {contender}" if contender in OURS else contender
        rows.append(
            f"| {name} | {np.median(rate):.1f} | {rate.min():.1f} | {rate.max():.1f} "
            f"| {1000 * np.median(seconds[:, 1]):.0f} | {ratio:.2f} |"
        )
    return "\n".join(rows)


def measured(options):
    """Times of every contender, and by how much the sums of their features differ at most."""
    import torch

    from tests.parity.inception import random_weights

    times, sums = {contender: [] for contender in (*THEIRS, *OURS)}, {}
    with tempfile.TemporaryDirectory() as folder:
        weights = str(Path(folder) / "weights.pth")
        torch.save({k: torch.as_tensor(v) for k, v in random_weights().items()}, weights)
        for _ in range(options.rounds):
            for contender, seconds in times.items():
                command = [sys.executable, "-m", "benchmarks.inception", "--weights", weights]
                command += ["--contender", contender, "--images", str(options.images)]
                command += ["--batch-size", str(options.batch_size)]
                environment = os.environ | ONE_THREAD
                if contender in OURS:
                    environment["KERAS_BACKEND"] = contender
                ended = subprocess.run(command, env=environment, check=True, capture_output=True)
                *both, sums[contender] = json.loads(ended.stdout.splitlines()[-1])
                seconds.append(both)
    theirs = np.array(sums[THEIRS[0]])
    apart = max(np.max(np.abs(np.array(x) / theirs - 1)) for x in sums.values())
    return {contender: np.array(seconds) for contender, seconds in times.items()}, apart


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.inception")
    parser.add_argument("--images", type=int, default=64)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--weights", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.contender:
        run(options.contender, options.weights, options.images, options.batch_size)
        return
    times, apart = measured(options)
    report = f"""# Features of Inception-v3

`python -m benchmarks.inception --images {options.images} --batch-size {options.batch_size} \
--rounds {options.rounds}`

The graph of 2015 with random weights, {options.images} images of 32 x 32 bytes resized to 299 x 299
as it does, float32, one thread, {options.rounds} rounds in turn. Ratios are of processor times,
round by round; below 1 is faster than PyTorch. The sums of the features of all contenders differ by
at most {apart:.0e} of themselves.

{table(times)}
"""
    print(report)
    if options.output:
        options.output.write_text(report)


if __name__ == "__main__":
    main()
