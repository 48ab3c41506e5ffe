"""Train a DCGAN on images: `python -m applications.dcgan`.

Without arguments it trains on the embedded Fashion-MNIST images at 32x32 and writes to
`runs/dcgan/`: the grids of samples (`samples/`), their animation, `curves.png`, `model.keras`,
the generator as a SavedModel (`saved_model/`) and `scores.json`. With `--labels` it learns to make
images of a class, for which `python -m applications.conditional` knows further ways.
"""

import sys

from applications.generation import prepared, train
from applications.options import (
    add_images,
    add_labels,
    parse,
    training_parser,
    with_channels,
    with_labels,
)
from applications.run import run_program, training

PROGRAM = "python -m applications.dcgan"


def options_of(arguments):
    parser = training_parser(
        PROGRAM,
        "Train a DCGAN on images; without arguments, on embedded Fashion-MNIST.",
        epochs=8,
        batch_size=32,
        width=32,
    )
    add_images(parser, "a power of two from 16, or 28")
    add_labels(parser)
    if parser.parse_args(arguments).labels is not None:
        parser.set_defaults(epochs=12)  # It learns ten kinds of images in place of one.
    return with_labels(with_channels(parse(parser, arguments)))


def prepare(options):
    """The model, the data and the folder of the run; nothing is written if one is wrong."""
    from keras_gans import presets

    preset = presets.dcgan if options.labels is None else presets.conditional_dcgan
    return prepared(options, preset)


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, train))


if __name__ == "__main__":
    sys.exit(main())
