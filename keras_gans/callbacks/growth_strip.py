"""GrowthStrip: what the generator made of the same latents while it grew."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from PIL import Image

from keras_gans.callbacks.pictures import (
    as_decoration,
    at_one_size,
    check_positive,
    check_shown,
    in_order,
    label_rows,
    shown,
)
from keras_gans.data.paths import local_path
from keras_gans.samples.pictures import make_large_grid, save_png
from keras_gans.typing import FilePath

SIDE = 256  # Eight images of 1024 pixels would be a picture of 8,000, for each row.


class GrowthStrip(keras.callbacks.Callback):
    """Save a row of samples of each stage of growth, and all stages below each other.

    Writes `0008_0.50.png` for what 8x8 pixels look like at the end of an epoch with alpha 0.50, and
    at the end of training `strip.png`: of each resolution the row in the middle of its fade and the
    last one; other rows are deleted. All images are enlarged to the size that the model grows to,
    pixel by pixel, or to 256 pixels, to which larger ones are reduced. Where the
    folder holds rows of earlier epochs, the strip begins with them: a resumed run keeps its
    folder, another run takes a folder of its own.

    Args:
        folder: Folder for the pictures; created where it is missing.
        columns: Integer, images in a row.
        seed: Integer, of the latents.
        conditions: Dict from the names of what the networks read, such as `labels`, to an array
            with a row for each column; by default each class in turn.

    Raises:
        TypeError: At the start of `fit`, where the model does not grow, or conditions that it does
            not read.
        ValueError: Likewise, conditions that are missing or wrong.

    Example:

    ```python
    model.fit(images, epochs=20, callbacks=[GrowthStrip("growth")])
    ```
    """

    def __init__(
        self,
        folder: FilePath,
        columns: int = 8,
        seed: int = 0,
        conditions: Mapping[str, Any] | None = None,
    ):
        super().__init__()
        check_positive(columns=columns)
        self.folder = local_path(folder, "The folder of pictures")
        self.columns = columns
        self.seed = seed
        self.conditions = conditions

    def on_train_begin(self, logs=None):
        if not hasattr(self.model, "growth"):
            raise TypeError(
                "GrowthStrip shows models that grow, such as ProgressiveGAN; this one is a "
                f"{type(self.model).__name__}, whose samples SampleGrid shows."
            )
        check_shown(self.model, self.columns, self.seed, self.conditions)
        self.folder.mkdir(parents=True, exist_ok=True)

    def on_epoch_end(self, epoch, logs=None):
        stage = f"{int(logs['resolution']):04d}_{float(logs['alpha']):.2f}.png"
        with as_decoration(self.folder / stage):
            images = shown(self.model, self.columns, self.seed, self.conditions)
            images = at_one_size(images, min(self.model.image_shape[0], SIDE))
            save_png(make_large_grid(images, self.columns), self.folder / stage)
            paths = list(self.folder.glob("[0-9]*.png"))
            for path in {*paths} - {*stages_of(paths).values()}:
                path.unlink()

    def on_train_end(self, logs=None):
        with as_decoration(self.folder / "strip.png"):
            self.draw_strip()

    def draw_strip(self):
        """Write the rows of all stages below each other."""
        stages = stages_of(in_order(self.folder.glob("[0-9]*.png")))
        if not stages:
            return
        rows = []
        for path in stages.values():
            with Image.open(path) as row:
                pixels = np.asarray(row)
            rows.append(pixels if pixels.ndim == 3 else pixels[..., None])
        save_png(label_rows(np.concatenate(rows), list(stages)), self.folder / "strip.png")


def stages_of(paths):
    """Dict from labels to paths: of each resolution the middle of its fade, and its last row."""
    stages = {}
    paths = sorted(paths, key=lambda path: [float(number) for number in path.stem.split("_")])
    for resolution in dict.fromkeys(path.stem.split("_")[0] for path in paths):
        alphas = {
            float(path.stem.split("_")[1]): path
            for path in paths
            if path.stem.startswith(f"{resolution}_")
        }
        middle = min(alphas, key=lambda alpha: abs(alpha - 0.5))
        side = int(resolution)
        for alpha in sorted({middle, max(alphas)}):
            label = f"{side} x {side}" + (f", alpha {alpha:.2f}" if alpha < 1 else "")
            stages[label] = alphas[alpha]
    return stages
