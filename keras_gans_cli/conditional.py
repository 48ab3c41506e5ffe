"""Train a GAN that makes images of a class: `keras-gans train conditional`.

Without arguments it trains on the embedded Fashion-MNIST images and their labels at 32x32 and
writes to `runs/conditional/`: grids with a row of each class (`samples/`), their animation,
`curves.png`, `model.keras`, the generator as a SavedModel (`saved_model/`) and `scores.json`, in
which also stands how many samples a classifier of its own training takes for what was asked for.
"""

import sys

from keras_gans_cli.commands import command_of
from keras_gans_cli.generation import prepared, train
from keras_gans_cli.options import (
    add_images,
    add_labels,
    parse,
    training_parser,
    with_channels,
    with_labels,
)
from keras_gans_cli.run import run_program, training

PROGRAM = command_of("conditional")
PRESETS = {
    "concatenation": "conditional_dcgan",
    "projection": "projection_dcgan",
    "auxiliary": "acgan",
}


def options_of(arguments):
    parser = training_parser(
        PROGRAM,
        "Train a GAN on labelled images; without arguments, on embedded Fashion-MNIST.",
        epochs=12,
        batch_size=32,
        width=32,
    )
    parser.add_argument(
        "--by",
        choices=[*PRESETS],
        default="concatenation",
        help="how the label enters: beside the latents; by conditional batch normalization and a "
        "projection; or beside the latents, and told by the discriminator's auxiliary classifier",
    )
    add_images(parser, "a power of two from 16, or 28")
    add_labels(parser)
    parser.set_defaults(labels="")
    if parser.parse_args(arguments).by == "projection":
        parser.set_defaults(epochs=16)  # Its generator comes to the classes later.
    return with_labels(with_channels(parse(parser, arguments)))


def prepare(options):
    """The model, the data and the folder of the run; nothing is written if one is wrong."""
    from keras_gans import presets

    return prepared(options, getattr(presets, PRESETS[options.by]))


def main(arguments=None):
    """Run the program; returns its exit status."""
    return run_program(PROGRAM, arguments, options_of, training(PROGRAM, prepare, train))


if __name__ == "__main__":
    sys.exit(main())
