"""Pictures that someone sends, of unknown size and content."""

import base64
import io
import struct

import numpy as np

from keras_gans.data import fit_image
from keras_gans.serving.explorer.errors import RequestError
from keras_gans.serving.explorer.limits import check_pixels
from keras_gans.serving.pngs import png_of

FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")


def open_picture(content, max_pixels, formats=FORMATS):
    """A picture of which nothing but its header is read yet.

    Args:
        content: Bytes of a file.
        max_pixels: Integer.
        formats: Names of those that Pillow may try.

    Raises:
        RequestError: It is no such picture, or one of more pixels: a few bytes can hold billions.
    """
    from PIL import Image

    try:
        picture = Image.open(io.BytesIO(content), formats=formats)
        pixels = picture.width * picture.height
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pixels = float("inf")
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise RequestError(f"The {len(content)} bytes are no {', '.join(formats)}.") from error
    if pixels > max_pixels:
        size = "hundreds of millions of" if pixels == float("inf") else f"{pixels:,}"
        raise RequestError(f"The picture has {size} pixels; {max_pixels:,} are the most.")
    return picture


def picture_of(content, image_shape, limits):
    """A picture as a translator takes it.

    Args:
        content: Bytes of a file.
        image_shape: `(height, width, channels)` that the translator takes; where a side is open,
            `None`, the picture keeps its size, cut to multiples of 16, up to `limits.side`.
        limits: `Limits`.

    Returns:
        uint8 array `(height, width, channels)`.

    Raises:
        RequestError: It cannot be read, or is too large.
    """
    picture = open_picture(content, limits.pixels)
    shrunk = min(1.0, limits.side / max(picture.size))
    open_sides = [max(int(side * shrunk) // 16 * 16, 16) for side in reversed(picture.size)]
    height, width = (
        side or open_side for side, open_side in zip(image_shape[:2], open_sides, strict=True)
    )
    try:
        return fit_image(picture, (height, width, image_shape[2]))
    except (OSError, SyntaxError, ValueError, struct.error) as error:
        raise RequestError(f"The picture is damaged: {error}.") from error


def check_pngs(name, pngs, limits):
    """Refuse bytes that are no PNGs of one size, or more than the limit together.

    Args:
        name: Name of the tensor.
        pngs: Array of bytes.
        limits: `Limits`.

    Returns:
        Integer: the pixels of all, told from their headers.
    """
    sizes = [open_picture(png, limits.model_pixels, formats=("PNG",)).size for png in pngs.flat]
    if len(set(sizes)) > 1:
        raise RequestError(
            f"The PNGs of {name} must have one size; they have {sorted(set(sizes))}."
        )
    pixels = sum(width * height for width, height in sizes)
    check_pixels(pixels, limits)
    return pixels


def data_url(image):
    """A uint8 image `(height, width, channels)` as a URL that a page can show and save."""
    return f"data:image/png;base64,{base64.b64encode(png_of(np.asarray(image))).decode()}"
