"""The networks of BEGAN.

Berthelot et al. 2017, arXiv:1703.10717, figure 1, with the layer table of the widely used program
carpedm20/BEGAN-tensorflow: pairs of 3x3 convolutions with ELU, no normalization; convolutions that
halve the maps have an ELU, too. At 64x64x3 with 64 latents and width 128 the generator has
1,716,611 trainable parameters and the discriminator 13,405,379; with width 64 they have 563,395
and 4,011,651.
"""

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape

BASE = 8  # Pixels along a side of the coarsest maps.


def began_generator(image_shape, latent_dim=64, width=128):
    """Build the generator of BEGAN, which is the discriminator's decoder with other weights.

    Args:
        image_shape: Tuple `(side, side, channels)`, the side a power of two >= 8.
        latent_dim: Integer.
        width: Integer, channels of its convolutions.

    Returns:
        `keras.Model` from latents `(n, latent_dim)` to float32 images in about [-1, 1]: as in the
        program the last layer is linear.

    Raises:
        ValueError: A side that it cannot build.

    Example:

    ```python
    generator = began_generator((64, 64, 3))
    ```
    """
    latents = keras.Input((latent_dim,), name="latents")
    images = decoded(latents, image_shape, width)
    return keras.Model(latents, images, name="began_generator")


def began_discriminator(image_shape, latent_dim=64, width=128):
    """Build the discriminator of BEGAN: an autoencoder.

    Args:
        image_shape: As for `began_generator`.
        latent_dim: Integer, numbers between encoder and decoder.
        width: Integer, channels of its first convolutions; the n-th level of the encoder has n
            times more, the decoder as many everywhere.

    Returns:
        `keras.Model` from images to float32 images of the same shape.

    Raises:
        ValueError: A side that it cannot build.
    """
    levels = levels_of(image_shape)
    images = keras.Input(image_shape, name="images")
    x = elu(images, width)
    for level in range(1, levels + 1):
        x = elu(elu(x, level * width), level * width)
        if level < levels:
            x = elu(x, level * width, strides=2)
    x = layers.Dense(latent_dim)(layers.Flatten()(x))
    return keras.Model(images, decoded(x, image_shape, width), name="began_discriminator")


def decoded(latents, image_shape, width):
    """Images from latents: from the coarsest maps up, by repeating each pixel."""
    levels = levels_of(image_shape)
    x = layers.Dense(BASE * BASE * width)(latents)
    x = layers.Reshape((BASE, BASE, width))(x)
    for level in range(levels):
        x = layers.UpSampling2D()(x) if level else x
        x = elu(elu(x, width), width)
    x = layers.Conv2D(image_shape[2], 3, padding="same")(x)
    return layers.Activation("linear", dtype="float32")(x)


def elu(x, channels, strides=1):
    return layers.Conv2D(channels, 3, strides, padding="same", activation="elu")(x)


def levels_of(image_shape):
    """How many resolutions there are, from 8x8 up to `image_shape`."""
    height, width, _ = image_shape = checked_shape(image_shape)
    levels = (height // BASE).bit_length()
    if height != width or levels < 1 or BASE * 2 ** (levels - 1) != height:
        raise ValueError(
            "BEGAN makes square images whose side is a power of two from 8 up; image_shape is "
            f"{tuple(image_shape)}. Resize the images, for instance to 32 or 64."
        )
    return levels
