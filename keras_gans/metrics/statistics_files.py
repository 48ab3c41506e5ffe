"""Means and covariances of features in files, as other tools write them, too."""

import json
import typing

import numpy as np

from keras_gans.data.aside import written_aside
from keras_gans.data.paths import local_path

# What must be the same where a file says it.
SAME = ("extractor", "extractor_weights", "resize")


class Statistics(typing.NamedTuple):
    """A Gaussian of features, of `number` images; None where the file does not say how many."""

    mean: np.ndarray
    covariance: np.ndarray
    number: int | None


def read_statistics(path, how):
    """The statistics in an `.npz` file: `mu` [d] and `sigma` [d, d].

    pytorch-fid, clean-fid and others write such files. They do not say by which extractor: that is
    for the reader to know. Those of `FrechetDistance.save_statistics` do, and are checked.

    Args:
        path: Path of the file.
        how: Dict with the "features" (d), "extractor", "extractor_weights" and "resize" of the
            metric that reads it.

    Returns:
        `Statistics`, float64.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: It holds something else, or is of another extractor or resize.
    """
    path = local_path(path, "Statistics")
    try:
        with np.load(path, allow_pickle=False) as file:
            mean, covariance = (np.asarray(file[name], "float64") for name in ("mu", "sigma"))
            number = int(file["n"]) if "n" in file else None
            protocol = json.loads(str(file["protocol"])) if "protocol" in file else {}
    except FileNotFoundError:
        raise FileNotFoundError(f"There are no statistics at {path}. Check the path.") from None
    except Exception as error:  # A damaged file may raise nearly anything.
        raise ValueError(
            f"{path} holds no statistics: an .npz file with a mean `mu` and a covariance `sigma` "
            f"was expected ({type(error).__name__}: {error})."
        ) from error
    size = how["features"]
    if mean.shape != (size,) or covariance.shape != (size, size):
        raise ValueError(
            f"{how['extractor']} gives {size} features, but {path} holds `mu` of shape "
            f"{mean.shape} and `sigma` of {covariance.shape}. Take the extractor of the file."
        )
    if other := [name for name in SAME if protocol.get(name, how[name]) != how[name]]:
        told = ", ".join(f"{name} {protocol[name]!r}, here {how[name]!r}" for name in other)
        raise ValueError(f"The statistics in {path} were made otherwise: {told}. Make them anew.")
    return Statistics(mean, covariance, number)


def write_statistics(path, statistics, protocol):
    """Writes what `read_statistics` reads; the file is never seen half written.

    Args:
        path: Path of an `.npz` file, whose folder exists.
        statistics: `Statistics`.
        protocol: Dict that JSON can hold.
    """
    path = local_path(path, "Statistics")
    if path.suffix != ".npz":
        raise ValueError(f'Statistics are written to an .npz file, not to "{path}".')
    arrays = {"mu": statistics.mean, "sigma": statistics.covariance}
    if statistics.number is not None:
        arrays["n"] = statistics.number
    with written_aside(path) as aside, aside.open("wb") as file:
        np.savez(file, **arrays, protocol=json.dumps(protocol))
