"""Points: vectors of numbers, which stay as they are."""

import keras
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from keras_gans.samples.kind import Kind
from keras_gans.specs import Spec

SIDE = 256


@keras.saving.register_keras_serializable(package="keras_gans")
class Points(Kind):
    """Points of any shape: floats inside the networks and outside.

    A picture is a scatter plot of the first two coordinates of all of them, whatever `columns` is,
    with the number at the end of its axes: the power of 2 that reaches all; a file is numpy's.

    Example:

    ```python
    Points().picture(keras_gans.data.ring(500), columns=1).shape  # (256, 256, 1)
    ```
    """

    name = "points"
    suffix = ".npy"

    def fits(self, shape):
        return True

    def spec(self, shape):
        return Spec("points", tuple(shape), "float32")

    def picture(self, samples, columns):
        points = samples.reshape(len(samples), -1)[:, :2].astype("float64")
        points = np.pad(points, ((0, 0), (0, 2 - points.shape[1])))
        points = points[np.isfinite(points).all(axis=1)]
        reach = 2.0 ** np.ceil(np.log2(max(np.abs(points).max(initial=0), 2.0**-10)))
        picture = Image.new("L", (SIDE, SIDE), "white")
        draw = ImageDraw.Draw(picture)
        draw.rectangle((0, 0, SIDE - 1, SIDE - 1), outline=200)
        for line in (((SIDE / 2, 0), (SIDE / 2, SIDE)), ((0, SIDE / 2), (SIDE, SIDE / 2))):
            draw.line(line, fill=225)
        font = ImageFont.load_default(size=11)
        draw.text((SIDE - 4, SIDE / 2 - 2), f"{reach:g}", fill=110, font=font, anchor="rs")
        draw.text((SIDE / 2 + 4, 4), f"{reach:g}", fill=110, font=font, anchor="lt")
        for x, y in points / reach:
            x, y = (1 + x * 0.98) * SIDE / 2, (1 - y * 0.98) * SIDE / 2
            draw.ellipse((x - 1.5, y - 1.5, x + 1.5, y + 1.5), fill=0)
        return np.asarray(picture)[..., None]
