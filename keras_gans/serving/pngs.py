"""Images as the bytes of PNG files."""

import io

import numpy as np
from PIL import Image

from keras_gans.data.resizing import to_pillow


def png_of(image):
    """The bytes of a PNG file of a uint8 array `(height, width, channels)`."""
    file = io.BytesIO()
    to_pillow(image).save(file, "PNG")
    return file.getvalue()


def image_of(png):
    """The uint8 array `(height, width, channels)` in the bytes of a PNG file."""
    return np.atleast_3d(np.asarray(Image.open(io.BytesIO(png))))
