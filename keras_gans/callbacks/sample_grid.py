"""SampleGrid: what the generator makes of the same latents, epoch after epoch."""

import os
from pathlib import Path

import keras
import numpy as np
from PIL import Image


class SampleGrid(keras.callbacks.Callback):
    """Save a PNG grid of the same latents after each epoch, and an animation at the end.

    Writes `epoch_0000.png` (before training), `epoch_0001.png`, ... and `animation.gif`. Where
    the folder holds grids of earlier epochs, the animation begins with them: a resumed run keeps
    its folder, another run takes a folder of its own.

    Args:
        folder: Folder for the pictures; created where it is missing.
        rows: Integer.
        columns: Integer.
        latents: Array `(rows * columns, latent_dim)`, or `None` to draw them with `seed`.
        seed: Integer.
        every: Integer, epochs from one grid to the next.
        tensorboard: Folder for TensorBoard image summaries, or `None`.

    Raises:
        ImportError: At the start of `fit`, where `tensorboard` is asked for and not installed.

    Example:

    ```python
    model.fit(images, epochs=20, callbacks=[SampleGrid("samples")])
    ```
    """

    def __init__(self, folder, rows=6, columns=8, latents=None, seed=0, every=1, tensorboard=None):
        super().__init__()
        self.folder = Path(folder)
        self.rows = rows
        self.columns = columns
        self.latents = latents
        self.seed = seed
        self.every = every
        self.tensorboard = tensorboard
        self._writer = None

    def on_train_begin(self, logs=None):
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.latents is None:
            self.latents = self.model.draw_latents(self.rows * self.columns, self.seed)
        if self.tensorboard is not None:
            self._writer = summary_writer(self.tensorboard)
        if not (self.folder / "epoch_0000.png").exists():
            self.save(0)

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0:
            self.save(epoch + 1)

    def on_train_end(self, logs=None):
        if self._writer is not None:
            self._writer.close()
        animate(sorted(self.folder.glob("epoch_*.png")), self.folder / "animation.gif")

    def save(self, epoch):
        """Write the grid after `epoch` epochs."""
        images = self.model.generate(latents=self.latents, batch_size=len(self.latents))
        grid = enlarge(make_grid(images, self.columns), max(1, 64 // images.shape[1]))
        save_png(grid, self.folder / f"epoch_{epoch:04d}.png")
        if self._writer is not None:
            import tensorflow as tf

            with self._writer.as_default():
                tf.summary.image("samples", grid[None], step=epoch)


def summary_writer(folder):
    try:
        import tensorboard  # noqa: F401
        import tensorflow as tf
    except ImportError as error:
        raise ImportError(
            "SampleGrid(tensorboard=...) writes its summaries with TensorFlow and TensorBoard, "
            f'and one of them is missing ({error}): pip install "keras_gans[tensorboard]".'
        ) from error
    return tf.summary.create_file_writer(str(folder))


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


def enlarge(image, times):
    """Repeat each pixel, so that small images can be seen without a magnifying glass."""
    return image.repeat(times, axis=0).repeat(times, axis=1)


def save_png(image, path):
    """Write a uint8 array `(height, width, channels)` as a PNG, aside first and then renamed."""
    aside = path.with_suffix(".part")
    Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image).save(aside, format="PNG")
    os.replace(aside, path)


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
        milliseconds = [int(1000 * seconds_per_frame)] * len(frames)
        milliseconds[-1] = 2000
        aside = path.with_suffix(".part")
        frames[0].save(
            aside,
            format="GIF",
            save_all=True,
            append_images=frames[1:],
            duration=milliseconds,
            loop=0,
        )
        os.replace(aside, path)
