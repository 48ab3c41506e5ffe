"""Clusters of images that look alike: classes where nobody has named any."""

import numpy as np

SIDE = 8


def clusters(images, number):
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
        ValueError: Another number.

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
    if not 1 <= number <= len(images) or number & (number - 1):
        raise ValueError(
            f"Images are halved into a power of two of clusters, none of them empty; {number} "
            f"were asked for, of {len(images)} images."
        )
    small = np.stack([averaged(image) for image in images])
    ids = np.zeros(len(images), "int32")
    while ids.max() + 1 < number:
        halves = 2 * ids
        for k in range(ids.max() + 1):
            (members,) = np.nonzero(ids == k)
            order = np.argsort(along_the_first_component(small[members]), kind="stable")
            halves[members[order[len(members) // 2 :]]] += 1
        ids = halves
    return ids


def averaged(image):
    """An image of at most 8x8 pixels, each the mean of a patch: float64 numbers in a row."""
    for axis in (0, 1):
        length = image.shape[axis]
        starts = np.arange(min(SIDE, length)) * length // min(SIDE, length)
        sizes = np.diff([*starts, length])
        sums = np.add.reduceat(image.astype("float64"), starts, axis=axis)
        image = sums / np.expand_dims(sizes, [a for a in range(3) if a != axis])
    return image.ravel()


def along_the_first_component(points):
    """Where points lie on the axis of their largest variance, whose largest part is positive."""
    centred = points - points.mean(axis=0)
    axis = np.linalg.eigh(centred.T @ centred)[1][:, -1]
    return centred @ axis * np.sign(axis[np.argmax(np.abs(axis))])
