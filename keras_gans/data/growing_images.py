"""The images of a data set as a model that grows takes them: few and large, or many and small."""

import functools
from collections.abc import Callable

import numpy as np

from keras_gans.data.image_dataset import ImageDataset


class GrowingImages(ImageDataset):
    """Images in the batches and at the size of the moment.

    Image number p that a model sees has place p in the endless row of the passes of `dataset`:
    which images a batch has follows from the seed and the images seen before it. Every batch is
    full, so that an epoch ends with the batch in which the last image of `images_per_epoch` is.
    Images are made smaller by means over squares of pixels, in float32, as the authors of
    progressive growing make theirs, but without their rounding to 256 values. Fields come with
    their images, as they are.

    `begin` lays out an epoch. Before, the data set is one image of the smallest size and one of
    the largest: from these TensorFlow learns that sizes differ.

    Args:
        dataset: An `ImageDataset`; its own batch size counts for nothing.
        stage: Function from the number of images seen to the pixels along a side, the images of a
            batch, and how many more images can be seen before it has to be asked again.
        seen: Integer, images seen so far.
        steps_per_execution: That of `compile`: batches of so many steps have one size.
        value_range: Range of the floats, those that uint8 images become.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import GrowingImages, ImageDataset

    images = ImageDataset(np.zeros((10, 8, 8, 1), "uint8"))
    growing = GrowingImages(images, lambda seen: (4, 5, 9 - seen) if seen < 10 else (8, 2, np.inf))
    growing.begin(5)
    [batch.shape for batch in growing]  # (5, 4, 4, 1), then three times (2, 8, 8, 1)
    ```
    """

    def __init__(
        self,
        dataset: ImageDataset,
        stage: Callable[[int], tuple[int, int, int]],
        seen: int = 0,
        steps_per_execution: int = 1,
        value_range: tuple[float, float] = (-1, 1),
    ):
        self.__dict__.update(vars(dataset))
        self.stage = stage
        self.value_range = value_range
        self.seen = seen
        self.steps_per_execution = steps_per_execution
        # Of each stretch of equal batches: its first batch and image, pixels along a side, images.
        self._plan = [(0, 0, stage(0)[0], 1), (1, 0, self.image_shape[0], 1)]
        self._length = len(self._plan)

    @property
    def batch_sizes(self):
        sizes, seen = set(), self.seen
        while seen < np.inf:
            _, size, left = self.stage(seen)
            sizes.add(size)
            seen += left + 1
        return sizes

    def begin(self, seen):
        """Lay out the epoch that begins when so many images have been seen."""
        plan, steps, end = [], 0, seen + self.images_per_epoch
        while seen < end:
            side, size, left = self.stage(seen)
            number = min(left, self.images_per_epoch) // size + 1
            number += -number % self.steps_per_execution
            number = min(number, -(-(end - seen) // size))
            plan.append((steps, seen, side, size))
            steps, seen = steps + number, seen + number * size
        # At once: a thread may still read ahead in an iterator that nobody wants any more.
        self._plan, self._length = plan, steps

    def __len__(self):
        return self._length

    def __getitem__(self, index):
        stretches = [stretch for stretch in self._plan if stretch[0] <= index]
        first, seen, side, size = stretches[-1]
        start = seen + (index - first) * size
        prepare = functools.partial(
            reduced_floats, factor=self.image_shape[0] // side, value_range=self.value_range
        )
        return self.stretch(start, start + size, prepare)


def reduced_floats(images, factor, value_range=(-1, 1)):
    """Means over squares of pixels: float32 in a range, from uint8 or from floats in it."""
    n, height, width, channels = images.shape
    rows = images.reshape(n, height // factor, factor, width * channels)
    # By slices, since NumPy is slow on short axes; exact for 256 x 256 bytes: less than 2**24.
    sums = rows[:, :, 0].astype("float32")
    for i in range(1, factor):
        sums += rows[:, :, i]
    columns = sums.reshape(n, height // factor, width // factor, factor, channels)
    means = columns[:, :, :, 0]
    for i in range(1, factor):
        means += columns[:, :, :, i]
    if images.dtype != np.uint8:
        return means / np.float32(factor**2)
    low, high = value_range
    return means / np.float32(255 * factor**2 / (high - low)) + np.float32(low)
