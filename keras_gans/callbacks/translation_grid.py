"""TranslationGrid: what a translator makes of the same images, epoch after epoch."""

import numpy as np

from keras_gans.callbacks.pictures import EpochPictures, label_rows
from keras_gans.samples.pictures import make_large_grid
from keras_gans.typing import FilePath, ImageArray


class TranslationGrid(EpochPictures):
    """Save a PNG of sources, outputs and targets after each epoch, and an animation at the end.

    The rows are labelled. Where the model translates back, there is a row of what becomes of the
    outputs on the way back to the sources: the reconstruction. Writes `epoch_0000.png` (before
    training), `epoch_0001.png`, ... and `animation.gif`; a resumed run keeps its folder.

    Args:
        folder: Folder for the pictures; created where it is missing.
        sources: uint8 array `(n, height, width, channels)`, one column for each.
        targets: Array of the same length, or `None`.
        direction: One of the model's directions; by default the first.
        every: Integer, epochs from one grid to the next.

    Raises:
        TypeError: At the start of `fit`, a model that does not translate.
        ValueError: Images that are not uint8; at the start of `fit`, rows of unequal number or
            size, or what `translate` of the model does not take.

    Example:

    ```python
    grid = TranslationGrid("samples", sources[:8], targets[:8])
    model.fit(dataset, epochs=20, callbacks=[grid])
    ```
    """

    def __init__(
        self,
        folder: FilePath,
        sources: ImageArray,
        targets: ImageArray | None = None,
        direction: str | None = None,
        every: int = 1,
    ):
        super().__init__(folder, every)
        for name, images in (("sources", sources), ("targets", targets)):
            if images is not None and np.asarray(images).dtype != np.uint8:
                raise ValueError(f"{name} must be uint8 images; they are {images.dtype}.")
        self.sources = sources
        self.targets = targets
        self.direction = direction

    def on_train_begin(self, logs=None):
        if not hasattr(self.model, "translate"):
            raise TypeError(
                "TranslationGrid shows models that translate images; "
                f"{type(self.model).__name__} does not. SampleGrid shows those with latents."
            )
        super().on_train_begin(logs)

    def rows(self):
        """Dict from the label of each row to its images."""
        directions = list(self.model.generators)
        direction = directions[0] if self.direction is None else self.direction
        outputs = self.model.translate(self.sources, direction=direction)
        rows = {"source": self.sources, "output": outputs}
        if len(directions) == 2:
            back = directions[1 - directions.index(direction)]
            rows["reconstruction"] = self.model.translate(outputs, direction=back)
        if self.targets is not None:
            rows["target"] = self.targets
        return rows

    def draw(self, epoch):
        rows = self.rows()
        if len({row.shape[:3] for row in rows.values()}) > 1:
            shapes = ", ".join(f"{name} {row.shape}" for name, row in rows.items())
            raise ValueError(
                f"TranslationGrid shows as many images of one size in every row, not {shapes}."
            )
        images = np.concatenate([as_rgb(row) for row in rows.values()])
        return label_rows(make_large_grid(images, len(self.sources)), list(rows))


def as_rgb(images):
    """Images of 1, 3 or 4 channels with 3, so that rows of several kinds fit together."""
    return images.repeat(3, axis=-1) if images.shape[-1] == 1 else images[..., :3]
