"""Images: uint8 outside the networks, floats in [-1, 1] or [0, 1] inside them."""

import keras
import numpy as np

from keras_gans.data.checks import check_finite, check_images, check_range
from keras_gans.data.conversion import to_float, to_uint8
from keras_gans.data.resizing import MODES, to_pillow
from keras_gans.samples.kind import Kind
from keras_gans.samples.pictures import make_large_grid
from keras_gans.specs import Spec


@keras.saving.register_keras_serializable(package="keras_gans")
class Images(Kind):
    """Images of shape `(height, width, channels)`.

    Users hand over uint8 in [0, 255], or floats in `range`; they get uint8. A picture is a grid,
    in which small images are enlarged; a file is a PNG of it.

    Args:
        range: Range of the floats inside the networks: `(-1, 1)` for a generator that ends in a
            tanh, `(0, 1)` for one that ends in a sigmoid.

    Raises:
        ValueError: Another range.

    Example:

    ```python
    Images().to_outside(np.array([-1.0, 0.0, 1.0]))  # [0, 128, 255]
    ```
    """

    name = "images"
    suffix = ".png"

    def __init__(self, range=(-1, 1)):
        self.range = tuple(range)
        if self.range not in ((-1, 1), (0, 1)):
            raise ValueError(
                f"The range of {self.name} inside the networks is (-1, 1), or (0, 1) where the "
                f"generator ends in a sigmoid; it was {range!r}."
            )

    def get_config(self):
        return {"range": self.range}

    def fits(self, shape):
        return len(shape) == 3 and shape[-1] in MODES

    def are(self, samples):
        return samples.dtype == np.uint8 and self.fits(samples.shape[1:])

    def vectors(self, samples):
        *_, height, width, channels = samples.shape
        side = max(1, min(height, width) // 8)
        rows, columns = height // side, width // side
        squares = samples[..., : rows * side, : columns * side, :].reshape(
            len(samples), -1, rows, side, columns, side, channels
        )
        return squares.mean((3, 5), dtype="float64").reshape(len(samples), -1)

    def check(self, batch, shape, name="x"):
        check_images(batch, shape, name, self.range)

    def check_values(self, samples, name="x"):
        if "float" in samples.dtype.name:
            check_range(*check_finite(samples, name), name, self.range)

    def to_floats(self, samples):
        floats = to_float(samples)
        if is_uint8(samples) and self.range == (0, 1):
            return (floats + 1) / 2
        return floats

    def to_outside(self, floats):
        return to_uint8(floats if is_uint8(floats) else self.to_signed(floats))

    def spec(self, shape):
        return Spec(self.name, tuple(shape), "uint8", 0, 255)

    def picture(self, samples, columns):
        return make_large_grid(samples, columns)

    def write(self, samples, file):
        columns = int(np.ceil(np.sqrt(len(samples))))
        to_pillow(self.picture(samples, columns)).save(file, format="PNG")


def is_uint8(samples):
    return keras.backend.standardize_dtype(samples.dtype) == "uint8"
