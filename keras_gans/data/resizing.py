"""One path from any picture to uint8 [height, width, channels]."""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from PIL import Image, ImageOps

from keras_gans.data.storage import allocate

MODES = {1: "L", 3: "RGB", 4: "RGBA"}
THREADS = min(8, os.cpu_count() or 1)  # Pillow decodes and resizes outside the interpreter's lock.


def check_image_shape(image_shape):
    """Returns `image_shape` as a tuple `(height, width, channels)` of 1, 3 or 4 channels.

    Raises:
        ValueError: It is anything else.
    """
    shape = tuple(image_shape)
    sizes = all(isinstance(size, (int, np.integer)) and size > 0 for size in shape)
    if len(shape) != 3 or not sizes or shape[2] not in MODES:
        raise ValueError(
            "Expected `image_shape` to be (height, width, channels) with 1, 3 or 4 channels, but "
            f"it is {image_shape}. Pass a shape such as (64, 64, 3)."
        )
    return shape


def fit_image(image, image_shape, background="white"):
    """Converts, resizes and centre-crops one Pillow image.

    The EXIF orientation is applied, 16-bit grey is scaled to 8 bits (Pillow's own conversion clips
    it), the shorter side is resized to fit and the longer one is cropped at both ends.

    The filter is Lanczos, which the data set tools of PGGAN and StyleGAN use: the sharpest of
    Pillow's filters, all of which average over every source pixel when they shrink (Parmar et
    al., "On Aliased Resizing and Surprising Subtleties in GAN Evaluation", arXiv:2104.11222).

    Args:
        image: A `PIL.Image.Image` of any mode but floating point.
        image_shape: `(height, width, channels)`: 1 channel is grey, 3 are RGB and 4 RGBA. A side
            that is `None` stays as it is.
        background: The colour behind transparent pixels where the channels are 1 or 3; a name or
            `(red, green, blue)` in [0, 255].

    Returns:
        uint8 array [height, width, channels].

    Raises:
        ValueError: The pixels are floats or 32-bit integers, whose range no file says.

    Example:

    ```python
    from PIL import Image
    from keras_gans.data import fit_image

    fit_image(Image.new("CMYK", (640, 480)), (64, 64, 3)).shape  # (64, 64, 3)
    ```
    """
    height, width, channels = image_shape
    image = ImageOps.exif_transpose(image)
    if image.mode == "F" or image.mode.startswith("I"):
        image = _to_8_bits(image)
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


def fit_arrays(arrays, num_images, image_shape, background="white", memory_limit=4 * 2**30):
    """Takes uint8 arrays through `fit_image`.

    Args:
        arrays: Iterable of `num_images` uint8 arrays [h, w], or [h, w, c] with 1, 3 or 4 channels.
        num_images: How many there are.
        image_shape: As in `fit_image`.
        background: As in `fit_image`.
        memory_limit: Bytes beyond which the result lies in a temporary file.

    Returns:
        uint8 array [num_images, height, width, channels].

    Raises:
        ValueError: Another dtype or count of channels.
    """
    images = allocate((num_images, *image_shape), memory_limit)

    def convert(row, array):
        images[row] = fit_image(to_pillow(array), image_shape, background)

    with ThreadPoolExecutor(THREADS) as pool:
        pending = []
        for row, array in enumerate(arrays):
            pending.append(pool.submit(convert, row, array))
            if len(pending) == 64:  # So that a stream is never read far ahead into memory.
                pending.pop(0).result()
        for future in pending:
            future.result()
    return images


def to_pillow(array):
    """A Pillow image of a uint8 array [h, w], or [h, w, c] with 1, 3 or 4 channels."""
    array = np.asarray(array)
    channels = 1 if array.ndim == 2 else array.shape[-1]
    if array.dtype != np.uint8 or array.ndim not in (2, 3) or channels not in MODES:
        raise ValueError(
            "Expected uint8 images [height, width, channels] with 1, 3 or 4 channels, but one is "
            f"{array.dtype} of shape {list(array.shape)}. Convert the images first."
        )
    return Image.fromarray(array[..., 0] if array.ndim == 3 and channels == 1 else array)


def _to_8_bits(image):
    values = np.asarray(image)
    # Files of 16 bits open as "I;16" or, some formats, as "I" with values up to 65535.
    if image.mode == "F" or values.min() < 0 or values.max() > 65535:
        raise ValueError(f"pixels of mode {image.mode} have no fixed range")
    return Image.fromarray(np.round(values / 257.0).astype("uint8"))
