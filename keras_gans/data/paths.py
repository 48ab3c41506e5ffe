"""Paths that users give, and names that come from outside."""

import os
import re
from pathlib import Path, PurePath, PureWindowsPath

from keras_gans.typing import FilePath

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


def local_path(path: FilePath, what: str = "A path") -> Path:
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


def stays_inside(name):
    """Whether a relative name, such as an archive's member has, stays in its folder.

    Absolute paths, drives and `..` leave it, with the separators of any system.

    Args:
        name: String.
    """
    path = PureWindowsPath(name)  # It knows both separators, and drives.
    return not path.anchor and ".." not in path.parts


def inside(folder, name):
    """`folder / name`, where that lies in the folder.

    Args:
        folder: `pathlib.Path` that is written to.
        name: String, the name of a file relative to it.

    Raises:
        ValueError: The name leads out of the folder.

    Example:

    ```python
    from pathlib import Path
    from keras_gans.data.paths import inside

    inside(Path("translated"), "cats/1.png")  # PosixPath("translated/cats/1.png")
    ```
    """
    path = PurePath(name)
    if path.anchor or ".." in path.parts:
        raise ValueError(f"{name!r} leads out of {folder}, and is not written there. Rename it.")
    return folder / path
