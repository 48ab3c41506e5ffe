"""The residual networks of SNGAN.

Miyato et al. 2018, arXiv:1802.05957, table 4, with the layers of the authors' code: those of
WGAN-GP (`keras_gans/networks/wgan_gp.py`), a generator of twice the width, and in the discriminator
spectral normalization, a sum over the pixels in place of the mean, and no bias in the last layer.
At 32x32x3 the generator has 4,276,739 trainable parameters and the discriminator 1,053,824.
"""

import keras
from keras import layers, ops

from keras_gans.layers import SpectralNormalization
from keras_gans.networks.wgan_gp import checked, images_from, maps_of


def sngan_generator(image_shape, latent_dim=128, width=256):
    """Build the residual generator of SNGAN.

    Args:
        image_shape: Tuple `(height, width, channels)`; sides are multiples of 8, 32 in the paper's
            table. The first maps have an eighth of them.
        latent_dim: Integer.
        width: Integer, channels of all layers.

    Returns:
        `keras.Model` from latents `(n, latent_dim)` to float32 images in [-1, 1].

    Raises:
        ValueError: Sides that it cannot build.

    Example:

    ```python
    generator = sngan_generator((32, 32, 3))
    generator.count_params()
    ```
    """
    latents = keras.Input((latent_dim,), name="latents")
    return keras.Model(latents, images_from(latents, image_shape, width), name="sngan_generator")


def sngan_discriminator(image_shape, width=128):
    """Build the residual discriminator of SNGAN, all of whose kernels are spectrally normalized.

    Args:
        image_shape: Tuple `(height, width, channels)`, as for `sngan_generator`.
        width: Integer, channels of all layers.

    Returns:
        `keras.Model` from images in [-1, 1] to raw float32 scores `(n, 1)`.

    Raises:
        ValueError: Sides that it cannot build.

    Example:

    ```python
    discriminator = sngan_discriminator((32, 32, 3))
    ```
    """
    images = keras.Input(checked(image_shape), name="images")
    maps = maps_of(images, width, SpectralNormalization)
    last = layers.Dense(1, use_bias=False, dtype="float32", name="scores")
    # In float32: a sum over pixels may leave the range of float16.
    scores = SpectralNormalization(last)(ops.sum(ops.cast(maps, "float32"), axis=(1, 2)))
    return keras.Model(images, scores, name="sngan_discriminator")
