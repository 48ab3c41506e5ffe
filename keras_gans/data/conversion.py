"""Image values: uint8 in [0, 255] outside the networks, floats in [-1, 1] inside them."""

import keras
import numpy as np
from keras import ops

from keras_gans.typing import Tensor


def to_float(images: Tensor) -> Tensor:
    """Scales uint8 images to [-1, 1]; floats only change their dtype.

    Runs inside a compiled step on every backend, so that a quarter of the bytes travels to the
    device.

    Args:
        images: Array or tensor of any shape: uint8 in [0, 255], or floats that are taken to be in
            [-1, 1] already.

    Returns:
        A tensor of `keras.config.floatx()` of the same shape, `images / 127.5 - 1` for uint8.

    Raises:
        ValueError: The dtype is neither uint8 nor a float.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import to_float

    to_float(np.array([0, 255], "uint8"))  # [-1, 1]
    ```
    """
    images = ops.convert_to_tensor(images)
    dtype = keras.backend.standardize_dtype(images.dtype)
    if dtype == "uint8":
        # In float32 even where floatx is shorter: bfloat16 cannot tell x / 127.5 of neighbouring
        # bright pixels apart, but it can once they are centred on zero.
        images = ops.cast(images, "float32") / 127.5 - 1.0
    elif "float" not in dtype:
        raise ValueError(
            f"Expected uint8 images in [0, 255] or float images in [-1, 1], but they are {dtype}. "
            'Convert them first, as with `images.astype("uint8")`.'
        )
    return ops.cast(images, keras.config.floatx())


def to_uint8(images: Tensor) -> Tensor:
    """Turns images in [-1, 1] into uint8 in [0, 255]; the inverse of `to_float` for every value.

    Rounds to the nearest value and clips what lies outside. A NaN pixel becomes 0: a cast alone
    would leave it to the device.

    Args:
        images: Array or tensor of any shape: floats in [-1, 1]. uint8 images pass unchanged.

    Returns:
        uint8 of the same shape: a numpy array for a numpy array, otherwise a tensor.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import to_uint8

    to_uint8(np.array([-1.0, 0.0, 1.0, 2.0]))  # [0, 128, 255, 255]
    ```
    """
    if isinstance(images, np.ndarray):
        if images.dtype == "uint8":
            return images
        converted = np.empty(images.shape, "uint8")
        # In pieces, so that no float copy of all is made.
        with np.nditer(
            [images, converted],
            flags=["external_loop", "buffered", "zerosize_ok"],
            op_flags=[["readonly"], ["writeonly"]],
            op_dtypes=["float32", "uint8"],
            casting="unsafe",
            buffersize=2**16,
        ) as pieces:
            for floats, pixels in pieces:
                scaled = np.nan_to_num((floats + 1.0) * 127.5, nan=0.0)
                pixels[...] = np.round(np.clip(scaled, 0.0, 255.0))
        return converted

    images = ops.convert_to_tensor(images)
    if keras.backend.standardize_dtype(images.dtype) == "uint8":
        return images
    pixels = (ops.cast(images, "float32") + 1.0) * 127.5
    pixels = ops.where(ops.isnan(pixels), ops.zeros_like(pixels), pixels)
    return ops.cast(ops.round(ops.clip(pixels, 0.0, 255.0)), "uint8")
