"""Pictures of several samples, and the files they are written to."""

import numpy as np

from keras_gans.data.aside import written_aside
from keras_gans.data.resizing import to_pillow
from keras_gans.typing import ImageArray


def make_grid(images: ImageArray, columns: int, gap: int = 2) -> np.ndarray:
    """Put images side by side, in rows of `columns`.

    Args:
        images: uint8 array `(n, height, width, channels)`.
        columns: Integer.
        gap: Integer, white pixels between images and around them.

    Returns:
        uint8 array `(grid height, grid width, channels)`.
    """
    n, height, width, channels = images.shape
    rows = -(-n // columns)
    tile = np.full((rows * columns, height + gap, width + gap, channels), 255, "uint8")
    tile[:n, :height, :width] = images
    tile = tile.reshape(rows, columns, height + gap, width + gap, channels)
    grid = tile.transpose(0, 2, 1, 3, 4).reshape(rows * (height + gap), -1, channels)
    return np.pad(grid, ((gap, 0), (gap, 0), (0, 0)), constant_values=255)


def make_large_grid(images, columns):
    """`make_grid`, with small images enlarged, so that they need no magnifying glass."""
    times = max(1, 64 // images.shape[1])
    return make_grid(images, columns).repeat(times, axis=0).repeat(times, axis=1)


def below_each_other(pictures):
    """Pictures of one width as one; of lists of frames each frame with those of its time."""
    if isinstance(pictures[0], list):
        return [np.concatenate(frames) for frames in zip(*pictures, strict=True)]
    return np.concatenate(pictures)


def save_picture(picture, stem):
    """Write a picture as a kind makes it: a PNG, or a GIF of a list of frames.

    Args:
        picture: uint8 array `(height, width, channels)`, or a list of them.
        stem: `pathlib.Path` without the suffix.
    """
    if not isinstance(picture, list):
        save_png(picture, stem.with_name(f"{stem.name}.png"))
        return
    with written_aside(stem.with_name(f"{stem.name}.gif")) as aside:
        write_gif(picture, aside)


def save_png(image, path):
    """Write a uint8 array `(height, width, channels)` as a PNG, aside first and then renamed."""
    with written_aside(path) as aside:
        to_pillow(image).save(aside, format="PNG")


def write_gif(frames, file, milliseconds=100):
    """Write frames as a GIF that repeats without end.

    Args:
        frames: List of uint8 arrays `(height, width, channels)`.
        file: Path, or an open file.
        milliseconds: Integer, how long each frame stays, or a list of one for each.
    """
    first, *rest = (to_pillow(frame).convert("RGB") for frame in frames)
    first.save(file, format="GIF", save_all=True, append_images=rest, duration=milliseconds, loop=0)
