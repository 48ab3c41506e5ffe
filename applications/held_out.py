"""Which files of a folder are not trained on: the same names in every run."""

import argparse
import hashlib
from pathlib import Path


def add_held_out(parser):
    """Add the option `--held-out`."""
    parser.add_argument(
        "--held-out", type=share, default=0.1, help="share of the names that are not trained on"
    )


def share(text):
    """A number between 0 and 1."""
    if not 0 < float(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a share between 0 and 1, not {text!r}")
    return float(text)


def is_held_out(share):
    """A function that says of a file's name whether it is held out: the same in every run."""

    def held_out(name):
        digest = hashlib.sha256(Path(name).name.encode()).digest()
        return int.from_bytes(digest[:4], "big") < share * 2**32

    return held_out
