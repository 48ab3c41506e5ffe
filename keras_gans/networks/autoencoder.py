"""Encoders and decoders of autoencoders, dense and convolutional, plain and variational.

The dense ones are those of Hinton and Salakhutdinov 2006 (784-1000-500-250-30 and back, 2,837,314
trainable parameters at 28x28) and of Kingma and Welling 2014, arXiv:1312.6114, appendix C (one
hidden layer of 500), with ReLU in the place of their logistic units and hyperbolic tangents. The
convolutional ones have DCGAN's steps, 4x4 kernels that halve or double the side, and biases.
Decoders end in a sigmoid: images are in [0, 1].
"""

import math

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.networks.dcgan import grid


def dense_autoencoder(image_shape, latent_dim=30, widths=(1000, 500, 250)):
    """Build the encoder and the decoder of a deep autoencoder.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        latent_dim: Integer, the numbers of a code.
        widths: Integers, units of the encoder's hidden layers; the decoder's are the same from
            behind.

    Returns:
        Two `keras.Model`s: from images to float32 codes `(n, latent_dim)`, and from these to
        float32 images in [0, 1].

    Example:

    ```python
    encoder, decoder = dense_autoencoder((28, 28, 1), latent_dim=30)
    ```
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    encoder = keras.Model(images, code(hidden(images, widths), latent_dim), name="dense_encoder")
    return encoder, dense_decoder(image_shape, latent_dim, widths)


def dense_variational_autoencoder(image_shape, latent_dim=20, widths=(500,)):
    """Build the encoder and the decoder of a variational autoencoder.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        latent_dim: Integer.
        widths: Integers, as of `dense_autoencoder`.

    Returns:
        Two `keras.Model`s: from images to `{"means": ..., "log_variances": ...}`, float32
        `(n, latent_dim)` each, and from latents to float32 images in [0, 1].

    Example:

    ```python
    encoder, decoder = dense_variational_autoencoder((28, 28, 1), latent_dim=2)
    ```
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    outputs = distribution(hidden(images, widths), latent_dim)
    encoder = keras.Model(images, outputs, name="dense_variational_encoder")
    return encoder, dense_decoder(image_shape, latent_dim, widths)


def convolutional_autoencoder(image_shape, latent_dim=32, width=32):
    """Build a convolutional encoder and decoder.

    Args:
        image_shape: Tuple `(side, side, channels)`, as for `dcgan_generator`.
        latent_dim: Integer, the numbers of a code.
        width: Integer, channels of the maps at half the image's side; each coarser one has twice
            more.

    Returns:
        Two `keras.Model`s as of `dense_autoencoder`.

    Raises:
        ValueError: A side or channel count that it cannot build.

    Example:

    ```python
    encoder, decoder = convolutional_autoencoder((32, 32, 1), latent_dim=32)
    ```
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    codes = code(convolved(images, width), latent_dim)
    encoder = keras.Model(images, codes, name="convolutional_encoder")
    return encoder, convolutional_decoder(image_shape, latent_dim, width)


def convolutional_variational_autoencoder(image_shape, latent_dim=32, width=32):
    """Build the convolutional encoder and decoder of a variational autoencoder.

    Args:
        image_shape: Tuple `(side, side, channels)`, as for `dcgan_generator`.
        latent_dim: Integer.
        width: Integer, as of `convolutional_autoencoder`.

    Returns:
        Two `keras.Model`s as of `dense_variational_autoencoder`.

    Raises:
        ValueError: A side or channel count that it cannot build.

    Example:

    ```python
    encoder, decoder = convolutional_variational_autoencoder((32, 32, 1), latent_dim=32)
    ```
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    outputs = distribution(convolved(images, width), latent_dim)
    encoder = keras.Model(images, outputs, name="convolutional_variational_encoder")
    return encoder, convolutional_decoder(image_shape, latent_dim, width)


def hidden(x, widths):
    """Vectors after dense layers of those widths."""
    x = layers.Flatten()(x)
    for width in widths:
        x = layers.Dense(width, activation="relu")(x)
    return x


def convolved(x, width):
    """Vectors of the coarsest maps."""
    _, halvings = grid(x.shape[1:])
    for i in range(halvings):
        x = layers.Conv2D(width * 2**i, 4, strides=2, padding="same", activation="relu")(x)
    return layers.Flatten()(x)


def code(x, latent_dim):
    # float32 also under mixed precision: users get codes as they are.
    return layers.Dense(latent_dim, dtype="float32", name="code")(x)


def distribution(x, latent_dim):
    """Means and log variances; float32, whose exponentials do not overflow."""
    names = ("means", "log_variances")
    return {name: layers.Dense(latent_dim, dtype="float32", name=name)(x) for name in names}


def dense_decoder(image_shape, latent_dim, widths):
    latents = keras.Input((latent_dim,), name="latents")
    x = layers.Dense(math.prod(image_shape))(hidden(latents, widths[::-1]))
    return keras.Model(latents, as_images(layers.Reshape(image_shape)(x)), name="dense_decoder")


def convolutional_decoder(image_shape, latent_dim, width):
    base, doublings = grid(image_shape)
    latents = keras.Input((latent_dim,), name="latents")
    channels = width * 2 ** (doublings - 1)
    x = layers.Dense(base * base * channels, activation="relu")(latents)
    x = layers.Reshape((base, base, channels))(x)
    for i in reversed(range(doublings - 1)):
        x = layers.Conv2DTranspose(width * 2**i, 4, strides=2, padding="same", activation="relu")(x)
    x = layers.Conv2DTranspose(image_shape[2], 4, strides=2, padding="same")(x)
    return keras.Model(latents, as_images(x), name="convolutional_decoder")


def as_images(x):
    """Numbers in [0, 1]; float32 also under mixed precision, which has no 256 levels."""
    return layers.Activation("sigmoid", dtype="float32", name="images")(x)
