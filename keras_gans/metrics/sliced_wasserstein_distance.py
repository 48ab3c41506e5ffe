"""Sliced Wasserstein distance between real and generated images, level by level of detail."""

import keras
import numpy as np
from keras import ops

from keras_gans.data import to_uint8
from keras_gans.engine.backend import backend
from keras_gans.metrics.tracing import is_traced
from keras_gans.metrics.values import check_images
from keras_gans.typing import DType, ImageArray, Shape

PATCH = 7
SMALLEST = 16
BINOMIAL = np.array([1, 4, 6, 4, 1], "float32") / 16
IMAGES_AT_A_TIME = 16  # Their places are drawn together.
PIXELS_AT_A_TIME = 2**20  # A pyramid takes some twenty times their bytes.
PROJECTIONS_AT_A_TIME = 128


@keras.saving.register_keras_serializable(package="keras_gans")
class SlicedWassersteinDistance(keras.metrics.Metric):
    """Sliced Wasserstein distance of patches, times 1000; 0 for equal sets of patches.

    Images become Laplacian pyramids, from their own size down to 16 pixels: large levels hold
    fine detail, the smallest one what is left, the coarse structure. Of each level patches of
    7 x 7 pixels are taken at random places, and each channel of them is brought to mean 0 and
    deviation 1. On random directions, the distance is the mean difference of sorted projections.

    The result is a dict of the distance of every level ("swd_32", "swd_16") and of their mean
    ("swd"). In `evaluate` it is that of the first `num_images` images. Only numbers of equally many
    images and patches compare: fewer patches are farther apart. The paper has 16,384 images.

    Args:
        image_shape: Tuple `(height, width, channels)`; sides that can be halved until the smaller
            one is at most 16 pixels, but not below 7.
        num_images: Integer, images of each side that are kept in `evaluate`.
        patches_per_image: Integer, of each level.
        projections: Integer, directions onto which patches are projected.
        seed: Integer, of the places and directions: the same images have the same distance.
        name: Name of the mean in the logs, and what the names of the levels begin with.
        dtype: As in `keras.metrics.Metric`.

    Raises:
        ValueError: An image shape that has no pyramid, images of another shape, or unequal
            numbers of images.

    Example:

    ```python
    metric = keras_gans.metrics.SlicedWassersteinDistance((32, 32, 3))
    metric.compare(real, fake)  # {"swd_32": ..., "swd_16": ..., "swd": ...}
    ```

    References:
        Karras et al. 2018, arXiv:1710.10196, section 5; the steps are those of the authors' code.
    """

    def __init__(
        self,
        image_shape: Shape,
        num_images: int = 1024,
        patches_per_image: int = 128,
        projections: int = 512,
        seed: int = 0,
        name: str | None = "swd",
        dtype: DType | None = None,
    ):
        super().__init__(name=name, dtype=dtype)
        self.image_shape = tuple(image_shape)
        self.num_images = num_images
        self.patches_per_image = patches_per_image
        self.projections = projections
        self.seed = seed
        check_shape(self.image_shape)
        self.count = self.add_weight((), "zeros", dtype="int32", name="count")
        # The last place takes what is beyond `num_images`.
        places = (num_images + 1, *self.image_shape)
        self.real = self.add_weight(places, "zeros", dtype="uint8", name="real")
        self.fake = self.add_weight(places, "zeros", dtype="uint8", name="fake")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Keep a batch of images of each side.

        Args:
            y_true: Real images, uint8 in [0, 255] or floats in [-1, 1].
            y_pred: As many generated ones, likewise.
            sample_weight: Must be `None`.
        """
        if sample_weight is not None:
            raise ValueError(f"{self.name} takes no sample weights: every image counts once.")
        if backend.num_replicas() > 1:
            raise ValueError(
                f"{self.name} keeps images, which replicas do not share: evaluate on one device, "
                "or compare arrays by `compare(real, fake)`."
            )
        self._check(y_true, y_pred)
        number = ops.shape(y_pred)[0]
        places = ops.minimum(self.count + ops.arange(number, dtype="int32"), self.num_images)
        for kept, images in ((self.real, y_true), (self.fake, y_pred)):
            kept.assign(ops.scatter_update(kept, places[:, None], to_uint8(images)))
        self.count.assign_add(number)

    def result(self):
        """Dict of the distances, floats; NaN inside a compiled function and without images."""
        sides = sides_of(self.image_shape)
        if is_traced(self.count):
            return {name: ops.full((), float("nan")) for name in self._names(sides)}
        count = min(int(ops.convert_to_numpy(self.count)), self.num_images)
        if not count:
            return dict.fromkeys(self._names(sides), float("nan"))
        return self.compare(*(ops.convert_to_numpy(x)[:count] for x in (self.real, self.fake)))

    def compare(self, real: ImageArray, fake: ImageArray) -> dict[str, float]:
        """The distances of two arrays, whatever was accumulated before.

        Args:
            real: Array of images as in `update_state`, as many as are wanted.
            fake: Array of as many.

        Returns:
            Dict as of `result`.
        """
        self._check(real, fake)
        if len(real) != len(fake):
            raise ValueError(
                f"{self.name} sorts projections of equally many patches; it was given {len(real)} "
                f"real images and {len(fake)} generated ones. Leave some out."
            )
        rng = np.random.default_rng(self.seed)
        real, fake = (descriptors(images, self.patches_per_image, rng) for images in (real, fake))
        distances = [
            sliced_wasserstein(normalized(a), normalized(b), self.projections, rng)
            for a, b in zip(real, fake, strict=True)
        ]
        distances.append(np.mean(distances))
        names = self._names(sides_of(self.image_shape))
        return {name: 1000 * float(d) for name, d in zip(names, distances, strict=True)}

    def _names(self, sides):
        return [*(f"{self.name}_{side}" for side in sides), self.name]

    def _check(self, *sets):
        check_images(*sets)
        for images in sets:
            if tuple(images.shape[1:]) != self.image_shape:
                raise ValueError(
                    f"{self.name} was made for images of shape (n, *{self.image_shape}); these "
                    f"have the shape {tuple(images.shape)}."
                )

    def get_config(self):
        own = ("image_shape", "num_images", "patches_per_image", "projections", "seed", "name")
        return {**{name: getattr(self, name) for name in own}, "dtype": self.dtype}


def check_shape(image_shape):
    """Raise a sentence where images of this shape have no pyramid."""
    halvings = 2 ** (len(sides_of(image_shape)) - 1)
    smaller = min(image_shape[:2])
    if smaller < PATCH or any(side % halvings for side in image_shape[:2]):
        raise ValueError(
            "A pyramid halves the sides of images until the smaller one is at most "
            f"{SMALLEST} pixels, and its patches have {PATCH}; image_shape was {image_shape}."
        )


def sides_of(image_shape):
    """The smaller side of every level of the pyramid."""
    sides = [min(image_shape[:2])]
    while sides[-1] > SMALLEST:
        sides.append(sides[-1] // 2)
    return sides


def descriptors(images, patches_per_image, rng):
    """Patches of every level: float32 arrays `(patches, channels, 7, 7)`."""
    height, width = images.shape[1:3]
    levels = range(len(sides_of(images.shape[1:])))
    number = max(1, PIXELS_AT_A_TIME // (height * width))
    made = []
    for start in range(0, len(images), IMAGES_AT_A_TIME):
        group = images[start : start + IMAGES_AT_A_TIME]
        places = [
            draw_places(height >> i, width >> i, (len(group), patches_per_image), rng)
            for i in levels
        ]
        for first in range(0, len(group), number):
            some = slice(first, first + number)
            pyramid = laplacian_pyramid(to_uint8(group[some]).astype("float32"))
            made.append([cut(pyramid[i], *(axis[some] for axis in places[i])) for i in levels])
    return [np.concatenate(parts) for parts in zip(*made, strict=True)]


def laplacian_pyramid(images):
    """What each halving of images loses, and last what it leaves.

    Args:
        images: float array `(n, height, width, channels)`.

    Returns:
        List of arrays, the largest first; their sum, enlarged, is `images`.
    """
    levels = [images]
    for _ in sides_of(images.shape[1:])[1:]:
        smaller = blurred(levels[-1])[:, ::2, ::2]
        larger = np.zeros_like(levels[-1])
        larger[:, ::2, ::2] = 4 * smaller
        levels[-1] = levels[-1] - blurred(larger)
        levels.append(smaller)
    return levels


def blurred(images):
    """Images under the binomial filter of 5 x 5 pixels, mirrored at their edges."""
    for axis in (1, 2):
        edges = [(2, 2) if i == axis else (0, 0) for i in range(4)]
        padded = np.pad(images, edges, mode="reflect")
        windows = np.lib.stride_tricks.sliding_window_view(padded, len(BINOMIAL), axis)
        images = windows @ BINOMIAL
    return images


def draw_places(height, width, size, rng):
    """Rows and columns at which patches of images of this size begin."""
    return [rng.integers(0, side - PATCH + 1, size) for side in (height, width)]


def cut(images, rows, columns):
    """Patches of 7 x 7 pixels, `(n * patches of an image, channels, 7, 7)`.

    Args:
        images: Array `(n, height, width, channels)`.
        rows: Integers `(n, patches of an image)`.
        columns: Likewise.
    """
    windows = np.lib.stride_tricks.sliding_window_view(images, (PATCH, PATCH), (1, 2))
    chosen = windows[np.arange(len(images))[:, None], rows, columns]
    return chosen.reshape(-1, *chosen.shape[2:])


def normalized(patches):
    """Patches as rows; each channel has the mean 0 and, where it varies, the deviation 1."""
    axes = (0, 2, 3)
    deviation = patches.std(axes, keepdims=True, dtype="float64")
    deviation[deviation == 0] = 1.0
    patches = (patches - patches.mean(axes, keepdims=True, dtype="float64")) / deviation
    return patches.reshape(len(patches), -1).astype("float32")


def sliced_wasserstein(a, b, projections, rng):
    """The mean distance of sorted projections of two arrays of as many rows."""
    total = 0.0
    for start in range(0, projections, PROJECTIONS_AT_A_TIME):
        number = min(PROJECTIONS_AT_A_TIME, projections - start)
        directions = rng.standard_normal((number, a.shape[1]))
        directions /= np.linalg.norm(directions, axis=1, keepdims=True)
        directions = directions.astype("float32")
        projected_a, projected_b = (np.sort(directions @ x.T, axis=1) for x in (a, b))
        total += np.abs(projected_a - projected_b).mean(dtype="float64") * number
    return total / projections
