"""SampleGrid: what the generator makes of the same latents, epoch after epoch."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from keras_gans.callbacks.pictures import (
    EpochPictures,
    check_positive,
    label_rows,
    put_before,
)
from keras_gans.data import to_uint8
from keras_gans.data.paths import local_path
from keras_gans.latents import only_or_all
from keras_gans.samples.pictures import below_each_other
from keras_gans.typing import FilePath, Latents

MOST_ROWS = 20  # Of a data set with a thousand classes the first ones are shown.


class SampleGrid(EpochPictures):
    """Save a picture of the same latents after each epoch, and an animation at the end.

    Where the model reads labels, each row has one, whose name stands at its left: by default one
    class after the other. An image that the model reads stands before its row; vectors are not
    shown. Writes `epoch_0000.png` (before training), `epoch_0001.png`, ... and `animation.gif`; of
    videos `epoch_0000.gif`, ..., which move. A notebook shows the newest below its cell. Where the
    folder holds pictures of earlier epochs, the animation begins with them: a resumed run keeps its
    folder, another run takes a folder of its own.

    Args:
        folder: Folder for the pictures; created where it is missing.
        rows: Integer; by default 6, or as many as there are classes, up to 20.
        columns: Integer.
        latents: Array `(rows * columns, latent_dim)`, or a dict of arrays where there are several
            sources; `None` to draw them with `seed`, as those of sources that it leaves out are.
        seed: Integer.
        every: Integer, epochs from one picture to the next.
        tensorboard: Folder for TensorBoard image summaries, or `None`.
        conditions: Dict from the names of what the networks read, or of sources of latents, to one
            value for each row: `{"labels": ["shirt", "bag"]}`.

    Raises:
        TypeError: At the start of `fit`, a model that does not generate from latents, or conditions
            that it does not read.
        ValueError: Likewise, conditions of which the model cannot know what to show, or that are
            missing or wrong.
        ImportError: Likewise, where `tensorboard` is asked for and not installed.

    Example:

    ```python
    model.fit(images, epochs=20, callbacks=[SampleGrid("samples")])
    ```
    """

    def __init__(
        self,
        folder: FilePath,
        rows: int | None = None,
        columns: int = 8,
        latents: Latents | None = None,
        seed: int = 0,
        every: int = 1,
        tensorboard: FilePath | None = None,
        conditions: Mapping[str, Any] | None = None,
    ):
        super().__init__(folder, every)
        check_positive(columns=columns, **({} if rows is None else {"rows": rows}))
        self.rows = rows
        self.columns = columns
        self.latents = latents
        self.seed = seed
        self.conditions = conditions
        self.tensorboard = tensorboard
        if tensorboard is not None:
            self.tensorboard = local_path(tensorboard, "The folder of TensorBoard")
        self._writer = None

    def on_train_begin(self, logs=None):
        if not hasattr(self.model, "draw_latents"):
            raise TypeError(
                "SampleGrid shows samples that are generated from latents; "
                f"{type(self.model).__name__} makes none. TranslationGrid shows translations."
            )
        if self.conditions is None:
            self.conditions = self.model.usual_conditions(self.rows or usual_rows(self.model))
        for name, values in self.conditions.items():
            if np.ndim(values) == 0:
                raise ValueError(
                    f"SampleGrid shows one value of each condition in a row, and {name} is "
                    f"{values!r}: pass a list with a value for each row, such as [{values!r}]."
                )
        given = {len(values) for values in self.conditions.values()} or {self.rows or 6}
        if len(given) > 1 or self.rows not in (None, *given):
            raise ValueError(
                f"SampleGrid shows one value of each condition in a row; its {self.rows or ''} "
                f"rows have {', '.join(f'{len(v)} {n}' for n, v in self.conditions.items())}."
            )
        (self.rows,) = given
        drawn = self.model.draw_latents(self.rows * self.columns, self.seed)
        by_name = self.model.latents_by_name
        given = {} if self.latents is None else by_name(self.latents)
        self.latents = only_or_all({**by_name(drawn), **given})
        if self.tensorboard is not None:
            self._writer = summary_writer(self.tensorboard)
        super().on_train_begin(logs)

    def on_train_end(self, logs=None):
        if self._writer is not None:
            self._writer.close()
        super().on_train_end(logs)

    def draw(self, epoch):
        return self.picture()

    def save(self, epoch):
        picture = super().save(epoch)
        if self._writer is not None:
            import tensorflow as tf

            frames = np.stack(picture) if isinstance(picture, list) else picture[None]
            with self._writer.as_default():
                tf.summary.image("samples", frames, step=epoch, max_outputs=len(frames))
        return picture

    def picture(self):
        """The samples, beside the names of classes and the images that the model reads."""
        of_each = {n: np.repeat(v, self.columns, axis=0) for n, v in self.conditions.items()}
        # What is given of a source takes the place of its draws.
        latents = self.model.latents_by_name(self.latents)
        latents = {n: of_each.pop(n, drawn) for n, drawn in latents.items()}
        n = self.rows * self.columns
        samples = self.model.generate(latents=latents, batch_size=n, **of_each)
        kind, names = self.model.samples, names_of_rows(self.model, self.conditions)
        specs = self.model.generator_inputs
        images = [v for n, v in self.conditions.items() if specs[n].kind == "images"]
        if not names and not images:
            return kind.picture(samples, self.columns)
        rows = [kind.picture(row, self.columns) for row in np.split(samples, self.rows)]
        for values in reversed(images):
            rows = [
                put_before(*one) for one in zip(to_uint8(np.asarray(values)), rows, strict=True)
            ]
        grid = below_each_other(rows)
        return label_rows(grid, names) if names else grid


def usual_rows(model):
    """How many rows show each class."""
    classes = [spec.classes for spec in model.generator_conditions.values() if spec.classes]
    return min(max(classes, default=6), MOST_ROWS)


def names_of_rows(model, conditions):
    """What stands beside each row: its classes, by their names where these are known."""
    classes = []
    for name, values in conditions.items():
        spec = model.generator_inputs[name]
        if "int" in spec.dtype and not spec.shape:
            named = dict(enumerate(spec.names))
            classes.append([named.get(v, str(v)) for v in values])
    return [", ".join(row) for row in zip(*classes, strict=True)]


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
