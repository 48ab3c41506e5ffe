"""Shapes of images: (height, width, channels), in that order."""

import keras
import numpy as np


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
    shape = tuple(image_shape) if isinstance(image_shape, (tuple, list, np.ndarray)) else ()
    taken = [
        (isinstance(size, (int, np.integer)) and size > 0)
        or (open_sides and size is None and i < 2)
        for i, size in enumerate(shape)
    ]
    if len(shape) != 3 or not all(taken):
        also = ", None for a side that is open" if open_sides else ""
        raise ValueError(
            f"image_shape is (height, width, channels), three integers such as (64, 64, 3){also}; "
            f"it was {image_shape!r}."
        )
    return shape
