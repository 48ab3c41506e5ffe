"""One path from any picture to uint8 [height, width, channels]."""

import collections
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from PIL import ExifTags, Image, ImageOps

from keras_gans.data.storage import allocate, collect
from keras_gans.typing import Shape

ORIENTATION = ExifTags.Base.Orientation
MODES = {1: "L", 3: "RGB", 4: "RGBA"}
THREADS = min(8, os.cpu_count() or 1)  # Pillow decodes and resizes outside the interpreter's lock.


def check_image_shape(image_shape, open_sides=False, channels=tuple(MODES)):
    """Returns `image_shape` as a tuple `(height, width, channels)`.

    Args:
        image_shape: What a user gave.
        open_sides: Whether height and width may be `None`.
        channels: How many channels there may be; `None` for any number.

    Raises:
        ValueError: It is anything else.
    """
    shape = tuple(image_shape) if isinstance(image_shape, (tuple, list, np.ndarray)) else ()
    whole = [isinstance(size, (int, np.integer)) and size > 0 for size in shape]
    taken = [w or (open_sides and shape[i] is None and i < 2) for i, w in enumerate(whole)]
    if len(shape) != 3 or not all(taken) or (channels and shape[2] not in channels):
        also = ", None for a side that is open" if open_sides else ""
        also += ", with 1, 3 or 4 channels" if channels else ""
        raise ValueError(
            "image_shape is (height, width, channels), three integers such as (64, 64, 3)"
            f"{also}; it was {image_shape!r}."
        )
    return shape


def fit_image(
    image: Any,
    image_shape: Shape,
    background: str | tuple[int, int, int] = "white",
    max_value: float | None = None,
) -> np.ndarray:
    """Converts, resizes and centre-crops one Pillow image.

    The EXIF orientation is applied, more than 8 bits are scaled to 8 (Pillow's own conversion
    clips them), the shorter side is resized to fit and the longer one is cropped at both ends.

    The filter is Lanczos, which the data set tools of PGGAN and StyleGAN use: the sharpest of
    Pillow's filters, all of which average over every source pixel when they shrink (Parmar et
    al., "On Aliased Resizing and Surprising Subtleties in GAN Evaluation", arXiv:2104.11222).

    Args:
        image: A `PIL.Image.Image` of any mode.
        image_shape: `(height, width, channels)`: 1 channel is grey, 3 are RGB and 4 RGBA. A side
            that is `None` stays as it is.
        background: The colour behind transparent pixels where the channels are 1 or 3; a name or
            `(red, green, blue)` in [0, 255].
        max_value: The value that is white where pixels have more than 8 bits (0 is black): 4095
            for 12 bits in a file of 16. None for 65535 in files of 16 bits, where images that
            reach less than a quarter of it are refused.

    Returns:
        uint8 array [height, width, channels].

    Raises:
        ValueError: The pixels are floats or 32-bit integers, or dark ones of 16 bits, without
            `max_value`; or they lie outside of it.

    Example:

    ```python
    from PIL import Image
    from keras_gans.data import fit_image

    fit_image(Image.new("CMYK", (640, 480)), (64, 64, 3)).shape  # (64, 64, 3)
    ```
    """
    height, width, channels = check_image_shape(image_shape, open_sides=True)
    image = upright_8_bits(image, max_value)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        if channels != 4:
            canvas = Image.new("RGBA", image.size, background)
            canvas.alpha_composite(image)
            image = canvas.convert("RGB")
    elif image.mode not in ("1", "L", "RGB"):
        image = image.convert("RGB")
    size = width or image.width, height or image.height
    image = ImageOps.fit(image.convert(MODES[channels]), size, Image.Resampling.LANCZOS)
    return np.atleast_3d(np.asarray(image, "uint8"))


def upright_8_bits(image, max_value=None):
    """A Pillow image turned as its EXIF says, with 8 bits in a channel: what all loaders share.

    Args:
        image: A `PIL.Image.Image`.
        max_value: As in `fit_image`.

    Returns:
        Another `PIL.Image.Image`.

    Raises:
        ValueError: As in `fit_image`.
    """
    deep_colours = image.mode[:1] not in "IF" and any(
        ";16" in str(tile[3]) for tile in getattr(image, "tile", ())
    )
    scaled = image.mode == "I" and image.format == "PPM"  # By the range that its header states.
    image.load()
    orientation = _orientation(image)
    image = image.copy()
    for key in ("exif", "Raw profile type exif", "XML:com.adobe.xmp", "xmp"):
        image.info.pop(key, None)
    # Of the EXIF no more than this: what else is broken in it is no matter of the pixels.
    image.getexif()[ORIENTATION] = orientation
    image = ImageOps.exif_transpose(image)
    if image.mode[:1] in "IF":
        values = np.asarray(image)
        if scaled:
            max_value = 65535
        elif max_value is None:
            max_value = _stated_range(image.mode, values)
        return Image.fromarray(to_8_bits(values, max_value))
    if deep_colours and max_value != 65535:
        brightest = max(high for _, high in image.convert("RGB").getextrema())
        if max_value is not None or 0 < brightest < 64:
            raise ValueError(
                "of its 16 bits in a colour Pillow reads the upper 8, in which it is dark; "
                "convert it to 8 bits, or take it as it is by max_value=65535"
            )
    return image


def size_upright(image):
    """`(width, height)` that a Pillow image has in `upright_8_bits`, from its header."""
    return image.size[::-1] if _orientation(image) in (5, 6, 7, 8) else image.size


def _orientation(image):
    try:
        return image.getexif().get(ORIENTATION, 1)
    except Exception:  # A damaged EXIF raises nearly anything: the image is as it lies.
        return 1


def _stated_range(mode, values):
    high = int(values.max())
    if not mode.startswith("I;16"):
        raise ValueError(
            f"pixels of mode {mode} have no fixed range; say which value is white by `max_value`"
        )
    if 0 < high < 2**14:
        raise ValueError(
            f"its 16-bit pixels end at {high}, which is dark where 65535 is white; say which value "
            f"is white, as by max_value={max(255, 2 ** high.bit_length() - 1)}"
        )
    return 65535


def to_8_bits(values, max_value):
    """uint8 of an array of numbers in [0, max_value].

    Raises:
        ValueError: One lies outside.
    """
    low, high = values.min(), values.max()
    if not (low >= 0 and high <= max_value):  # Also where they are NaN.
        raise ValueError(
            f"its pixels range from {low:.6g} to {high:.6g}, not from 0 to max_value={max_value}"
        )
    return np.round(values / (max_value / 255)).astype("uint8")


def in_order(function, items):
    """What a function makes of each item, on several threads, without reading far ahead."""
    with ThreadPoolExecutor(THREADS) as pool:
        pending = collections.deque()
        for item in items:
            pending.append(pool.submit(function, item))
            if len(pending) == 64:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def fit_arrays(
    arrays,
    num_images,
    image_shape,
    background="white",
    memory_limit=4 * 2**30,
    max_value=None,
):
    """Takes uint8 arrays through `fit_image`.

    Args:
        arrays: Iterable of uint8 arrays [h, w], or [h, w, c] with 1, 3 or 4 channels.
        num_images: How many there are; None where that is not known.
        image_shape: As in `fit_image`.
        background: As in `fit_image`.
        memory_limit: Bytes beyond which the result lies in a temporary file.
        max_value: The value that is white in arrays of another dtype.

    Returns:
        uint8 array [num_images, height, width, channels].

    Raises:
        ValueError: Another dtype without `max_value`, or another count of channels.
    """
    image_shape = check_image_shape(image_shape)
    fitted = in_order(
        lambda array: fit_image(to_pillow(array, max_value), image_shape, background), arrays
    )
    if num_images is None:
        return collect(fitted, image_shape, memory_limit)
    images = allocate((num_images, *image_shape), memory_limit)
    for row, image in enumerate(fitted):
        images[row] = image
    return images


def to_pillow(array, max_value=None):
    """A Pillow image of an array [h, w], or [h, w, c] with 1, 3 or 4 channels.

    Args:
        array: uint8, or any numbers in [0, max_value].
        max_value: The value that is white where it is not uint8.
    """
    array = np.asarray(array)
    channels = 1 if array.ndim == 2 else array.shape[-1]
    known = array.dtype == np.uint8 or max_value is not None
    if not known or array.ndim not in (2, 3) or channels not in MODES or not array.size:
        raise ValueError(
            "Expected uint8 images [height, width, channels] with 1, 3 or 4 channels, but one is "
            f"{array.dtype} of shape {list(array.shape)}. Convert the images first, or say by "
            "`max_value` which value is white."
        )
    if array.dtype != np.uint8:
        array = to_8_bits(array, max_value)
    return Image.fromarray(array[..., 0] if array.ndim == 3 and channels == 1 else array)
