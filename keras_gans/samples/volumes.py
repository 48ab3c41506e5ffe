"""Volumes: how full each cell of a box is."""

import keras
import numpy as np
from keras import ops

from keras_gans.samples.kind import Kind
from keras_gans.samples.pictures import make_grid
from keras_gans.specs import Spec

SIDE = 96  # Pixels of a volume in a picture.
STEPS = 400  # Along a ray.
# The way of a pixel's ray through (depth, height, width), and what lies right of and below it.
TURN, TILT = np.radians(35), np.radians(28)
RIGHT = np.array([-np.sin(TURN), 0, np.cos(TURN)])
RAY = np.array([np.cos(TILT) * np.cos(TURN), np.sin(TILT), np.cos(TILT) * np.sin(TURN)])
BELOW = np.cross(RIGHT, RAY)
# Brightness of a cell's front, top and side.
FACES = np.array([150, 235, 80])


@keras.saving.register_keras_serializable(package="keras_gans")
class Volumes(Kind):
    """Volumes of shape `(depth, height, width, 1)`: occupancies of cells.

    Users hand over booleans or floats in [0, 1]; they get float32 in [0, 1], as a generator that
    ends in a sigmoid makes them. A picture is a grid of the cells above 0.5, seen from the front,
    from above and from the left, height downwards; a file is numpy's.

    Example:

    ```python
    Volumes().save(model.generate(16), "runs/chairs.npy")
    ```
    """

    name = "volumes"
    suffix = ".npy"
    range = (0, 1)

    def fits(self, shape):
        return len(shape) == 4 and shape[-1] == 1

    def to_outside(self, floats):
        floats = super().to_outside(floats)
        return floats.clip(0, 1) if isinstance(floats, np.ndarray) else ops.clip(floats, 0, 1)

    def spec(self, shape):
        return Spec("volumes", tuple(shape), "float32", 0, 1)

    def picture(self, samples, columns):
        return make_grid(shaded(samples[..., 0] > 0.5), columns)


def shaded(volumes):
    """Solids of equal cells as uint8 images, each pixel with the face that its ray meets first.

    Args:
        volumes: Bool array `(n, depth, height, width)`.

    Returns:
        uint8 array `(n, SIDE, SIDE, 1)`; white where a ray meets nothing.
    """
    size = np.array(volumes.shape[1:])
    reach = np.linalg.norm(size) / 2
    pixels = np.linspace(-reach, reach, SIDE)
    way = np.linspace(-reach, reach, max(STEPS, int(4 * reach)))
    start = (pixels[:, None, None] * BELOW + pixels[:, None] * RIGHT + size / 2).astype("float32")
    # (row, column, step, axis)
    cells = np.floor(start[:, :, None] + (way[:, None] * RAY).astype("float32")).astype("int16")
    inside = ((cells >= 0) & (cells < size)).all(-1)
    flat = np.ravel_multi_index(tuple(np.moveaxis(cells, -1, 0)), size, mode="clip")
    images = np.full((len(volumes), SIDE, SIDE, 1), 255, "uint8")
    for image, volume in zip(images, volumes, strict=True):
        met = volume.ravel()[flat] & inside
        first = met.argmax(-1)
        cell = np.take_along_axis(cells, first[..., None, None], 2)[:, :, 0]
        # A ray comes through that face of a cell whose plane it crosses last.
        shade = FACES[((cell - start) / RAY).argmax(-1)] * (1.1 - 0.5 * first / len(way))
        image[..., 0] = np.where(met.any(-1), shade.clip(0, 250), 255)
    return images
