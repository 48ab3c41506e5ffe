"""Paths that users give."""

import os
import re
from pathlib import Path

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def local_path(path, what="A path"):
    """A path of this machine, with `~` expanded; another machine's is refused.

    `pathlib` makes `gs:/bucket/run` of `gs://bucket/run`, a folder under the present one: what is
    written there is not where its owner will look for it.

    Args:
        path: String or `os.PathLike`.
        what: What the message calls it.

    Returns:
        `pathlib.Path`.

    Raises:
        TypeError: `path` is no path.
        ValueError: It names a place on another machine, such as `gs://bucket/run`.

    Example:

    ```python
    from keras_gans.data.paths import local_path

    local_path("~/runs/photos")  # PosixPath("/home/me/runs/photos")
    ```
    """
    try:
        text = os.fspath(path)
    except TypeError:
        raise TypeError(
            f"{what} must be a string or a pathlib.Path, but it is a {type(path).__name__}."
        ) from None
    if _REMOTE.match(text):
        raise ValueError(
            f"{what} must lie on this machine, but {text!r} is remote. Use a local folder and copy "
            "it, or mount the remote one as a folder."
        )
    return Path(text).expanduser()
