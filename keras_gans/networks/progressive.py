"""The networks of progressive growing: all resolutions' layers, of which a call runs some.

Karras et al. 2018, arXiv:1710.10196, table 2. At 1024x1024 pixels the generator has 23,079,115
parameters and the discriminator 23,087,249, the heads of all resolutions included.
"""

import math

import keras
from keras import layers, ops

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.layers import (
    Blend,
    EqualizedConv2D,
    EqualizedDense,
    MinibatchStddev,
    PixelNormalization,
)


def progressive_generator(image_shape, latent_dim=512, base=8192, maximum=512):
    """Build the generator of progressive growing.

    `generator(latents)` makes full images; `generator(latents, level=1, alpha=0.3)` runs the
    layers of 4x4 and 8x8 pixels only and blends the images of the two, enlarged, by alpha.

    Args:
        image_shape: Tuple `(side, side, channels)`; the side is a power of two from 4 on.
        latent_dim: Integer.
        base: Integer: layers of level l, whose images have 4 * 2**l pixels a side, have
            `base / 2**(l + 1)` channels, but
        maximum: Integer, no more than that.

    Returns:
        A `ProgressiveGenerator`, a `keras.Model` from latents `(n, latent_dim)` to float32 images.
        The last layer is linear: values lie about [-1, 1].

    Raises:
        ValueError: An image shape that cannot be grown.

    Example:

    ```python
    generator = progressive_generator((64, 64, 3), base=1024, maximum=128)
    generator(latents, level=0).shape  # (n, 4, 4, 3)
    ```
    """
    return ProgressiveGenerator(image_shape, latent_dim, base, maximum)


def progressive_discriminator(image_shape, base=8192, maximum=512):
    """Build the discriminator of progressive growing.

    `discriminator(images)` takes full images; `discriminator(images, level=1, alpha=0.3)` takes
    images of 8x8 pixels and blends the features of their first block with those of the images
    reduced to 4x4.

    Args:
        image_shape: As in `progressive_generator`.
        base: As in `progressive_generator`.
        maximum: As in `progressive_generator`.

    Returns:
        A `ProgressiveDiscriminator`, a `keras.Model` from images to raw float32 scores `(n, 1)`.

    Raises:
        ValueError: An image shape that cannot be grown.

    Example:

    ```python
    discriminator = progressive_discriminator((64, 64, 3), base=1024, maximum=128)
    discriminator(images_of_4x4_pixels, level=0).shape  # (n, 1)
    ```
    """
    return ProgressiveDiscriminator(image_shape, base, maximum)


class GrowingNetwork(keras.Model):
    """What both networks are told of their sizes.

    Args:
        image_shape: Tuple `(side, side, channels)`.
        base: Integer.
        maximum: Integer.
        name: Name of the network.
    """

    def __init__(self, image_shape, base, maximum, name):
        # The network itself computes nothing: its layers have the precision of the policy.
        super().__init__(name=name, dtype="float32")
        side, width, _ = self.image_shape = checked_shape(image_shape)
        if width != side or side < 4 or side & (side - 1):
            raise ValueError(
                "Networks grow by doubling from 4x4 pixels: image_shape is (side, side, channels) "
                f"with a power of two from 4 on; it was {self.image_shape}."
            )
        self.base = base
        self.maximum = maximum
        self.levels = side.bit_length() - 2
        self.blend = Blend(dtype="float32")

    def width(self, level):
        """Channels of the layers of a level."""
        return max(1, min(self.base // 2 ** (level + 1), self.maximum))

    def side(self, level):
        """Pixels along a side of the images of a level."""
        return 4 * 2**level

    def features(self, level):
        """Shape of what goes from the layers of a level to those of its neighbours."""
        return self.side(level), self.side(level), self.width(level)

    def checked(self, level):
        return self.levels - 1 if level is None else level

    def get_config(self):
        own = ("image_shape", "base", "maximum", "name")
        return {name: getattr(self, name) for name in own}


@keras.saving.register_keras_serializable(package="keras_gans")
class ProgressiveGenerator(GrowingNetwork):
    """See `progressive_generator`."""

    def __init__(self, image_shape, latent_dim=512, base=8192, maximum=512, name="generator"):
        super().__init__(image_shape, base, maximum, name)
        self.latent_dim = latent_dim
        first = self.width(0)
        self.stem = sequential(
            "level_0",
            (latent_dim,),
            PixelNormalization(),
            EqualizedDense((4, 4, first), gain=math.sqrt(2.0) / 4.0),
            layers.LeakyReLU(0.2),
            PixelNormalization(),
            *normalized_convolution(first),
        )
        self.blocks = [
            sequential(
                f"level_{level}",
                self.features(level - 1),
                layers.UpSampling2D(2, interpolation="nearest"),
                *normalized_convolution(self.width(level)),
                *normalized_convolution(self.width(level)),
            )
            for level in range(1, self.levels)
        ]
        self.heads = [
            sequential(
                f"images_{level}",
                self.features(level),
                EqualizedConv2D(self.image_shape[-1], 1, gain=1.0, dtype="float32"),
            )
            for level in range(self.levels)
        ]
        self.built = True

    @property
    def input_shape(self):
        return (None, self.latent_dim)

    @property
    def output_shape(self):
        return (None, *self.image_shape)

    def call(self, latents, level=None, alpha=1.0, training=None):
        level = self.checked(level)
        x = self.stem(latents, training=training)
        for block in self.blocks[:level]:
            smaller, x = x, block(x, training=training)
        images = self.heads[level](x)
        if level == 0:
            return images
        return self.blend(enlarged(self.heads[level - 1](smaller), 2), images, alpha=alpha)

    def get_config(self):
        return {**super().get_config(), "latent_dim": self.latent_dim}


@keras.saving.register_keras_serializable(package="keras_gans")
class ProgressiveDiscriminator(GrowingNetwork):
    """See `progressive_discriminator`."""

    def __init__(self, image_shape, base=8192, maximum=512, name="discriminator"):
        super().__init__(image_shape, base, maximum, name)
        channels, last = self.image_shape[-1], self.width(0)
        self.heads = [
            sequential(
                f"images_{level}",
                (self.side(level), self.side(level), channels),
                *convolution(self.width(level), 1),
            )
            for level in range(self.levels)
        ]
        self.blocks = [
            sequential(
                f"level_{level}",
                self.features(level),
                *convolution(self.width(level)),
                *convolution(self.width(level - 1)),
                layers.AveragePooling2D(2),
            )
            for level in range(1, self.levels)
        ]
        self.top = sequential(
            "level_0",
            (4, 4, last),
            MinibatchStddev(),
            *convolution(last),
            layers.Flatten(),
            EqualizedDense(last),
            layers.LeakyReLU(0.2),
            EqualizedDense(1, gain=1.0, dtype="float32"),
        )
        self.built = True

    @property
    def input_shape(self):
        return (None, *self.image_shape)

    @property
    def output_shape(self):
        return (None, 1)

    def call(self, images, level=None, alpha=1.0, training=None):
        level = self.checked(level)
        x = self.heads[level](images, training=training)
        if level:
            x = self.blocks[level - 1](x, training=training)
            smaller = self.heads[level - 1](reduced(images, 2), training=training)
            x = self.blend(smaller, x, alpha=alpha)
        for block in reversed(self.blocks[: max(level - 1, 0)]):
            x = block(x, training=training)
        return self.top(x, training=training)


def sequential(name, input_shape, *stack):
    return keras.Sequential([keras.Input(input_shape), *stack], name=name)


def convolution(width, kernel_size=3):
    return EqualizedConv2D(width, kernel_size), layers.LeakyReLU(0.2)


def normalized_convolution(width):
    return *convolution(width), PixelNormalization()


def enlarged(images, factor):
    """Images with each pixel repeated along both sides."""
    return ops.repeat(ops.repeat(images, factor, axis=1), factor, axis=2)


def reduced(images, factor):
    """Images of the means of squares of pixels."""
    return ops.average_pool(images, factor, factor) if factor > 1 else images
