"""The networks of semi-supervised learning: Salimans et al. 2016, arXiv:1606.03498.

The classifier of MNIST, 784-1000-500-250-250-250-10, has 1,538,760 weights; the lengths of the
columns of its kernels are no weights here. (The authors scale each at the start by what the first
500 images bring about, and learn those of the last layer, ten numbers more.) It is dense, and so
costs nothing on a processor; the convolutional one is better at clothes for as much work.
"""

import math

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.layers import WeightNormalizedDense


def improved_gan_generator(image_shape, latent_dim=100, width=500):
    """Build the generator of Improved GAN for MNIST: dense, with softplus.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        latent_dim: Integer.
        width: Integer, units of both hidden layers.

    Returns:
        `keras.Model` from latents `(n, latent_dim)` to float32 images in [0, 1].

    Example:

    ```python
    generator = improved_gan_generator((28, 28, 1))
    ```
    """
    image_shape = checked_shape(image_shape)
    latents = x = keras.Input((latent_dim,), name="latents")
    for _ in range(2):
        x = layers.Dense(width, use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.9, epsilon=1e-6, scale=False)(x)
        x = layers.Activation("softplus")(x)
    x = WeightNormalizedDense(math.prod(image_shape), gain=1.0)(x)
    x = layers.Reshape(image_shape)(x)
    x = layers.Activation("sigmoid", dtype="float32", name="images")(x)
    return keras.Model(latents, x, name="improved_gan_generator")


def improved_gan_classifier(image_shape, labels, units=(1000, 500, 250, 250, 250)):
    """Build the classifier of Improved GAN for MNIST: dense, with noise before each layer.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        labels: Integer, the number of classes.
        units: Integers, of the hidden layers.

    Returns:
        `keras.Model` from images in [0, 1] to a dict: "logits" `(n, labels)` and "features", the
        last hidden layer, both float32.
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    x = layers.GaussianNoise(0.3)(layers.Flatten()(images))
    for number in units:
        features = layers.ReLU()(WeightNormalizedDense(number)(x))
        x = layers.GaussianNoise(0.5)(features)
    return told(images, WeightNormalizedDense(labels, gain=1.0)(x), features)


def convolutional_classifier(image_shape, labels, width=16):
    """Build a small classifier of images, with noise on them and dropout.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        labels: Integer, the number of classes.
        width: Integer, channels of the first layer.

    Returns:
        `keras.Model` from images in [0, 1] to a dict: "logits" `(n, labels)` and "features", the
        last hidden layer, both float32.
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    x = layers.GaussianNoise(0.15)(images)
    for i, kernel in enumerate((5, 3)):
        x = layers.Conv2D(width * 2**i, kernel, strides=2, padding="same")(x)
        x = layers.LeakyReLU(0.2)(x)
    x = layers.LeakyReLU(0.2)(layers.Conv2D(4 * width, 3, padding="same")(x))
    x = layers.Dropout(0.3)(layers.Flatten()(x))
    features = layers.LeakyReLU(0.2)(layers.Dense(16 * width)(x))
    return told(images, layers.Dense(labels)(layers.Dropout(0.5)(features)), features)


def told(images, logits, features):
    """What a classifier gives, as float32 under mixed precision, too."""
    outputs = {
        "logits": layers.Activation("linear", dtype="float32", name="logits")(logits),
        "features": layers.Activation("linear", dtype="float32", name="features")(features),
    }
    return keras.Model(images, outputs, name="classifier")
