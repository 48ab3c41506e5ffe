"""The options that every program which trains has."""

import argparse
from pathlib import Path

from applications.run import read_settings


def training_parser(program, description, epochs, batch_size, width):
    """A parser with the options of a run; the arguments are the defaults of those.

    Args:
        program: String, as in `python -m applications.dcgan`; its last part names the folder.
        description: String.
        epochs: Integer.
        batch_size: Integer.
        width: Integer.

    Returns:
        An `argparse.ArgumentParser`.
    """
    parser = argparse.ArgumentParser(
        prog=program,
        description=description,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--epochs", type=int, default=epochs)
    parser.add_argument("--batch-size", type=int, default=batch_size)
    parser.add_argument("--width", type=int, default=width, help="channels of the first layers")
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
        # What the run was started with is the default of what it goes on with.
        parser.set_defaults(**read_settings(options.output))
        options = parser.parse_args(arguments)
    for name in ("epochs", "batch_size", "width", "checkpoint_every"):
        if getattr(options, name) < 1:
            parser.error(f"--{name.replace('_', '-')} must be 1 or more")
    if options.seed < 0:
        parser.error("--seed must be 0 or more")
    return options
