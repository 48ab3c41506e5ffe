"""What the programs that train translators share: options, held-out names, scores and curves."""

import argparse
import hashlib
import os
from pathlib import Path

import numpy as np

from applications.run import read_settings


def parser_of(program, description, epochs):
    """A parser with the options of every translator."""
    parser = argparse.ArgumentParser(
        prog=program,
        description=description,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--source", help="folder of the source images", default=argparse.SUPPRESS)
    parser.add_argument("--target", help="folder of the target images")
    parser.add_argument("--image-size", type=int, default=64, help="a power of two from 16")
    parser.add_argument("--channels", type=int, choices=(1, 3, 4), default=3)
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--width", type=int, default=16, help="channels of the first layers")
    parser.add_argument(
        "--held-out", type=float, default=0.1, help="share of the names that are not trained on"
    )
    parser.add_argument(
        "--precision",
        choices=("float32", "mixed_bfloat16"),
        default="float32",
        help="mixed_bfloat16 is faster where the processor has bfloat16 instructions",
    )
    parser.add_argument(
        "--checkpoint-every", type=int, default=100, help="steps from one checkpoint to the next"
    )
    name = program.rsplit(".", 1)[1]
    parser.add_argument(
        "--output", type=Path, default=Path("runs") / name, help="folder of the run"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true", help="go on with the run in --output")
    return parser


def parse(parser, arguments):
    """The options, checked; those of the run that is resumed where there is one."""
    options = parser.parse_args(arguments)
    if options.resume:
        parser.set_defaults(**read_settings(options.output))
        options = parser.parse_args(arguments)
    if not hasattr(options, "source"):
        parser.error("the following arguments are required: --source")
    for name in ("epochs", "batch_size", "width", "checkpoint_every"):
        if getattr(options, name) < 1:
            parser.error(f"--{name.replace('_', '-')} must be 1 or more")
    if options.seed < 0:
        parser.error("--seed must be 0 or more")
    if not 0 < options.held_out < 1:
        parser.error("--held-out is a share between 0 and 1")
    return options


def is_held_out(share):
    """A function that says of a file's name whether it is held out: the same in every run."""

    def held_out(name):
        digest = hashlib.sha256(Path(name).name.encode()).digest()
        return int.from_bytes(digest[:4], "big") < share * 2**32

    return held_out


def shown(images):
    """Eight of the images, from all over them."""
    return images[np.linspace(0, len(images) - 1, min(8, len(images))).astype(int)]


def metrics():
    """The metrics of translations that have a partner."""
    from keras_gans.metrics import L1Distance, PeakSignalToNoiseRatio, StructuralSimilarity

    return [L1Distance(), PeakSignalToNoiseRatio(), StructuralSimilarity()]


def scores(images, targets):
    """The values of `metrics()` of uint8 images against their targets."""
    import keras

    from keras_gans.data import to_float

    compared = metrics()
    for start in range(0, len(images), 64):
        pair = [to_float(x[start : start + 64]) for x in (targets, images)]
        for metric in compared:
            metric.update_state(*pair)
    return {m.name: float(keras.ops.convert_to_numpy(m.result())) for m in compared}


def draw_curves(rows, panels, path):
    """Draw the logs of every epoch.

    Args:
        rows: List of the logs of the epochs.
        panels: List of `(title, names of logs, dict from labels to the values of baselines)`.
        path: Path of the PNG.
    """
    import matplotlib.pyplot as plt

    plt.switch_backend("Agg")
    figure, axes = plt.subplots(1, len(panels), figsize=(5 * len(panels), 4), layout="constrained")
    for axis, (title, names, baselines) in zip(axes, panels, strict=True):
        for name in names:
            axis.plot([r["epoch"] for r in rows], [r[name] for r in rows], marker=".", label=name)
        for (label, value), style in zip(baselines.items(), ("--", ":", "-."), strict=False):
            axis.axhline(value, color="grey", ls=style, label=label)
        axis.set(title=title, xlabel="epoch")
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.grid(alpha=0.3)
        axis.legend()
    aside = path.with_suffix(".part")
    figure.savefig(aside, format="png", dpi=110)
    plt.close(figure)
    os.replace(aside, path)
