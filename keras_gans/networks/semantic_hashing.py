"""The networks of semantic hashing: an autoencoder whose codes become binary."""

import math

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape


def hashing_encoder(image_shape, bits=32, width=512, noise=4.0):
    """Build the encoder of semantic hashing, with noise before the sigmoid of its codes.

    The noise drowns whatever lies between 0 and 1: the decoder can rely on codes alone that are
    pushed to the ends of the sigmoid, and rounding them later loses little.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        bits: Integer, numbers of a code.
        width: Integer, units of the first layer; the second has half of them.
        noise: Float, standard deviation of the noise in training; the paper's is 4.

    Returns:
        `keras.Model` from images to float32 codes `(n, bits)` in [0, 1].

    Example:

    ```python
    encoder = hashing_encoder((28, 28, 1), bits=32)
    ```

    References:
        Salakhutdinov and Hinton 2009, "Semantic hashing", section 3.
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    x = layers.Flatten()(images)
    for units in (width, width // 2):
        x = layers.Dense(units, activation="relu")(x)
    # Keras's layer takes deviations up to 1.
    x = layers.Rescaling(noise)(layers.GaussianNoise(1.0)(layers.Dense(bits)(x)))
    codes = layers.Activation("sigmoid", dtype="float32", name="latents")(x)
    return keras.Model(images, codes, name="hashing_encoder")


def hashing_decoder(image_shape, bits=32, width=512):
    """Build the decoder of semantic hashing: the encoder's layers in the opposite order.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        bits: Integer, as for `hashing_encoder`.
        width: Likewise.

    Returns:
        `keras.Model` from codes `(n, bits)` to float32 images in [-1, 1].
    """
    codes = keras.Input((bits,), name="latents")
    x = codes
    for units in (width // 2, width):
        x = layers.Dense(units, activation="relu")(x)
    x = layers.Dense(math.prod(checked_shape(image_shape)), activation="tanh")(x)
    images = layers.Reshape(image_shape, dtype="float32", name="images")(x)
    return keras.Model(codes, images, name="hashing_decoder")
