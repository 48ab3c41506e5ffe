"""Which files of a folder are not trained on: the same names in every run."""

import argparse
import hashlib
import posixpath
import warnings
from pathlib import Path

from keras_gans_cli.run import UsageError


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


def is_held_out(share, *folders, least=1):
    """A function that says of a file's name whether it is held out: the same in every run.

    Args:
        share: Of all names, as many as fall to it by their digests.
        folders: Of the images in each of these at least `least` are held out, those that come next,
            and at least one is not.
        least: Integer.

    Raises:
        UsageError: A folder has too few images.
    """
    limit = share * 2**32
    for folder in folders:
        digests = sorted(digest(posixpath.splitext(name)[0]) for name in names_in(folder))
        if len(digests) <= least:
            raise UsageError(
                f"{folder} holds {len(digests)} images, and at least {least + 1} are needed: "
                f"{least} to hold out, and others to train on."
            )
        limit = min(max(limit, digests[least - 1] + 1), digests[-1])
    return lambda name: digest(name) < limit


def names_in(folder):
    from keras_gans.data.folders import image_files

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Told when they are read.
        return image_files(folder)


def digest(name):
    """A number below 2**32 that follows from a file's name without its folder."""
    return int.from_bytes(hashlib.sha256(Path(name).name.encode()).digest()[:4], "big")
