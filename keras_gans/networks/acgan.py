"""The discriminator of ACGAN on DCGAN's layers.

Odena et al. 2017, arXiv:1610.09585: one body, and beside the score of the source one of each class.
Its generator sees the one-hot code of the class beside the latents, which is
`conditional_dcgan_generator`. At 64x64x3, width 64 and ten labels the discriminator has 2,847,488
trainable parameters: those of DCGAN and 8,192 for each label.
"""

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.networks.dcgan import maps_of, raw, scores_of


def acgan_discriminator(image_shape, labels, width=64):
    """Build a discriminator of DCGAN that also tells classes.

    Args:
        image_shape: Tuple `(side, side, channels)`, as for `dcgan_generator`.
        labels: Integer >= 1, the number of classes.
        width: Integer, channels of the first layer; each later one has twice more.

    Returns:
        `keras.Model` from `images` in [-1, 1] to a dict: `scores`, raw float32 scores `(n, 1)`, and
        `logits`, float32 `(n, labels)`.

    Raises:
        ValueError: A side or channel count that it cannot build.

    Example:

    ```python
    discriminator = acgan_discriminator((32, 32, 1), labels=10)
    classes = discriminator(images)["logits"].numpy().argmax(axis=1)
    ```
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    maps = maps_of(images, width)
    logits = layers.Activation("linear", dtype="float32", name="logits")(scores_of(maps, labels))
    outputs = {"scores": raw(scores_of(maps)), "logits": logits}
    return keras.Model(images, outputs, name="acgan_discriminator")
