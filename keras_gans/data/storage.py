"""Room for the decoded images: memory, or a temporary file where they are too many."""

import contextlib
import os
import tempfile
import weakref

import numpy as np


def allocate(shape, memory_limit):
    """An uninitialised uint8 array of `shape`, in a temporary file above `memory_limit` bytes.

    The file lies in Python's temporary folder (the variable TMPDIR moves it) and is deleted with
    the array and every view of it, or when the interpreter ends.

    Args:
        shape: Tuple of ints.
        memory_limit: Largest number of bytes that is taken from memory.

    Returns:
        A `numpy.ndarray`, or a `numpy.memmap`.

    Example:

    ```python
    from keras_gans.data.storage import allocate

    images = allocate((1000, 64, 64, 3), memory_limit=2**20)  # 12 MB: a numpy.memmap
    ```
    """
    if int(np.prod(shape, dtype=np.int64)) <= memory_limit:
        return np.empty(shape, "uint8")
    handle, path = tempfile.mkstemp(prefix="keras_gans_", suffix=".images")
    os.close(handle)
    images = np.memmap(path, "uint8", mode="w+", shape=shape)
    # A view keeps `images` alive as its base.
    weakref.finalize(images, _remove, path)
    return images


def _remove(path):
    with contextlib.suppress(OSError):  # Some systems refuse while the file is still mapped.
        os.remove(path)
