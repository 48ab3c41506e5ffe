"""Train a DCGAN on images: `keras-gans train dcgan`.

Without arguments it trains on the embedded Fashion-MNIST images at 32x32 and writes to
`runs/dcgan/`: the grids of samples (`samples/`), their animation, `curves.png`, `model.keras`,
the generator as a SavedModel (`saved_model/`) and `scores.json`. The model is
`keras_gans.presets.clustered_dcgan`, which learns images by clusters of those that look alike; that
of the paper is `keras_gans.presets.dcgan`. With `--labels` it learns to make images of a class, for
which `keras-gans train conditional` knows further ways.
"""

import sys

from keras_gans_cli.commands import command_of
from keras_gans_cli.generation import prepared, train
from keras_gans_cli.options import (
    add_images,
    add_labels,
    fast_precision,
    parse,
    training_parser,
    with_channels,
    with_labels,
)
from keras_gans_cli.run import run_program, training

PROGRAM = command_of("dcgan")


def options_of(arguments):
    parser = training_parser(
        PROGRAM,
        "Train a DCGAN on images, by clusters of those that look alike; without arguments, on "
        "embedded Fashion-MNIST.",
        epochs=7,
        batch_size=32,
        width=32,
    )
    add_images(parser, "a power of two from 16, or 28")
    add_labels(parser)
    parser.set_defaults(precision=fast_precision())
    given = parser.parse_args(arguments)
    if given.labels is not None:
        parser.set_defaults(precision="float32", epochs=12)  # It has ten kinds of images to learn.
    elif given.precision == "mixed_bfloat16":
        parser.set_defaults(epochs=9)  # They take no longer than seven in float32.
    return with_labels(with_channels(parse(parser, arguments)))


def prepare(options):
    """The model, the data and the folder of the run; nothing is written if one is wrong."""
    from keras_gans import presets

    if options.labels is None:
        return prepared(options, presets.clustered_dcgan, ema_decay=0.99)
    return prepared(options, presets.conditional_dcgan)


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, train))


if __name__ == "__main__":
    sys.exit(main())
