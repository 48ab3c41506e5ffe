"""Clusters of images that look alike: classes where nobody has named any."""

import numpy as np

from keras_gans.typing import ImageArray

SIDE = 8
CHUNK = 4096  # Images at a time: those of a folder are in a file.


def clusters(images: ImageArray, number: int) -> np.ndarray:
    """Ids of clusters of images, equally many images in each, give or take one.

    The images, averaged to 8x8 pixels, are halved at the median of the direction in which they
    differ most (their first principal component); so is each half, and so on. No label is read, and
    the same images give the same ids.

    Args:
        images: Array `(n, height, width, channels)`.
        number: Integer, a power of two from 1 to n.

    Returns:
        int32 array `(n,)`, ids from 0 to `number` - 1.

    Raises:
        ValueError: Another number, or arrays that are no images.

    Example:

    ```python
    images, _ = keras_gans.data.fashion_mnist((32, 32, 1))
    labels = keras_gans.data.clusters(images, 64)
    dataset = keras_gans.data.images(images, (32, 32, 1), labels=labels)
    ```

    References:
        Boley 1998, "Principal Direction Divisive Partitioning", halves at the mean, the cluster
        with the largest scatter next.
    """
    shape = getattr(images, "shape", None)
    if shape is None or len(shape) != 4:
        raise ValueError(
            "Clusters are of an array of images (n, height, width, channels); it was a "
            f"{type(images).__name__} of shape {shape}. Gray images (n, height, width) become such "
            "by images[..., None]."
        )
    if not 1 <= number <= len(images) or number & (number - 1):
        raise ValueError(
            f"Images are halved into a power of two of clusters, none of them empty; {number} "
            f"were asked for, of {len(images)} images."
        )
    starts = range(0, len(images), CHUNK)
    small = np.concatenate([averaged(images[start : start + CHUNK]) for start in starts])
    ids = np.zeros(len(images), "int32")
    while ids.max() + 1 < number:
        halves = 2 * ids
        for k in range(ids.max() + 1):
            (members,) = np.nonzero(ids == k)
            order = np.argsort(along_the_first_component(small[members]), kind="stable")
            halves[members[order[len(members) // 2 :]]] += 1
        ids = halves
    return ids


def averaged(images):
    """Images of at most 8x8 pixels, each the mean of a patch: float32 rows of numbers."""
    n, height, width, _ = images.shape
    rows = means_of_patches(height) @ images.reshape(n, height, -1).astype("float32")
    small = np.tensordot(
        rows.reshape(n, -1, width, images.shape[-1]), means_of_patches(width).T, [2, 0]
    )
    return small.reshape(n, -1)


def means_of_patches(length):
    """The matrix that takes numbers along a side to the means of at most eight patches."""
    parts = min(SIDE, length)
    patch = (np.arange(length) + 1) * parts - 1
    inside = patch // length == np.arange(parts)[:, None]
    return (inside / inside.sum(axis=1, keepdims=True)).astype("float32")


def along_the_first_component(points):
    """Where points lie along the axis of their largest variance, whose largest part is positive.

    In no particular unit: only their order is asked for.
    """
    centred = points - points.mean(axis=0)
    if len(points) < points.shape[1]:  # The smaller one of two matrices that have the same axis.
        axis = centred.T @ np.linalg.eigh(centred @ centred.T)[1][:, -1]
    else:
        axis = np.linalg.eigh(centred.T @ centred)[1][:, -1]
    return centred @ axis * np.sign(axis[np.argmax(np.abs(axis))])
