"""The residual networks of WGAN-GP.

Gulrajani et al. 2017, arXiv:1704.00028, appendix F, with the layers of the authors' code for
CIFAR-10. At 32x32x3 and width 128 the generator has 1,204,483 trainable parameters and the
discriminator, the critic of the paper, 1,053,825. It has no batch normalization, by which the
score of an image, and so its penalty, would depend on the other images.
"""

import keras
from keras import layers, ops

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.layers import BatchNormalization


def wgan_gp_generator(image_shape, latent_dim=128, width=128):
    """Build the residual generator of WGAN-GP.

    Args:
        image_shape: Tuple `(height, width, channels)`; sides are multiples of 8, 32 in the paper.
            The first maps have an eighth of them.
        latent_dim: Integer.
        width: Integer, channels of all layers.

    Returns:
        `keras.Model` from latents `(n, latent_dim)` to float32 images in [-1, 1].

    Raises:
        ValueError: Sides that it cannot build.

    Example:

    ```python
    generator = wgan_gp_generator((32, 32, 3))
    generator.count_params()
    ```
    """
    latents = keras.Input((latent_dim,), name="latents")
    return keras.Model(latents, images_from(latents, image_shape, width), name="wgan_gp_generator")


def wgan_gp_discriminator(image_shape, width=128):
    """Build the residual critic of WGAN-GP.

    Args:
        image_shape: Tuple `(height, width, channels)`, as for `wgan_gp_generator`.
        width: Integer, channels of all layers.

    Returns:
        `keras.Model` from images in [-1, 1] to raw float32 scores `(n, 1)`.

    Raises:
        ValueError: Sides that it cannot build.

    Example:

    ```python
    discriminator = wgan_gp_discriminator((32, 32, 3))
    ```
    """
    images = keras.Input(checked(image_shape), name="images")
    maps = maps_of(images, width)
    scores = layers.Dense(1, dtype="float32", name="scores")(ops.mean(maps, axis=(1, 2)))
    return keras.Model(images, scores, name="wgan_gp_discriminator")


def images_from(latents, image_shape, width):
    """The generator's layers, from latents to images: three blocks that double the sides."""
    height, breadth, channels = checked(image_shape)
    x = layers.Dense(height // 8 * (breadth // 8) * width)(latents)
    x = layers.Reshape((height // 8, breadth // 8, width))(x)
    for _ in range(3):
        y = convolution(width)(layers.UpSampling2D(2)(activated(x)))
        y = convolution(width)(activated(y))
        x = layers.Add()([shortcut(width)(layers.UpSampling2D(2)(x)), y])
    x = layers.Conv2D(channels, 3, padding="same")(activated(x))
    # float32 also under mixed precision: bfloat16 has 8 bits, images have 256 levels.
    return layers.Activation("tanh", dtype="float32", name="images")(x)


def maps_of(images, width, normalized=lambda layer: layer):
    """The discriminator's layers but the last: two blocks that halve the sides, and two plain ones.

    Args:
        images: Symbolic tensor.
        width: Integer, channels of all layers.
        normalized: Function from a layer to that layer with a normalized kernel.
    """

    def linear(layer):
        return normalized(layer(width))

    halved = layers.AveragePooling2D(2)
    # No activation before the first convolution, which would cut the images.
    x = halved(linear(convolution)(layers.ReLU()(linear(convolution)(images))))
    x = layers.Add()([linear(shortcut)(halved(images)), x])
    for halves in (True, False, False):
        y = linear(convolution)(layers.ReLU()(x))
        y = linear(convolution)(layers.ReLU()(y))
        if halves:
            x, y = halved(linear(shortcut)(x)), halved(y)
        x = layers.Add()([x, y])
    return layers.ReLU()(x)


def checked(image_shape):
    image_shape = checked_shape(image_shape)
    if image_shape[0] % 8 or image_shape[1] % 8:
        raise ValueError(
            "The residual networks double the sides of the first maps three times: sides of images "
            f"are multiples of 8; image_shape is {image_shape}. Resize the images, to 32 or 48."
        )
    return image_shape


def activated(maps):
    return layers.ReLU()(BatchNormalization(momentum=0.9, epsilon=1e-5)(maps))


def convolution(width):
    # Glorot and Bengio's distribution, twice the variance: a ReLU leaves half of it.
    initial = keras.initializers.VarianceScaling(2.0, "fan_avg", "uniform")
    return layers.Conv2D(width, 3, padding="same", kernel_initializer=initial)


def shortcut(width):
    return layers.Conv2D(width, 1)
