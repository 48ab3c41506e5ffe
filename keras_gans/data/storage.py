"""Room for the decoded images: memory, or a temporary file where they are too many."""

import contextlib
import math
import os
import shutil
import tempfile

import numpy as np

BLOCK = 2**20


def allocate(shape, memory_limit):
    """An uninitialised uint8 array of `shape`, in a temporary file above `memory_limit` bytes.

    The file lies in Python's temporary folder (the variable TMPDIR moves it). Its bytes are
    reserved here, since a disk that fills up under a mapped file ends Python without a word. It
    has no name: its room is free again with the last view of the array, also after a kill.

    Args:
        shape: Tuple of ints.
        memory_limit: Largest number of bytes that is taken from memory.

    Returns:
        A `numpy.ndarray`, or a `numpy.memmap`.

    Raises:
        OSError: The temporary folder has no room for it.

    Example:

    ```python
    from keras_gans.data.storage import allocate

    images = allocate((1000, 64, 64, 3), memory_limit=2**20)  # 12 MB: a numpy.memmap
    ```
    """
    size = math.prod(map(int, shape))
    if size <= memory_limit:
        return np.empty(shape, "uint8")
    with _told(size), tempfile.TemporaryFile(prefix="keras_gans_") as file:
        _reserve(file, size)
        return np.memmap(file, "uint8", mode="r+", shape=shape)


def collect(images, image_shape, memory_limit):
    """What `allocate` makes, filled with images whose number is not known before the last one.

    Args:
        images: Iterable of uint8 arrays of `image_shape`; each is read once and not kept.
        image_shape: Tuple of ints.
        memory_limit: As in `allocate`.

    Returns:
        uint8 array [n, *image_shape].

    Raises:
        OSError: The temporary folder has no room for them.
    """
    size = 0
    with tempfile.TemporaryFile(prefix="keras_gans_") as file:
        for image in images:
            size += image.nbytes
            with _told(size):
                file.write(image.tobytes())
                file.flush()
        shape = (size // math.prod(image_shape), *image_shape)
        file.seek(0)
        if size <= memory_limit:
            return np.fromfile(file, "uint8").reshape(shape)
        return np.memmap(file, "uint8", mode="r+", shape=shape)


def _reserve(file, size):
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file.fileno(), 0, size)
        return
    for start in range(0, size, BLOCK):
        file.write(bytes(min(BLOCK, size - start)))
    file.flush()


@contextlib.contextmanager
def _told(size):
    try:
        yield
    except OSError as error:
        folder = tempfile.gettempdir()
        raise OSError(
            f"The decoded images need at least {size:,} bytes in the temporary folder {folder}, "
            f"which has {shutil.disk_usage(folder).free:,} free ({error.strerror}). Set the "
            "environment variable TMPDIR to a folder with more room, choose a smaller "
            "`image_shape`, or keep them in memory by a larger `memory_limit`."
        ) from error
