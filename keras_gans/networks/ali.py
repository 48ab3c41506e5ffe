"""The networks of ALI for CIFAR-10.

Dumoulin et al. 2017, arXiv:1606.00704, table 3, as the authors' program builds them: convolutions
without padding and, where not said, without biases, weights from N(0, 0.01). At 32x32x3 with 64
latents and width 32 the encoder has 3,118,496 trainable parameters: 3,115,360 of convolutions,
3,008 of normalizations, 128 biases of the last layer. The generator has 976,992 + 1,088 + 3, where
the authors' last layer has 3,072 biases in place of 3: one for each number of an image, at first
the log odds of the mean image. The discriminator has 2,610,049: 1,395,072 for images, 163,840 for
latents and 1,051,137 for both.
"""

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.layers import BatchNormalization, Maxout
from keras_gans.networks.dcgan import raw

SIDE = 32


def ali_encoder(image_shape, latent_dim=64, width=32):
    """Build the encoder of ALI.

    Args:
        image_shape: Tuple `(32, 32, channels)`.
        latent_dim: Integer.
        width: Integer, channels of the first layer.

    Returns:
        `keras.Model` from images in [0, 1] to a dict of the float32 `means` and `log_variances` of
        their latents, `(n, latent_dim)` each. Its layer named "features" is the last before these.

    Raises:
        ValueError: Images of another side.
    """
    images = x = keras.Input(checked_side(image_shape), name="images")
    for kernel, strides, factor in ((5, 1, 1), (4, 2, 2), (4, 1, 4), (4, 2, 8), (4, 1, 16)):
        x = leaky(convolution(factor * width, kernel, strides)(x))
    x = layers.Flatten(name="features")(leaky(convolution(16 * width, 1)(x)))
    outputs = {
        name: dense(latent_dim, dtype="float32", name=name)(x)
        for name in ("means", "log_variances")
    }
    return keras.Model(images, outputs, name="ali_encoder")


def ali_generator(image_shape, latent_dim=64, width=32):
    """Build the generator of ALI.

    Args:
        image_shape: As for `ali_encoder`.
        latent_dim: Likewise.
        width: Integer, channels of the last layers.

    Returns:
        `keras.Model` from latents `(n, latent_dim)` to float32 images in [0, 1].

    Raises:
        ValueError: Images of another side.
    """
    shape = checked_side(image_shape)
    latents = keras.Input((latent_dim,), name="latents")
    x = layers.Reshape((1, 1, latent_dim))(latents)
    rows = ((4, 1, 8), (4, 2, 4), (4, 1, 2), (4, 2, 1), (5, 1, 1), (1, 1, 1))
    for kernel, strides, factor in rows:
        x = leaky(convolution(factor * width, kernel, strides, layers.Conv2DTranspose)(x))
    x = convolution(shape[2], 1, use_bias=True)(x)
    images = layers.Activation("sigmoid", dtype="float32", name="images")(x)
    return keras.Model(latents, images, name="ali_generator")


def ali_discriminator(image_shape, latent_dim=64, width=32):
    """Build the discriminator of ALI.

    Args:
        image_shape: As for `ali_encoder`.
        latent_dim: Likewise.
        width: Integer, even: channels of the first layer.

    Returns:
        `keras.Model` from `images` in [0, 1] and their `latents` to raw float32 scores `(n, 1)`.

    Raises:
        ValueError: Images of another side.
    """
    images = keras.Input(checked_side(image_shape), name="images")
    latents = keras.Input((latent_dim,), name="latents")
    x, dropout = images, 0.2
    for kernel, strides, factor in ((5, 1, 1), (4, 2, 2), (4, 1, 4), (4, 2, 8), (4, 1, 16)):
        x = layers.Dropout(dropout)(x)
        x = Maxout(2)(convolution(factor * width, kernel, strides, use_bias=x.shape[1] == SIDE)(x))
        dropout = 0.5
    z, dropout = latents, 0.2
    for _ in range(2):
        z = Maxout(2)(dense(16 * width, use_bias=False)(layers.Dropout(dropout)(z)))
        dropout = 0.5
    x = layers.Concatenate()([layers.Flatten()(x), z])
    for _ in range(2):
        x = Maxout(2)(dense(32 * width)(layers.Dropout(0.5)(x)))
    scores = dense(1)(layers.Dropout(0.5)(x))
    return keras.Model([images, latents], raw(scores), name="ali_discriminator")


def convolution(channels, kernel_size, strides=1, layer=layers.Conv2D, use_bias=False):
    return layer(channels, kernel_size, strides, use_bias=use_bias, kernel_initializer=normal())


def dense(units, **arguments):
    return layers.Dense(units, kernel_initializer=normal(), **arguments)


def leaky(x):
    return layers.LeakyReLU(0.1)(BatchNormalization(momentum=0.95, epsilon=1e-5)(x))


def normal():
    return keras.initializers.RandomNormal(0.0, 0.01)


def checked_side(image_shape):
    shape = checked_shape(image_shape)
    if shape[:2] != (SIDE, SIDE):
        raise ValueError(
            f"ALI's networks are of images of 32x32; image_shape is {shape}. Resize the images."
        )
    return shape
