"""The networks of DCGAN with labels.

DCGAN's layers (`keras_gans/networks/dcgan.py`) and two additions. The generator sees the one-hot
code of the label beside the latents, as in Mirza and Osindero 2014, arXiv:1411.1784. To the
discriminator's score comes the label's own score of the same maps, a projection as in Miyato and
Koyama 2018, arXiv:1802.05637: f(x, y) = y^T V phi(x) + psi(phi(x)), with phi the maps as they are,
not summed over. At 64x64x3, width 64 and 10 labels the generator has 3,658,624 trainable parameters
and the discriminator 2,847,488: those of DCGAN and 8,192 for each label in both.
"""

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.networks.dcgan import images_from, maps_of, raw, scores_of


def conditional_dcgan_generator(image_shape, labels, latent_dim=100, width=64):
    """Build a generator of DCGAN that makes images of a class.

    Args:
        image_shape: Tuple `(side, side, channels)`, as for `dcgan_generator`.
        labels: Integer >= 1, the number of classes.
        latent_dim: Integer.
        width: Integer, channels of the layer before the last; each earlier one has twice more.

    Returns:
        `keras.Model` from `latents` `(n, latent_dim)` and `labels`, int32 `(n,)` from 0 up, to
        float32 images in [-1, 1]. The code of a label of -1, which `GAN` refuses, is zero.

    Raises:
        ValueError: A side or channel count that it cannot build.

    Example:

    ```python
    generator = conditional_dcgan_generator((32, 32, 1), labels=10)
    generator([latents, labels])
    ```
    """
    latents = keras.Input((latent_dim,), name="latents")
    ids, code = label_input(labels)
    images = images_from(layers.Concatenate()([latents, code]), image_shape, width)
    return keras.Model([latents, ids], images, name="conditional_dcgan_generator")


def conditional_dcgan_discriminator(image_shape, labels, width=64):
    """Build a discriminator of DCGAN that scores images as those of a class.

    Args:
        image_shape: Tuple `(side, side, channels)`, as for `dcgan_generator`.
        labels: Integer >= 1, the number of classes.
        width: Integer, channels of the first layer; each later one has twice more.

    Returns:
        `keras.Model` from `images` in [-1, 1] and `labels`, int32 `(n,)`, to raw float32 scores
        `(n, 1)`. With a label of -1, which `GAN` refuses, the score is that of any class.

    Raises:
        ValueError: A side or channel count that it cannot build.
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    ids, code = label_input(labels)
    maps = maps_of(images, width)
    of_the_label = layers.Dot(axes=1)([scores_of(maps, labels), code])
    scores = layers.Add()([scores_of(maps), of_the_label])
    return keras.Model([images, ids], raw(scores), name="conditional_dcgan_discriminator")


def label_input(labels):
    """The input of ids of classes, and their one-hot code."""
    ids = keras.Input((), dtype="int32", name="labels")
    return ids, layers.CategoryEncoding(labels, "one_hot")(ids)
