"""What the networks of several papers are made of."""

import keras

from keras_gans.layers import BatchNormalization, InstanceNormalization

NORMALIZATIONS = ("batch", "instance")


def normal():
    """The initial weights of DCGAN, pix2pix and CycleGAN: N(0, 0.02)."""
    return keras.initializers.RandomNormal(0.0, 0.02)


def batch_norm(mean=1.0):
    """Batch normalization with factors drawn from N(mean, 0.02)."""
    return BatchNormalization(
        momentum=0.9,
        epsilon=1e-5,
        gamma_initializer=keras.initializers.RandomNormal(mean, 0.02),
    )


def normalize(kind):
    """A new normalization layer, "batch" or "instance"."""
    if kind not in NORMALIZATIONS:
        raise ValueError(f'normalization is "batch" or "instance"; it was {kind!r}.')
    return batch_norm() if kind == "batch" else InstanceNormalization()


def convolution(kind, kernel_size, strides=1, padding="valid"):
    """Arguments of a convolution that a normalization of that kind follows.

    Batch normalization here has an offset of its own and makes a bias superfluous; instance
    normalization has none.
    """
    return {
        "kernel_size": kernel_size,
        "strides": strides,
        "padding": padding,
        "use_bias": kind == "instance",
        "kernel_initializer": normal(),
    }
