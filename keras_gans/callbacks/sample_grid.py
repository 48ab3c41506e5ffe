"""SampleGrid: what the generator makes of the same latents, epoch after epoch."""

from keras_gans.callbacks.pictures import EpochPictures, check_positive
from keras_gans.data.paths import local_path
from keras_gans.models import LatentModel
from keras_gans.samples.pictures import make_large_grid


class SampleGrid(EpochPictures):
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
        TypeError: At the start of `fit`, a model that does not make images of latents.
        ImportError: Likewise, where `tensorboard` is asked for and not installed.

    Example:

    ```python
    model.fit(images, epochs=20, callbacks=[SampleGrid("samples")])
    ```
    """

    def __init__(self, folder, rows=6, columns=8, latents=None, seed=0, every=1, tensorboard=None):
        super().__init__(folder, every)
        check_positive(rows=rows, columns=columns)
        self.rows = rows
        self.columns = columns
        self.latents = latents
        self.seed = seed
        self.tensorboard = tensorboard
        if tensorboard is not None:
            self.tensorboard = local_path(tensorboard, "The folder of TensorBoard")
        self._writer = None

    def on_train_begin(self, logs=None):
        if not isinstance(self.model, LatentModel) or len(self.model.image_shape) != 3:
            raise TypeError(
                "SampleGrid shows images that are generated from latents; "
                f"{type(self.model).__name__} makes none. TranslationGrid shows translations."
            )
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
        images = self.model.generate(latents=self.latents, batch_size=len(self.latents))
        grid = make_large_grid(images, self.columns)
        if self._writer is not None:
            import tensorflow as tf

            with self._writer.as_default():
                tf.summary.image("samples", grid[None], step=epoch)
        return grid


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
