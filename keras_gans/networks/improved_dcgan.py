"""DCGAN's networks with the techniques of Salimans et al. 2016, arXiv:1606.03498.

The generator has virtual batch normalization, by a batch of latents that is drawn once; it is what
they use it for, since it runs the reference batch beside each batch. The discriminator compares the
samples of a batch by minibatch discrimination on its coarsest maps. The layers are otherwise those
of `dcgan_generator` and `dcgan_discriminator`: the authors' own of 128x128 pixels, which have more
of them, noise in each and a class for each label, were never published as numbers.
"""

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.layers import (
    MinibatchDiscrimination,
    ReferenceBatch,
    VirtualBatchNormalization,
    WithoutReference,
)
from keras_gans.networks.blocks import normal
from keras_gans.networks.dcgan import grown, maps_of, painted, raw


def improved_dcgan_generator(image_shape, latent_dim=100, width=64, reference=64):
    """Build DCGAN's generator with virtual batch normalization.

    Its images do not depend on the batch in which they are made, and are those of training at
    inference, too.

    Args:
        image_shape: Tuple `(side, side, channels)`: a power of two >= 16, or 28; 1, 3 or 4
            channels.
        latent_dim: Integer; latents, and those of the reference batch, are from N(0, 1).
        width: Integer, channels of the layer before the last; each earlier one has twice more.
        reference: Integer >= 1, samples of the reference batch. Each batch takes as long as one
            that is larger by them.

    Returns:
        `keras.Model` from latents `(n, latent_dim)` to float32 images in [-1, 1].

    Raises:
        ValueError: A side or channel count that it cannot build, or no reference.

    Example:

    ```python
    generator = improved_dcgan_generator((32, 32, 1))
    ```
    """
    latents = keras.Input((latent_dim,), name="latents")

    def normalized(maps):
        gamma = keras.initializers.RandomNormal(1.0, 0.02)
        return VirtualBatchNormalization(reference, gamma_initializer=gamma)(maps)

    x = grown(ReferenceBatch(reference)(latents), image_shape, width, normalized)
    images = painted(WithoutReference(reference)(x), image_shape[2])
    return keras.Model(latents, images, name="improved_dcgan_generator")


def improved_dcgan_discriminator(image_shape, width=64, kernels=100, dimensions=5):
    """Build DCGAN's discriminator with minibatch discrimination before its last layer.

    Args:
        image_shape: Tuple `(side, side, channels)`, as for `improved_dcgan_generator`.
        width: Integer, channels of the first layer; each later one has twice more.
        kernels: Integer, features that compare a sample with the others of its batch.
        dimensions: Integer, of the vectors that are compared for each of them.

    Returns:
        `keras.Model` from images in [-1, 1] to raw float32 scores `(n, 1)`.

    Raises:
        ValueError: A side or channel count that it cannot build.
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    x = layers.Flatten()(maps_of(images, width))
    x = MinibatchDiscrimination(kernels, dimensions)(x)
    scores = layers.Dense(1, kernel_initializer=normal())(x)
    return keras.Model(images, raw(scores), name="improved_dcgan_discriminator")
