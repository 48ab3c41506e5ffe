"""Checkpoint: go on after an interruption as if there had been none."""

import os
from pathlib import Path

import keras


class Checkpoint(keras.callbacks.Callback):
    """Save everything that training needs after each epoch; the next `fit` goes on from there.

    The file holds all weights, both optimizers and every random state. It is written aside and
    renamed, and the one before it is deleted only then: a kill at any moment leaves a whole one.
    Interrupted inside an epoch, training goes on from the epoch's beginning. Put it last: an epoch
    whose other callbacks did not finish is then trained again. The weights are those of a straight
    run where the data come in the same order again, as those of `keras_gans.data.images` do; an
    array that `fit` shuffles comes in a new one.

    Args:
        folder: Folder for the checkpoints; created where it is missing.

    Example:

    ```python
    model.fit(dataset, epochs=100, callbacks=[Checkpoint("run/checkpoint")])
    ```
    """

    def __init__(self, folder):
        super().__init__()
        self.folder = Path(folder)

    def on_train_begin(self, logs=None):
        self.folder.mkdir(parents=True, exist_ok=True)
        epoch, path = self.latest()
        if path is not None:
            self.model.load_weights(path)
            # Keras reads it after `on_train_begin`, as its own BackupAndRestore expects.
            self.model._initial_epoch = epoch

    def on_epoch_end(self, epoch, logs=None):
        aside = self.folder / "aside.weights.h5"
        self.model.save_weights(aside, overwrite=True)
        earlier = list(self.folder.glob("epoch_*.weights.h5"))
        path = self.folder / f"epoch_{epoch + 1:06d}.weights.h5"
        os.replace(aside, path)
        for old in earlier:
            if old != path:
                old.unlink()

    def on_epoch_begin(self, epoch, logs=None):
        self.model._initial_epoch = None  # It has been read; a later `fit` begins at its own.

    def on_train_end(self, logs=None):
        self.model._initial_epoch = None  # Where there was no epoch left to begin.

    def latest(self):
        """`(epochs finished, path)` of the newest checkpoint, `(0, None)` where there is none."""
        paths = sorted(self.folder.glob("epoch_*.weights.h5"))
        if not paths:
            return 0, None
        return int(paths[-1].name.removeprefix("epoch_").removesuffix(".weights.h5")), paths[-1]
