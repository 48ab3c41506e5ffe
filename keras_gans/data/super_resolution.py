"""Patches of photographs, small and large."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from PIL import Image

from keras_gans.data.folders import failures, image_files, listed, open_image, read_image, tell
from keras_gans.data.image_dataset import ImageDataset
from keras_gans.data.resizing import fit_image, size_upright, to_pillow
from keras_gans.data.storage import allocate
from keras_gans.typing import ImageArray


def super_resolution(
    source: Any,
    scale: int = 4,
    patch_size: int = 96,
    batch_size: int = 16,
    *,
    channels: int = 3,
    patches_per_image: int = 16,
    augment: bool = True,
    select: Callable[[str], bool] | None = None,
    shuffle: bool = True,
    seed: int = 0,
    drop_remainder: bool = False,
    background: str | tuple[int, int, int] = "white",
    memory_limit: int = 4 * 2**30,
    max_value: float | None = None,
) -> "PatchDataset":
    """Makes a data set of small and large patches of photographs of any size.

    Each photograph is decoded once, cropped to a multiple of `scale` and reduced as a whole by
    `reduce_image`; patches are cut from both at the same place. Images that are smaller than a
    patch, and damaged ones, are named in one warning and skipped.

    Args:
        source: Folder of photographs, as in `read_folder`, also in a zip archive.
        scale: Integer, how many times as large the sides of the large images are.
        patch_size: Integer, side of the large patches; divisible by `scale`.
        batch_size: Integer, patches in a batch.
        channels: 3 (RGB) or 1 (grey).
        patches_per_image: Integer, patches that an epoch takes from each photograph.
        augment: Whether patches are mirrored and turned by multiples of 90 degrees at random.
        select: As in `read_folder`.
        shuffle: Whether each epoch has an order of its own.
        seed: Non-negative int from which orders and patches follow.
        drop_remainder: Whether a smaller last batch is left out.
        background: Colour behind transparent pixels: a name or `(red, green, blue)`.
        memory_limit: Bytes beyond which the decoded photographs lie in a temporary file.
        max_value: As in `fit_image`: the value that is white where pixels have more than 8 bits.

    Returns:
        A `PatchDataset` of batches `(small, large)`, for `fit` and for `evaluate`.

    Raises:
        ValueError: A patch that `scale` does not divide; no usable image.
        FileNotFoundError: There is no such folder.

    Example:

    ```python
    dataset = keras_gans.data.super_resolution("photos/", scale=4, patch_size=96)
    small, large = dataset[0]  # (16, 24, 24, 3), (16, 96, 96, 3)
    ```
    """
    if scale < 1 or patch_size < scale or patch_size % scale:
        raise ValueError(
            f"patch_size is the side of the large patches and divisible by the scale of {scale}; "
            f"it was {patch_size}."
        )
    photographs = read_photographs(
        source, scale, patch_size, channels, select, background, memory_limit, max_value
    )
    return PatchDataset(
        [(reduce_image(large, scale), large) for large in photographs],
        patch_size,
        batch_size,
        patches_per_image=patches_per_image,
        augment=augment,
        shuffle=shuffle,
        seed=seed,
        drop_remainder=drop_remainder,
    )


class PatchDataset(ImageDataset):
    """Batches `(small, large)` of patches at the same place of small and large images.

    As in `ImageDataset`, a batch is a pure function of the seed, the epoch and its number.

    Args:
        pairs: List of `(small, large)` uint8 arrays [height, width, channels]; the large one's
            sides are the same multiple of the small one's everywhere.
        patch_size: Integer, side of the large patches.
        batch_size: Integer.
        patches_per_image: Integer, patches that an epoch takes from each pair.
        augment: Whether patches are mirrored and turned at random.
        **options: `shuffle`, `seed` and `drop_remainder` of `ImageDataset`.

    Raises:
        ValueError: Sides that are no common multiple, or images smaller than a patch.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import PatchDataset

    small, large = np.zeros((40, 30, 3), "uint8"), np.zeros((160, 120, 3), "uint8")
    PatchDataset([(small, large)], patch_size=96, batch_size=4)[0][0].shape  # (4, 24, 24, 3)
    ```
    """

    unit = "patches"

    def __init__(
        self,
        pairs: Sequence[tuple[np.ndarray, np.ndarray]],
        patch_size: int = 96,
        batch_size: int = 16,
        *,
        patches_per_image: int = 16,
        augment: bool = True,
        **options: Any,
    ):
        self.pairs = list(pairs)
        self.patch_size = patch_size
        self.patches_per_image = patches_per_image
        self.augment = augment
        self.floats = False
        scales = {large.shape[0] / small.shape[0] for small, large in self.pairs}
        scales |= {large.shape[1] / small.shape[1] for small, large in self.pairs}
        if len(scales) != 1 or not (scale := scales.pop()).is_integer() or patch_size % scale:
            raise ValueError(
                "Expected large images whose sides are one multiple of the small ones' that "
                f"divides the patch of {patch_size}; they are {sorted(scales or {scale})} times as "
                "large."
            )
        self.scale = int(scale)
        for _, large in self.pairs:
            if min(large.shape[:2]) < patch_size:
                raise ValueError(
                    f"Expected images of at least {patch_size} x {patch_size} pixels, but one is "
                    f"{large.shape[0]} x {large.shape[1]}. Leave it out, or cut smaller patches."
                )
        super().__init__(None, batch_size, **options)  # type: ignore[arg-type]

    @property
    def arrays(self):
        """None: photographs are files of bytes, which need no check for NaN."""
        return ()

    @property
    def num_images(self):
        """How many patches an epoch has."""
        return len(self.pairs) * self.patches_per_image

    @property
    def image_shape(self):
        """`(height, width, channels)` of the small patches."""
        side = self.patch_size // self.scale
        return (side, side, self.pairs[0][0].shape[2])

    def batch(self, epoch, index):
        # The last word keeps it apart from the streams of the orders.
        rng = np.random.default_rng([self.seed, epoch, index, 0, 1])
        rows = self.rows_of_batch(epoch, index) % len(self.pairs)
        patches = self._patches(rng, rows, self.augment)
        if self.floats:
            return tuple(images.astype("float32") / 127.5 - 1.0 for images in patches)
        return patches

    def as_floats(self):
        """The same batches as float32 in [-1, 1]: for a plain `keras.Model.fit` of a generator."""
        floats = PatchDataset(
            self.pairs,
            self.patch_size,
            self.batch_size,
            patches_per_image=self.patches_per_image,
            augment=self.augment,
            shuffle=self.shuffle,
            seed=self.seed,
            drop_remainder=self.drop_remainder,
        )
        floats.floats = True
        return floats

    def sample(self, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Draws patches that are neither mirrored nor turned, independently of the epoch.

        Args:
            n: How many.
            seed: Non-negative int; the same seed draws the same patches.

        Returns:
            `(small, large)`, uint8 arrays [n, height, width, channels].
        """
        rng = np.random.default_rng(seed)
        return self._patches(rng, rng.integers(0, len(self.pairs), n), augment=False)

    def _patches(self, rng, rows, augment):
        patches = [self._patch(rng, *self.pairs[row], augment) for row in rows]
        return tuple(np.stack(side) for side in zip(*patches, strict=True))

    def _patch(self, rng, small, large, augment):
        side = self.patch_size // self.scale
        top, left = (rng.integers(0, s - side + 1) for s in small.shape[:2])
        turns, mirrored = rng.integers(0, 4), rng.integers(0, 2)
        patch = []
        for image, times in ((small, 1), (large, self.scale)):
            cut = image[top * times : (top + side) * times, left * times : (left + side) * times]
            if augment:
                cut = np.rot90(cut[:, ::-1] if mirrored else cut, turns)
            patch.append(cut)
        return patch


def reduce_image(image: ImageArray, scale: int) -> np.ndarray:
    """Reduces an image by bicubic interpolation with antialiasing.

    The kernel is as wide as `scale` pixels of the result ask for, as in MATLAB's `imresize`, by
    which the field makes its small images; see `benchmarks/super_resolution.md` for how near.

    Args:
        image: uint8 array [height, width, channels], sides divisible by `scale`.
        scale: Integer.

    Returns:
        uint8 array [height / scale, width / scale, channels].
    """
    return _bicubic(image, image.shape[1] // scale, image.shape[0] // scale)


def enlarge_image(image: ImageArray, scale: int) -> np.ndarray:
    """Enlarges an image by bicubic interpolation: what super-resolution is compared with.

    Args:
        image: uint8 array [height, width, channels].
        scale: Integer.

    Returns:
        uint8 array [height * scale, width * scale, channels].
    """
    return _bicubic(image, image.shape[1] * scale, image.shape[0] * scale)


def _bicubic(image, width, height):
    resized = to_pillow(image).resize((width, height), Image.Resampling.BICUBIC)
    return np.atleast_3d(np.asarray(resized))


def read_photographs(
    source,
    scale,
    least,
    channels=3,
    select=None,
    background="white",
    memory_limit=4 * 2**30,
    max_value=None,
):
    """Decodes photographs of any size.

    Args:
        source: Folder, as in `read_folder`.
        scale: Integer; the sides are cropped to multiples of it.
        least: Integer, pixels of the shorter side below which an image is skipped.
        channels: 3 (RGB) or 1 (grey).
        select: As in `read_folder`.
        background: As in `read_folder`.
        memory_limit: As in `read_folder`.
        max_value: As in `read_folder`.

    Returns:
        List of uint8 arrays [height, width, channels].

    Raises:
        ValueError: None of them could be used.
        FileNotFoundError: There is no such folder.
    """
    files = image_files(source, select)
    shapes, pages = {}, {}

    def measure(name):
        with open_image(files[name]) as image:
            width, height = size_upright(image)
        if min(width, height) < least:
            raise ValueError(f"{width} x {height} pixels are less than {least} x {least}")
        shapes[name] = (height // scale * scale, width // scale * scale, channels)

    reasons = failures(measure, files)
    shapes = {name: shapes[name] for name in files if name in shapes}
    room = allocate((sum(map(math.prod, shapes.values())),), memory_limit)
    photographs, start = {}, 0
    for name, shape in shapes.items():
        end = start + math.prod(shape)
        photographs[name], start = room[start:end].reshape(shape), end

    def decode(name):
        height, width, _ = shapes[name]
        image = read_image(files[name], max_value, pages).crop((0, 0, width, height))
        photographs[name][:] = fit_image(image, shapes[name], background)

    damaged = failures(decode, shapes)
    reasons |= damaged
    usable = [image for name, image in photographs.items() if name not in damaged]
    if not usable:
        raise ValueError(
            f"Expected at least one usable photograph in {source}, but of {len(files)} none could "
            f"be used{': ' if reasons else ''}{listed(reasons)}. Check the folder, or cut smaller "
            "patches."
        )
    tell(source, len(files), reasons, pages)
    return usable
