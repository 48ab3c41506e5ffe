"""What the programs that train translators share: options and scores."""

import argparse

import numpy as np

from keras_gans_cli.held_out import add_held_out
from keras_gans_cli.options import parse, training_parser
from keras_gans_cli.scores import values_of


def parser_of(program, description, epochs, batch_size):
    """A parser with the options of every translator."""
    parser = training_parser(program, description, epochs, batch_size, width=16)
    # No default: `--resume` needs none.
    parser.add_argument("--source", help="folder of the source images", default=argparse.SUPPRESS)
    parser.add_argument("--target", help="folder of the target images")
    parser.add_argument("--image-size", type=int, default=64, help="a power of two from 16")
    parser.add_argument("--channels", type=int, choices=(1, 3, 4), default=3, help="of the images")
    add_held_out(parser)
    return parser


def parse_translation(parser, arguments):
    """The options; `--source` is required."""
    options = parse(parser, arguments)
    if not hasattr(options, "source"):
        parser.error("the following arguments are required: --source")
    return options


def shown(images):
    """Eight of the images, from all over them."""
    return images[np.linspace(0, len(images) - 1, min(8, len(images))).astype(int)]


def metrics():
    """The metrics of translations that have a partner."""
    from keras_gans.metrics import L1Distance, PeakSignalToNoiseRatio, StructuralSimilarity

    return [L1Distance(), PeakSignalToNoiseRatio(), StructuralSimilarity()]


def scores(images, targets):
    """The values of `metrics()` of uint8 images against their targets."""
    batches = (slice(start, start + 64) for start in range(0, len(images), 64))
    return values_of(metrics(), ((targets[batch], images[batch]) for batch in batches))
