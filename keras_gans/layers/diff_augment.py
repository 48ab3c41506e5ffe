"""DiffAugment: differentiable augmentation of what a discriminator sees."""

import keras
from keras import ops

from keras_gans.layers.augmentation import Augmentation
from keras_gans.layers.warp import pixels_at


@keras.saving.register_keras_serializable(package="keras_gans")
class DiffAugment(Augmentation):
    """Color, translation and cutout, drawn anew for each image.

    With U a uniform draw, for each image x of values in [-1, 1]:

        color        x <- x + U(-1/2, 1/2)
                     x <- m + U(0, 2) (x - m), m the mean over the channels of each pixel
                     x <- m + U(1/2, 3/2) (x - m), m the mean over the image
        translation  x moves by whole pixels, to an eighth of each side, and 0 comes in
        cutout       a square of half the sides, anywhere, becomes 0

    An image of one channel has no saturation, and keeps what it has. In training only; gradients
    pass through.

    Args:
        *policy: Which of "color", "translation" and "cutout", in their order and one by one:
            `DiffAugment("color", "cutout")`; all by default.
        seed: Integer >= 0, or `None` to draw one.
        **arguments: Those of `keras.layers.Layer`.

    Raises:
        ValueError: Another policy, or samples that are no images.

    Example:

    ```python
    model = GAN(generator, discriminator, 100, augment=DiffAugment("color", "translation"))
    seen = DiffAugment()(images, training=True)
    ```

    References:
        Zhao et al. 2020, arXiv:2006.10738, section 3.2; the ratios are those of the authors' code.
    """

    def __init__(self, *policy, seed=None, **arguments):
        super().__init__(seed, **arguments)
        self.policy = policy or (*POLICIES,)
        if unknown := [name for name in self.policy if name not in (*POLICIES,)]:
            raise ValueError(
                f"The policy of DiffAugment is of {', '.join(POLICIES)}; {unknown[0]!r} is none of "
                "them. Pass them one by one: DiffAugment('color', 'cutout')."
            )

    def draws(self, n, strength):
        return [self.uniform(n, POLICIES[name][0]) for name in self.policy]

    def transformed(self, samples, draws):
        self.check_images(samples)
        for name, drawn in zip(self.policy, draws, strict=True):
            _, transform = POLICIES[name]
            samples = transform(samples, *ops.split(drawn[:, :, None, None], drawn.shape[1], 1))
        return samples

    def get_config(self):
        return {**super().get_config(), "policy": self.policy}

    @classmethod
    def from_config(cls, config):
        return cls(*config.pop("policy"), **config)


def color(images, brightness, saturation, contrast):
    images = images + (brightness - 0.5)
    images = spread(images, 2.0 * saturation, -1)
    return spread(images, 0.5 + contrast, (1, 2, 3))


def spread(images, factor, axes):
    """Images whose distance from their mean over those axes is multiplied."""
    mean = ops.mean(images, axis=axes, keepdims=True)
    return mean + factor * (images - mean)


def translation(images, down, right, ratio=0.125):
    _, height, width, _ = ops.shape(images)

    def source(draws, side, axis):
        """Where along an axis each pixel comes from, and whether that is in the image."""
        most = rounded(side, ratio)
        moved = whole(draws * ops.cast(2 * most + 1, "float32")) - most
        positions = moved[..., 0] + along(side, axis)
        inside = ops.logical_and(positions >= 0, positions < side)
        return ops.clip(positions, 0, side - 1), inside

    (rows, in_rows), (columns, in_columns) = source(down, height, 1), source(right, width, 2)
    inside = ops.logical_and(in_rows, in_columns)[..., None]
    moved = pixels_at(images, rows, columns)
    return ops.where(inside, moved, ops.zeros_like(moved))


def cutout(images, down, right, ratio=0.5):
    _, height, width, _ = ops.shape(images)

    def covered(draws, side, axis):
        size = rounded(side, ratio)
        # An even square has its middle between two pixels, or at either end of the image.
        middles = side + 1 - size % 2
        start = whole(draws * ops.cast(middles, "float32"))[..., 0] - size // 2
        positions = along(side, axis) - start
        return ops.logical_and(positions >= 0, positions < size)

    hole = ops.logical_and(covered(down, height, 1), covered(right, width, 2))[..., None]
    return ops.where(hole, ops.zeros_like(images), images)


# How many numbers each needs for an image, and what it does.
POLICIES = {"color": (3, color), "translation": (2, translation), "cutout": (2, cutout)}


def rounded(side, ratio):
    return whole(ops.cast(side, "float32") * ratio + 0.5)


def whole(numbers):
    return ops.cast(ops.floor(numbers), "int32")


def along(side, axis):
    """The positions along axis 1 or 2, of shape `(1, side, 1)` or `(1, 1, side)`."""
    return ops.reshape(ops.arange(side, dtype="int32"), (1, -1, 1) if axis == 1 else (1, 1, -1))
