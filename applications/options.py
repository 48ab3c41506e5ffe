"""The options that every program which trains has."""

import argparse
from pathlib import Path

from applications.run import read_settings

EMBEDDED = "fashion_mnist"


def training_parser(program, description, epochs, batch_size, width):
    """A parser with the options of training; the arguments are the defaults of those.

    Args:
        program: String, as in `python -m applications.dcgan`; its last part names the folder.
        description: String.
        epochs: Integer.
        batch_size: Integer.
        width: Integer.

    Returns:
        An `argparse.ArgumentParser`.
    """
    parser = run_parser(program, description)
    add_count(parser, "epochs", epochs)
    add_count(parser, "batch_size", batch_size)
    add_count(parser, "width", width, "channels of the first layers")
    return parser


def run_parser(program, description):
    """A parser with the options of every run."""
    parser = argparse.ArgumentParser(
        prog=program,
        description=description,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "--precision",
        choices=("float32", "mixed_bfloat16"),
        default="float32",
        help="mixed_bfloat16 is faster where the processor has bfloat16 instructions",
    )
    add_count(parser, "checkpoint_every", 100, "steps from one checkpoint to the next")
    name = program.rsplit(".", 1)[1]
    parser.add_argument(
        "--output", type=Path, default=Path("runs") / name, help="folder of the run"
    )
    parser.add_argument("--seed", type=whole_number_from(0), default=0)
    parser.add_argument("--resume", action="store_true", help="go on with the run in --output")
    return parser


def add_count(parser, name, default, explanation=None):
    """Add an option that takes a whole number from 1 on."""
    option = f"--{name.replace('_', '-')}"
    parser.add_argument(option, type=whole_number_from(1), default=default, help=explanation)


def add_images(parser, sizes):
    """Add the options of images to learn from; `sizes` says which sizes there are."""
    parser.add_argument(
        "--data", default=EMBEDDED, help=f'folder of images, "{EMBEDDED}" or "tfds:NAME"'
    )
    parser.add_argument("--image-size", type=int, default=32, help=sizes)
    parser.add_argument("--channels", type=int, choices=(1, 3, 4), help=f"1 for {EMBEDDED}, else 3")


def with_channels(options):
    """The options of `add_images`, the channels those of the data where none are given."""
    if options.channels is None:
        options.channels = 1 if options.data == EMBEDDED else 3
    return options


def whole_number_from(least):
    """The type of options that take such a number."""

    def whole_number(text):
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(
                f"expected a whole number from {least} on, not {text!r}"
            )
        return int(text)

    return whole_number


def parse(parser, arguments):
    """The options; those of the run that is resumed where there is one."""
    options = parser.parse_args(arguments)
    if options.resume:
        # What the run was started with is the default of what it goes on with.
        parser.set_defaults(**read_settings(options.output))
        options = parser.parse_args(arguments)
    return options
