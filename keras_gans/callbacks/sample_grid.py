"""SampleGrid: what the generator makes of the same latents, epoch after epoch."""

import numpy as np

from keras_gans.callbacks.pictures import EpochPictures, check_positive, label_rows
from keras_gans.data.paths import local_path
from keras_gans.samples.pictures import below_each_other

MOST_ROWS = 20  # Of a data set with a thousand classes the first ones are shown.


class SampleGrid(EpochPictures):
    """Save a picture of the same latents after each epoch, and an animation at the end.

    Where the model reads labels, each row has one, whose name stands at its left: by default one
    class after the other. Writes `epoch_0000.png` (before training), `epoch_0001.png`, ... and
    `animation.gif`; of videos `epoch_0000.gif`, ..., which move. Where the folder holds pictures of
    earlier epochs, the animation begins with them: a resumed run keeps its folder, another run
    takes a folder of its own.

    Args:
        folder: Folder for the pictures; created where it is missing.
        rows: Integer; by default 6, or as many as there are classes, up to 20.
        columns: Integer.
        latents: Array `(rows * columns, latent_dim)`, or a dict of arrays where there are several
            sources; `None` to draw them with `seed`.
        seed: Integer.
        every: Integer, epochs from one picture to the next.
        tensorboard: Folder for TensorBoard image summaries, or `None`.
        conditions: Dict from the names of what the networks read, or of sources of latents, to one
            value for each row: `{"labels": ["shirt", "bag"]}`.

    Raises:
        TypeError: At the start of `fit`, a model that does not generate from latents.
        ValueError: Likewise, conditions of which the model cannot know what to show, or that it
            does not take.
        ImportError: Likewise, where `tensorboard` is asked for and not installed.

    Example:

    ```python
    model.fit(images, epochs=20, callbacks=[SampleGrid("samples")])
    ```
    """

    def __init__(
        self,
        folder,
        rows=None,
        columns=8,
        latents=None,
        seed=0,
        every=1,
        tensorboard=None,
        conditions=None,
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
        given = {len(values) for values in self.conditions.values()} or {self.rows or 6}
        if len(given) > 1 or self.rows not in (None, *given):
            raise ValueError(
                f"SampleGrid shows one value of each condition in a row; its {self.rows or ''} "
                f"rows have {', '.join(f'{len(v)} {n}' for n, v in self.conditions.items())}."
            )
        (self.rows,) = given
        if self.latents is None:
            self.latents = self.model.draw_latents(self.rows * self.columns, self.seed)
        if self.tensorboard is not None:
            self._writer = summary_writer(self.tensorboard)
        super().on_train_begin(logs)

    def on_train_end(self, logs=None):
        if self._writer is not None:
            self._writer.close()
        super().on_train_end(logs)

    def draw(self, epoch):
        picture = self.picture()
        if self._writer is not None:
            import tensorflow as tf

            frames = np.stack(picture) if isinstance(picture, list) else picture[None]
            with self._writer.as_default():
                tf.summary.image("samples", frames, step=epoch, max_outputs=len(frames))
        return picture

    def picture(self):
        """The samples, with a name beside each row where the model reads labels."""
        of_each = {n: np.repeat(v, self.columns, axis=0) for n, v in self.conditions.items()}
        latents = self.latents
        if isinstance(latents, dict):  # What is given of a source takes the place of its draws.
            latents = {n: of_each.pop(n, drawn) for n, drawn in latents.items()}
        n = self.rows * self.columns
        samples = self.model.generate(latents=latents, batch_size=n, **of_each)
        kind, names = self.model.samples, names_of_rows(self.model, self.conditions)
        if not names:
            return kind.picture(samples, self.columns)
        rows = [kind.picture(row, self.columns) for row in np.split(samples, self.rows)]
        return label_rows(below_each_other(rows), names)


def usual_rows(model):
    """How many rows show each class."""
    classes = [spec.classes for spec in model.conditions.values() if spec.classes]
    return min(max(classes, default=6), MOST_ROWS)


def names_of_rows(model, conditions):
    """What stands beside each row: its classes, by their names where these are known."""
    specs = {name: source.spec for name, source in model.latents.items()} | model.conditions
    classes = []
    for name, values in conditions.items():
        spec = specs[name]
        if "int" in spec.dtype and not spec.shape:
            named = spec.names and not isinstance(values[0], str)
            classes.append([spec.names[v] if named else str(v) for v in values])
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
