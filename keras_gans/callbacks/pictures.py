"""Grids of images, PNG files, animations, and what draws one after each epoch."""

from pathlib import Path

import keras
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from keras_gans.data.aside import written_aside
from keras_gans.data.resizing import to_pillow


class EpochPictures(keras.callbacks.Callback):
    """Save what `draw` makes before training and after each epoch, and an animation at the end.

    Writes `epoch_0000.png` (before training), `epoch_0001.png`, ... and `animation.gif`. Where
    the folder holds pictures of earlier epochs, the animation begins with them: a resumed run
    keeps its folder, another run takes a folder of its own.

    Args:
        folder: Folder for the pictures; created where it is missing.
        every: Integer, epochs from one picture to the next.
    """

    def __init__(self, folder, every=1):
        super().__init__()
        self.folder = Path(folder)
        self.every = every

    def draw(self, epoch):
        """The picture after `epoch` epochs: uint8 `(height, width, channels)`."""
        raise NotImplementedError(f"{type(self).__name__} must implement `draw`.")

    def on_train_begin(self, logs=None):
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "epoch_0000.png").exists():
            self.save(0)

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0:
            self.save(epoch + 1)

    def on_train_end(self, logs=None):
        animate(sorted(self.folder.glob("epoch_*.png")), self.folder / "animation.gif")

    def save(self, epoch):
        """Write the picture after `epoch` epochs."""
        save_png(self.draw(epoch), self.folder / f"epoch_{epoch:04d}.png")


def make_grid(images, columns, gap=2):
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


def at_full_size(images, model):
    """Images of a model, enlarged pixel by pixel to the size that it grows to, if it grows."""
    times = model.image_shape[0] // images.shape[1]
    return images.repeat(times, axis=1).repeat(times, axis=2)


def make_large_grid(images, columns):
    """`make_grid`, with small images enlarged, so that they need no magnifying glass."""
    times = max(1, 64 // images.shape[1])
    return make_grid(images, columns).repeat(times, axis=0).repeat(times, axis=1)


def save_png(image, path):
    """Write a uint8 array `(height, width, channels)` as a PNG, aside first and then renamed."""
    with written_aside(path) as aside:
        to_pillow(image).save(aside, format="PNG")


def animate(pictures, path, seconds_per_frame=0.4):
    """Write the pictures as an endless animated GIF whose last frame stays longer.

    Args:
        pictures: List of paths, in order; none makes no animation.
        path: Path of the GIF.
        seconds_per_frame: Float.
    """
    frames = []
    for picture in pictures:
        with Image.open(picture) as image:
            frames.append(image.convert("RGB"))
    if frames:
        # A generator that grows leaves grids of several sizes.
        size = max(frame.size for frame in frames)
        frames = [frame.resize(size, Image.Resampling.NEAREST) for frame in frames]
        milliseconds = [int(1000 * seconds_per_frame)] * len(frames)
        milliseconds[-1] = 2000
        with written_aside(path) as aside:
            frames[0].save(
                aside,
                format="GIF",
                save_all=True,
                append_images=frames[1:],
                duration=milliseconds,
                loop=0,
            )


def label_rows(grid, labels):
    """Write a label beside each of the equally high rows of a grid.

    Args:
        grid: uint8 array `(height, width, 1 or 3)`.
        labels: List of strings, one for each row.

    Returns:
        uint8 array `(height, width + margin, channels)`.
    """
    height = len(grid) // len(labels)
    font = ImageFont.load_default(size=max(10, height // 6))
    widths = [font.getbbox(label)[2] for label in labels]
    margin = Image.new("L", (max(widths) + height // 4, len(grid)), "white")
    draw = ImageDraw.Draw(margin)
    for i, label in enumerate(labels):
        place = (margin.width - height // 12, i * height + height // 2)
        draw.text(place, label, fill="black", font=font, anchor="rm")
    column = np.asarray(margin)[..., None].repeat(grid.shape[-1], axis=-1)
    return np.concatenate([column, grid], axis=1)
