"""The networks of BiGAN for MNIST.

Donahue et al. 2017, arXiv:1605.09782, as the authors' program builds them: two hidden layers of
1024 without biases, batch normalization without factors or offsets (of the first layers that see
images there is none), weights from N(0, 0.02) with a decay of 2.5e-5. Latents enter the second
layer of the discriminator, and of the generator once more. At 28x28x1 with 50 latents the encoder
has 784 * 1024 + 1024 * 1024 + 1024 * 50 = 1,902,592 trainable parameters, the generator 50 * 1024
more, 1,953,792, and the discriminator 1,903,616.
"""

import math

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.layers import BatchNormalization
from keras_gans.networks.blocks import normal
from keras_gans.networks.dcgan import raw


def bigan_encoder(image_shape, latent_dim=50, width=1024):
    """Build the encoder of BiGAN, for latents from U(-1, 1).

    Args:
        image_shape: Tuple `(height, width, channels)`.
        latent_dim: Integer.
        width: Integer, units of its two hidden layers.

    Returns:
        `keras.Model` from images in [0, 1] to float32 latents `(n, latent_dim)` in [-1, 1]. Its
        layer named "features" is the last before these: what a linear classifier reads.

    Example:

    ```python
    encoder = bigan_encoder((28, 28, 1))
    features = keras.Model(encoder.inputs, encoder.get_layer("features").output)
    ```
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    x = layers.LeakyReLU(0.2)(dense(width)(layers.Flatten()(images)))
    x = layers.LeakyReLU(0.2, name="features")(norm(momentum=0.5)(dense(width)(x)))
    x = layers.Activation("sigmoid", dtype="float32")(dense(latent_dim)(x))
    latents = layers.Rescaling(2.0, -1.0, dtype="float32")(x)
    return keras.Model(images, latents, name="bigan_encoder")


def bigan_generator(image_shape, latent_dim=50, width=1024):
    """Build the generator of BiGAN.

    Args:
        image_shape: As for `bigan_encoder`.
        latent_dim: Likewise.
        width: Likewise.

    Returns:
        `keras.Model` from latents `(n, latent_dim)` to float32 images in [0, 1].
    """
    image_shape = checked_shape(image_shape)
    latents = keras.Input((latent_dim,), name="latents")
    x = layers.ReLU()(norm()(dense(width)(latents)))
    x = layers.Add()([dense(width)(x), dense(width)(latents)])
    x = layers.ReLU()(norm()(x))
    x = layers.Reshape(image_shape)(dense(math.prod(image_shape))(x))
    images = layers.Activation("sigmoid", dtype="float32", name="images")(x)
    return keras.Model(latents, images, name="bigan_generator")


def bigan_discriminator(image_shape, latent_dim=50, width=1024):
    """Build the discriminator of BiGAN.

    Args:
        image_shape: As for `bigan_encoder`.
        latent_dim: Likewise.
        width: Likewise.

    Returns:
        `keras.Model` from `images` in [0, 1] and their `latents` to raw float32 scores `(n, 1)`.
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    latents = keras.Input((latent_dim,), name="latents")
    x = layers.LeakyReLU(0.2)(dense(width)(layers.Flatten()(images)))
    x = layers.Add()([dense(width)(x), dense(width)(latents)])
    x = layers.LeakyReLU(0.2)(norm()(x))
    return keras.Model([images, latents], raw(dense(1)(x)), name="bigan_discriminator")


def dense(units):
    # The authors halve the losses and add 2.5e-5 w to their gradients: of twice these, 5e-5 w.
    return layers.Dense(
        units,
        use_bias=False,
        kernel_initializer=normal(),
        kernel_regularizer=keras.regularizers.L2(2.5e-5),
    )


def norm(momentum=0.9):
    # After training the authors measure the statistics again, over 1000 batches. In training the
    # encoder's features move so fast that averages over many batches are of another network: with
    # 0.99 the preset reconstructed one shoe for every image, while its last batches were right.
    # Averages over few are noisy, which the other two need not bear.
    return BatchNormalization(momentum=momentum, epsilon=1e-5, center=False, scale=False)
