"""Shapes of images: (height, width, channels), in that order."""

import keras

from keras_gans.data.resizing import check_image_shape


def check_channels_last():
    """Raise a sentence where Keras is set to (channels, height, width).

    Raises:
        ValueError: It is.
    """
    if keras.config.image_data_format() != "channels_last":
        raise ValueError(
            "keras_gans takes images of (height, width, channels), and Keras is set to "
            '"channels_first" (in ~/.keras/keras.json, or by a call). Call '
            '`keras.config.set_image_data_format("channels_last")` before networks are built.'
        )


def checked_shape(image_shape, open_sides=False):
    """`image_shape` as a tuple of three sizes.

    Args:
        image_shape: What a user gave as `(height, width, channels)`.
        open_sides: Bool. Whether a side may be `None`.

    Returns:
        Tuple `(height, width, channels)` of integers >= 1.

    Raises:
        ValueError: It is anything else, or Keras is set to "channels_first".
    """
    check_channels_last()
    return check_image_shape(image_shape, open_sides, channels=None)
