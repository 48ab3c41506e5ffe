"""Images as the bytes of PNG files."""

import io

import numpy as np


def png_of(image):
    """The bytes of a PNG file of a uint8 array `(height, width, channels)`."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image).save(file, "PNG")
    return file.getvalue()


def image_of(png):
    """The uint8 array `(height, width, channels)` in the bytes of a PNG file."""
    from PIL import Image

    return np.atleast_3d(np.asarray(Image.open(io.BytesIO(png))))
