"""The options that every program which trains has."""

import argparse
from pathlib import Path

from applications.run import read_settings


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
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--resume", action="store_true", help="go on with the run in --output")
    return parser


def add_count(parser, name, default, explanation=None):
    """Add an option that takes a whole number from 1 on."""
    option = f"--{name.replace('_', '-')}"
    parser.add_argument(option, type=count, default=default, help=explanation)


def count(text):
    """A whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, not {text!r}")
    return int(text)


def parse(parser, arguments):
    """The options, checked; those of the run that is resumed where there is one."""
    options = parser.parse_args(arguments)
    if options.resume:
        # What the run was started with is the default of what it goes on with.
        parser.set_defaults(**read_settings(options.output))
        options = parser.parse_args(arguments)
    if options.seed < 0:
        parser.error("--seed must be 0 or more")
    return options
