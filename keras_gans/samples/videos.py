"""Videos: frames of images."""

import keras
import numpy as np

from keras_gans.data.resizing import MODES
from keras_gans.samples.images import Images
from keras_gans.samples.kind import Kind
from keras_gans.samples.pictures import make_large_grid, write_gif


@keras.saving.register_keras_serializable(package="keras_gans")
class Videos(Images):
    """Videos of shape `(frames, height, width, channels)`.

    Users hand over uint8 in [0, 255], or floats in `range`; they get uint8. A picture is a list of
    frames, each a grid of what all videos show at that time; a file is a GIF of them.

    Args:
        range: As of `Images`.

    Raises:
        ValueError: Another range.

    Example:

    ```python
    videos = np.zeros((4, 16, 64, 64, 3), "uint8")
    len(Videos().picture(videos, columns=2))  # 16
    ```
    """

    name = "videos"
    suffix = ".gif"

    def fits(self, shape):
        return len(shape) == 4 and shape[-1] in MODES

    def check(self, batch, shape, name="x"):
        Kind.check(self, batch, shape, name)

    def check_values(self, samples, name="x"):
        if samples.dtype != np.uint8:
            Kind.check_values(self, samples, name)

    def picture(self, samples, columns):
        return [make_large_grid(frame, columns) for frame in np.moveaxis(samples, 1, 0)]

    def write(self, samples, file):
        write_gif(self.picture(samples, int(np.ceil(np.sqrt(len(samples))))), file)
