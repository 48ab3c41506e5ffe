"""Data sets of two images at a time: partners, or images of two collections."""

from typing import Any

import numpy as np

from keras_gans.data.conversion import to_uint8
from keras_gans.data.image_dataset import ImageDataset, draw_rows
from keras_gans.typing import ImageArray


class PairedDataset(ImageDataset):
    """Batches `(sources, targets)` of images that belong together.

    The order follows from the seed and the epoch as in `ImageDataset`, and so does the jitter of
    the papers: the same crop and the same flip for both images of a pair.

    Args:
        sources: uint8 [n, height, width, channels] in [0, 255], or floats in [-1, 1].
        targets: Their partners; where there is a `crop`, of the same height and width.
        batch_size: Pairs in a batch.
        crop: `(height, width)` of a random crop, or None for whole images.
        flip: Whether to mirror half of the pairs.
        **options: `shuffle`, `seed` and `drop_remainder` of `ImageDataset`.

    Raises:
        ValueError: Arrays that do not match, or a crop that is larger than the images.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import PairedDataset

    sources = targets = np.zeros((10, 72, 72, 3), "uint8")
    dataset = PairedDataset(sources, targets, batch_size=4, crop=(64, 64), flip=True)
    dataset[0][1].shape  # (4, 64, 64, 3)
    ```

    References:
        Isola et al. 2017, arXiv:1611.07004, section 6.2 (286 to 256 pixels, mirroring).
    """

    unit = "pairs"

    def __init__(
        self,
        sources: ImageArray,
        targets: ImageArray,
        batch_size: int = 1,
        *,
        crop: tuple[int, int] | None = None,
        flip: bool = False,
        **options: Any,
    ):
        if crop is not None and np.shape(crop) != (2,):
            raise ValueError(f"`crop` is (height, width) or None, such as (64, 64); it was {crop}.")
        self.targets = targets
        self.crop = crop
        for name, images in (("sources", sources), ("targets", targets)):
            if crop is not None and any(
                c > s for c, s in zip(crop, images.shape[1:3], strict=True)
            ):
                raise ValueError(
                    f"Expected images of at least {tuple(crop)} to crop from, but `{name}` have "
                    f"the shape {images.shape}. Load larger images, or crop less."
                )
        self._check(sources, targets)
        super().__init__(sources, batch_size, flip=flip, **options)

    def _check(self, sources, targets):
        if len(sources) != len(targets):
            raise ValueError(
                f"Expected a target for each source, but there are {len(sources)} sources and "
                f"{len(targets)} targets. Leave out those without a partner, or use unpaired data."
            )
        if self.crop is not None and sources.shape[1:3] != targets.shape[1:3]:
            raise ValueError(
                "Expected sources and targets of one size to crop from, but their shapes are "
                f"{sources.shape} and {targets.shape}. Resize one of them."
            )

    @property
    def arrays(self):
        return self.images, self.targets

    @property
    def image_shape(self):
        """`(height, width, channels)` of the sources in a batch."""
        return (*(self.crop or self.images.shape[1:3]), self.images.shape[3])

    def batch(self, epoch, index):
        # The last word keeps it apart from the streams of the orders.
        rng = np.random.default_rng([self.seed, epoch, index, 0, 1])
        return self._jittered(rng, self._rows(self.rows_of_batch(epoch, index)))

    def _rows(self, rows):
        return np.asarray(self.images[rows]), np.asarray(self.targets[rows])

    def _jittered(self, rng, pair):
        draws = self._draw(rng, pair[0])
        return tuple(self._cut(images, *draws) for images in pair)

    def _draw(self, rng, images):
        """Where each crop begins, and whether each image is mirrored."""
        n = len(images)
        height, width = self.crop or images.shape[1:3]
        tops = rng.integers(0, images.shape[1] - height + 1, n)
        lefts = rng.integers(0, images.shape[2] - width + 1, n)
        mirrored = rng.integers(0, 2, n).astype(bool) if self.flip else np.zeros(n, bool)
        return tops, lefts, mirrored

    def _cut(self, images, tops, lefts, mirrored):
        height, width = self.crop or images.shape[1:3]
        cut = np.stack(
            [
                image[top : top + height, left : left + width]
                for image, top, left in zip(images, tops, lefts, strict=True)
            ]
        )
        cut[mirrored] = cut[mirrored, :, ::-1]
        return cut

    def sample(self, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Draws different pairs, cropped in their middle, independently of the epoch.

        Args:
            n: How many, at most `num_images`.
            seed: Non-negative int; the same seed draws the same pairs.

        Returns:
            `(sources, targets)`, uint8 arrays [n, height, width, channels].

        Raises:
            ValueError: `n` is larger than `num_images`.
        """
        (rows,) = draw_rows([self.num_images], n, seed)
        return tuple(to_uint8(self.middle(images)) for images in self._rows(rows))

    def middle(self, images):
        """The middle of larger images, of the size of those in a batch."""
        height, width = self.crop or images.shape[1:3]
        top, left = (images.shape[1] - height) // 2, (images.shape[2] - width) // 2
        return images[:, top : top + height, left : left + width]


class UnpairedDataset(PairedDataset):
    """Batches `(a, b)` of images of two collections, independently shuffled.

    An epoch passes once over the larger collection; the smaller one begins again, in another
    order, as often as it takes. Each image has a crop and a flip of its own.

    Args:
        images_a: uint8 [n, height, width, channels] in [0, 255], or floats in [-1, 1].
        images_b: Likewise; as many as there are.
        batch_size: Images of each in a batch.
        crop: As in `PairedDataset`.
        flip: As in `PairedDataset`.
        **options: As in `PairedDataset`.

    Raises:
        ValueError: A collection is empty, or a crop is larger than its images.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import UnpairedDataset

    horses, zebras = np.zeros((10, 64, 64, 3), "uint8"), np.zeros((7, 64, 64, 3), "uint8")
    len(UnpairedDataset(horses, zebras))  # 10
    ```

    References:
        Zhu et al. 2017, arXiv:1703.10593.
    """

    def _check(self, sources, targets):
        if 0 in (len(sources), len(targets)):
            raise ValueError(
                f"Expected images on both sides, but there are {len(sources)} and {len(targets)}. "
                "Pass at least one of each."
            )

    @property
    def num_images(self):
        """How many images the larger collection has."""
        return max(len(self.images), len(self.targets))

    def order_of_pass(self, number):
        """The indices of both collections in the order of one pass: int64 [num_images, 2]."""
        columns = []
        for side, images in enumerate(self.arrays):
            passes = -(-self.num_images // len(images))
            orders = [self._shuffled(number, side, i, len(images)) for i in range(passes)]
            columns.append(np.concatenate(orders)[: self.num_images])
        return np.stack(columns, axis=1)

    def _shuffled(self, number, side, repetition, n):
        if not self.shuffle:
            return np.arange(n)
        return np.random.default_rng([self.seed, number, side, repetition]).permutation(n)

    def _rows(self, rows):
        return np.asarray(self.images[rows[:, 0]]), np.asarray(self.targets[rows[:, 1]])

    def _jittered(self, rng, pair):
        return tuple(self._cut(images, *self._draw(rng, images)) for images in pair)

    def sample(self, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Draws different images of each collection, cropped in their middle.

        Args:
            n: How many, at most as many as the smaller collection has.
            seed: Non-negative int; the same seed draws the same images.

        Returns:
            `(a, b)`, uint8 arrays [n, height, width, channels].

        Raises:
            ValueError: `n` is larger than the smaller collection.
        """
        rows = draw_rows([len(images) for images in self.arrays], n, seed)
        pair = self._rows(np.stack(rows, axis=1))
        return tuple(to_uint8(self.middle(images)) for images in pair)
