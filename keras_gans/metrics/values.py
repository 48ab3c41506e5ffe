"""What metrics are given: images as uint8 in [0, 255] or floats in [-1, 1]."""

import warnings

import keras
import numpy as np
from keras import ops

# Resizing overshoots a little; that is no mistake of range.
LIMIT = 1.01


class NaNOfNothing:
    """For a `keras.metrics.Mean` whose zero would be a score: of no images at all it is NaN."""

    def result(self):
        return self.total / self.count


def floats_of(*sides):
    """Batches of images that are compared, checked, as float32 tensors in [-1, 1].

    Args:
        *sides: Arrays or tensors, uint8 in [0, 255] or floats in [-1, 1].

    Raises:
        TypeError, ValueError: See `check_images`.
    """
    check_images(*sides)
    return [_to_float(images) for images in sides]


def _to_float(images):
    images = ops.convert_to_tensor(images)
    is_uint8 = keras.backend.standardize_dtype(images.dtype) == "uint8"
    images = ops.cast(images, "float32")
    return images / 127.5 - 1.0 if is_uint8 else images


def check_images(*sides):
    """Raises where images that are compared have no values that a metric knows.

    Values of numpy arrays are looked at. Those of tensors are not: inside a compiled function they
    have none, and what a network makes may overshoot.

    Args:
        *sides: Arrays or tensors.

    Raises:
        TypeError: Neither uint8 nor floats.
        ValueError: Arrays of floats outside [-1, 1], or that fill [0, 1] without a negative value.

    Warns about other arrays of floats without a negative value.
    """
    for images in sides:
        dtype = keras.backend.standardize_dtype(images.dtype)
        if dtype != "uint8" and "float" not in dtype:
            raise TypeError(f"Images are uint8 in [0, 255] or floats in [-1, 1], not {dtype}.")
    arrays = [x for x in sides if isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.size]
    if not arrays:
        return
    low, high = min(x.min() for x in arrays), max(x.max() for x in arrays)
    seen = f"Float images lie in [-1, 1]; these range from {low:.4g} to {high:.4g}. Pass uint8 in "
    if low < -LIMIT or high > LIMIT:
        raise ValueError(f"{seen}[0, 255], or scale or clip them.")
    if low >= 0 and high > 0:
        sentence = f"{seen}[0, 255]; or images * 2 - 1, if they lie in [0, 1]."
        if low < 0.1 and high > 0.9:
            raise ValueError(sentence)
        warnings.warn(sentence, stacklevel=4)  # Bright images of [-1, 1] look so, too.
