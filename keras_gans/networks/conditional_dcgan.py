"""The networks of DCGAN with labels, or with attributes.

DCGAN's layers (`keras_gans/networks/dcgan.py`) and two additions. The generator sees the one-hot
code of the label beside the latents, as in Mirza and Osindero 2014, arXiv:1411.1784. To the
discriminator's score comes the label's own score of the same maps, a projection as in Miyato and
Koyama 2018, arXiv:1802.05637: f(x, y) = y^T V phi(x) + psi(phi(x)), with phi the maps as they are,
not summed over. Attributes, a float vector, stand in the place of the one-hot code: several labels
at once are one, with a 1 for each. At 64x64x3, width 64 and 10 labels the generator has 3,658,624
trainable parameters and the discriminator 2,847,488: those of DCGAN and 8,192 for each label, or
attribute, in both.
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
    condition, name = label_input(labels), "conditional_dcgan_generator"
    return concatenating_generator(condition, image_shape, latent_dim, width, name)


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
    condition, name = label_input(labels), "conditional_dcgan_discriminator"
    return scoring_discriminator(condition, image_shape, width, name)


def attribute_dcgan_generator(image_shape, attributes, latent_dim=100, width=64):
    """Build a generator of DCGAN that makes images with attributes.

    Args:
        image_shape: Tuple `(side, side, channels)`, as for `dcgan_generator`.
        attributes: Integer k >= 1, how many.
        latent_dim: Integer.
        width: Integer, channels of the layer before the last; each earlier one has twice more.

    Returns:
        `keras.Model` from `latents` `(n, latent_dim)` and `attributes`, float32 `(n, k)`, to
        float32 images in [-1, 1]. Attributes are any numbers, such as angles or ages, best of
        about unit size; of several labels at once each is 1 where the image has it, else 0.

    Raises:
        ValueError: A side or channel count that it cannot build.

    Example:

    ```python
    generator = attribute_dcgan_generator((32, 32, 1), attributes=3)
    discriminator = attribute_dcgan_discriminator((32, 32, 1), attributes=3)
    model = keras_gans.GAN(generator, discriminator, latent_dim=100)
    model.compile()
    model.fit(images, attributes)  # float32 (n, 3)
    model.generate(attributes=[[1, 0, 0.5]])
    ```
    """
    condition, name = attribute_input(attributes), "attribute_dcgan_generator"
    return concatenating_generator(condition, image_shape, latent_dim, width, name)


def attribute_dcgan_discriminator(image_shape, attributes, width=64):
    """Build a discriminator of DCGAN that scores images with attributes.

    Args:
        image_shape: Tuple `(side, side, channels)`, as for `dcgan_generator`.
        attributes: Integer k >= 1, how many.
        width: Integer, channels of the first layer; each later one has twice more.

    Returns:
        `keras.Model` from `images` in [-1, 1] and `attributes`, float32 `(n, k)`, to raw float32
        scores `(n, 1)`: to the image's own score comes one of each attribute, times its value.

    Raises:
        ValueError: A side or channel count that it cannot build.
    """
    condition, name = attribute_input(attributes), "attribute_dcgan_discriminator"
    return scoring_discriminator(condition, image_shape, width, name)


def concatenating_generator(condition, image_shape, latent_dim, width, name):
    """One that sees a condition, `(input, vectors)`, beside the latents."""
    given, vectors = condition
    latents = keras.Input((latent_dim,), name="latents")
    images = images_from(layers.Concatenate()([latents, vectors]), image_shape, width)
    return keras.Model([latents, given], images, name=name)


def scoring_discriminator(condition, image_shape, width, name):
    """One that adds a score of the maps for each number of a condition, `(input, vectors)`."""
    given, vectors = condition
    images = keras.Input(checked_shape(image_shape), name="images")
    maps = maps_of(images, width)
    of_the_condition = layers.Dot(axes=1)([scores_of(maps, vectors.shape[1]), vectors])
    scores = layers.Add()([scores_of(maps), of_the_condition])
    return keras.Model([images, given], raw(scores), name=name)


def label_input(labels):
    """The input of ids of classes, and their one-hot code."""
    ids = keras.Input((), dtype="int32", name="labels")
    return ids, layers.CategoryEncoding(labels, "one_hot")(ids)


def attribute_input(attributes):
    """The input of attributes, which are the vectors that networks read."""
    given = keras.Input((attributes,), name="attributes")
    return given, given
