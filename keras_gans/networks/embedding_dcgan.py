"""The networks of DCGAN with an embedded label.

DCGAN's layers (`keras_gans/networks/dcgan.py`). The generator sees a vector that it learns for each
label beside the latents. The discriminator sees beside the channels of an image one more, a plane
that it learns for each label, as in Denton et al. 2015, arXiv:1506.05751. At 64x64x3, width 64 and
ten labels, embedded in 50 numbers, the generator has 3,986,804 trainable parameters: those of
DCGAN, 8,192 for each number and 50 for each label. The discriminator has 2,807,552: those of DCGAN,
1,024 for the plane and 4,096 for each label.
"""

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.networks.conditional_dcgan import concatenating_generator
from keras_gans.networks.dcgan import maps_of, raw, scores_of


def embedding_dcgan_generator(image_shape, labels, embedding=50, latent_dim=100, width=64):
    """Build a generator of DCGAN that makes images of a class, of which there may be many.

    Args:
        image_shape: Tuple `(side, side, channels)`, as for `dcgan_generator`.
        labels: Integer >= 1, the number of classes.
        embedding: Integer >= 1, numbers of the vector of a class.
        latent_dim: Integer.
        width: Integer, channels of the layer before the last; each earlier one has twice more.

    Returns:
        `keras.Model` from `latents` `(n, latent_dim)` and `labels`, int32 `(n,)` from 0 up, to
        float32 images in [-1, 1].

    Raises:
        ValueError: A side or channel count that it cannot build.

    Example:

    ```python
    generator = embedding_dcgan_generator((32, 32, 3), labels=1000)
    generator([latents, labels])
    ```
    """
    ids = keras.Input((), dtype="int32", name="labels")
    condition = ids, layers.Embedding(labels, embedding)(ids)
    name = "embedding_dcgan_generator"
    return concatenating_generator(condition, image_shape, latent_dim, width, name)


def embedding_dcgan_discriminator(image_shape, labels, width=64):
    """Build a discriminator of DCGAN that sees an image beside a plane of its class.

    Args:
        image_shape: Tuple `(side, side, channels)`, as for `dcgan_generator`.
        labels: Integer >= 1, the number of classes.
        width: Integer, channels of the first layer; each later one has twice more.

    Returns:
        `keras.Model` from `images` in [-1, 1] and `labels`, int32 `(n,)`, to raw float32 scores
        `(n, 1)`.

    Raises:
        ValueError: A side or channel count that it cannot build.
    """
    height, side, _ = image_shape = checked_shape(image_shape)
    images = keras.Input(image_shape, name="images")
    ids = keras.Input((), dtype="int32", name="labels")
    plane = layers.Reshape((height, side, 1))(layers.Embedding(labels, height * side)(ids))
    scores = scores_of(maps_of(images, width, plane))
    return keras.Model([images, ids], raw(scores), name="embedding_dcgan_discriminator")
