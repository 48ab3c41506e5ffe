"""Checkpoint: go on after an interruption as if there had been none."""

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
import time
import warnings
from typing import Any

import keras
import numpy as np

from keras_gans.callbacks.run_state import (
    callback_states,
    compile_settings,
    restore_callback_states,
)
from keras_gans.data.paths import local_path
from keras_gans.engine.adversarial_model import AdversarialModel
from keras_gans.engine.keras_internals import begin_fit_at
from keras_gans.engine.training_state import (
    epoch_means,
    restore_epoch_means,
    restore_training_state,
    training_state,
)
from keras_gans.typing import FilePath

STATE = "state.npz"
PROGRESS = "progress.json"
NAME = re.compile(r"epoch_(\d{6,})_step_(\d{6,})")


class CheckpointError(ValueError):
    """Training cannot begin where it was left; the message says what to do."""


class Checkpoint(keras.callbacks.Callback):
    """Save everything that training needs; the next `fit` goes on exactly from there.

    A checkpoint is a folder `epoch_<finished epochs>_step_<finished steps of the next one>`. It
    holds all weights, all optimizers, every random state, the epoch's means so far, and what the
    callbacks of the `fit` remember: the best score of `ModelCheckpoint`, the patience of
    `EarlyStopping` and `ReduceLROnPlateau`, the state of `CollapseMonitor`, `Score` and
    `ScoreEarlyStopping`, and of callbacks of your own that have `get_state()`, which returns what
    JSON can hold, and `set_state(state)`. It is written aside and renamed, and older ones are
    deleted only then: a kill at any moment leaves a whole one. The checksum of each is verified
    before it is read;
    where one is damaged, a warning names it and the one before it is used. A checkpoint that
    cannot be written (a full disk) is a warning, too: training goes on. Weights that hold NaN are
    never saved.

    A resumed run ends with the weights of an uninterrupted one, bit for bit on a CPU, where its
    data come in the same order: one array, `keras_gans.data.images`, or a `tf.data.Dataset` whose
    shuffles have a seed. Resumed inside an epoch, it reads the epoch's first batches and trains
    on the rest. Where the order is another or cannot be known, a warning says so. Another one says
    where `compile` was given other settings than the run has: learning rates are the checkpoint's,
    since callbacks may have changed them; all others are the new ones.

    Put it last: an epoch whose other callbacks did not finish is then resumed before its end.

    Args:
        folder: Folder for the checkpoints; created where it is missing.
        save_freq: `"epoch"`, or an integer: also save after so many steps, counted in each epoch.
        minutes: Number > 0, or `None`: also save where the last checkpoint is so many minutes old.
        keep: Integer, how many of the newest checkpoints are kept, and likewise of those at the
            ends of epochs.

    Raises:
        ValueError: `save_freq`, `minutes` or `keep` is none of these, or the folder is remote.
        CheckpointError: In `fit`: the folder cannot be written to, no checkpoint in it is whole,
            or they are another model's, or of other classes.
        TypeError: In `fit`: a model that is none of `keras_gans`.

    Example:

    ```python
    model.fit(dataset, epochs=100, callbacks=[Checkpoint("run/checkpoint", minutes=5)])
    ```
    """

    def __init__(
        self,
        folder: FilePath,
        save_freq: str | int = "epoch",
        keep: int = 2,
        minutes: float | None = None,
    ):
        super().__init__()
        if save_freq != "epoch" and not (isinstance(save_freq, int) and save_freq > 0):
            raise ValueError(
                f'save_freq is "epoch" or a positive number of steps; it was {save_freq!r}.'
            )
        if keep < 1:
            raise ValueError(f"keep is the number of checkpoints to keep, 1 or more, not {keep}.")
        if minutes is not None and not minutes > 0:
            raise ValueError(f"minutes is a number above 0, or None; it was {minutes!r}.")
        self.folder = local_path(folder, "The folder of checkpoints")
        self.save_freq = save_freq
        self.keep = keep
        self.minutes = minutes

    def paths(self):
        """The checkpoints in the folder, oldest first."""
        if not self.folder.is_dir():
            return []
        found = (path for path in self.folder.iterdir() if NAME.fullmatch(path.name))
        return sorted(found, key=_place)

    # When Keras calls.

    def set_model(self, model):
        super().set_model(model)
        if not isinstance(model, AdversarialModel):
            raise TypeError(
                f"Checkpoint saves models of keras_gans, and {model.name} is a plain "
                f"{type(model).__name__}: for it there is keras.callbacks.BackupAndRestore."
            )
        for callback in model.fit_callbacks.all if self.paths() else ():
            if isinstance(callback, keras.callbacks.CSVLogger):
                callback.append = True  # Or it would begin its file anew.

    def on_train_begin(self, logs=None):
        self._check_folder()
        self._rolled_back = False
        self._epoch_means = None
        self._callback_states = None
        self._fingerprint = self.model.data_order.fingerprint()
        self._settings = compile_settings(self.model)
        self._last = (0, 0)
        self._written = time.monotonic()
        found = self._newest_whole()
        if found is None:
            return
        path, progress = found
        self._check_classes(progress.get("class_names"))
        self._callback_states = progress.get("callbacks", {}), self._load(path)
        epoch, step = self._last = progress["epoch"], progress["step"]
        self._warn_of_other_settings(progress.get("settings", {}))
        # Here for a run that is finished, and again when those after this one have begun.
        new = restore_callback_states(self.model.fit_callbacks.all, *self._callback_states)
        if new:
            warnings.warn(
                f"The checkpoint {path} holds nothing of {', '.join(new)}, which begins anew.",
                stacklevel=2,
            )
        if epoch >= self.params["epochs"]:
            warnings.warn(
                f"{path} has all of the {self.params['epochs']} epochs: nothing is left to train. "
                "Say more `epochs` to go on, or another folder to begin anew.",
                stacklevel=2,
            )
        # Keras reads it after `on_train_begin`, as its own BackupAndRestore expects.
        begin_fit_at(self.model, epoch)
        if step:
            self._epoch_means = progress["epoch_means"]
        self._warn_of_another_order(progress)
        self.model.data_order.begin_at(self.model, epoch, step)

    def on_epoch_begin(self, epoch, logs=None):
        begin_fit_at(self.model, None)  # It has been read; a later `fit` begins at its own.
        if self._epoch_means is not None:
            restore_epoch_means(self.model, self._epoch_means)
            self._epoch_means = None
        elif self._last[0] != epoch:  # An `initial_epoch`, or the epoch after a finished one.
            self._last = (epoch, 0)

    # At the end of a step it would switch off the asynchronous logs of JAX and PyTorch.
    def on_train_batch_begin(self, batch, logs=None):
        epoch, last = self._last
        if batch < last:  # These steps of a resumed epoch are passed over.
            return
        if self._callback_states is not None:
            restore_callback_states(self.model.fit_callbacks.all, *self._callback_states)
            self._callback_states = None
        old = self.minutes is not None and time.monotonic() - self._written > 60 * self.minutes
        # With several steps per execution, the step that is due may lie inside one.
        due = self.save_freq != "epoch" and batch // self.save_freq > last // self.save_freq
        if batch > last and (due or old):
            self._save(epoch, batch)

    def on_epoch_end(self, epoch, logs=None):
        self._save(epoch + 1, 0)

    def on_train_end(self, logs=None):
        begin_fit_at(self.model, None)  # Where there was no epoch left to begin.

    def roll_back(self, epoch: int) -> Any:
        """Restore the newest checkpoint written before `epoch` began, and save no more.

        Those written after it are deleted. The next `fit` saves, and goes on from there.

        Args:
            epoch: Integer, counted from 0.

        Returns:
            Path of the checkpoint; `None` where there is none, and nothing is deleted then.
        """
        self._rolled_back = True
        paths = self.paths()
        for i in reversed(range(len(paths))):
            if _place(paths[i]) <= (epoch, 0) and self._read(paths[i]) is not None:
                self._load(paths[i])
                for later in paths[i + 1 :]:
                    shutil.rmtree(later)
                return paths[i]
        return None

    # Writing.

    def _save(self, epoch, step):
        self._last = (epoch, step)
        self._written = time.monotonic()
        if self._rolled_back:
            return
        name = f"epoch_{epoch:06d}_step_{step:06d}"
        kept = self.paths()
        last_good = f"The last good one is {kept[-1]}." if kept else "There is none yet."
        state = training_state(self.model)
        spoiled = sum(not np.isfinite(array).all() for array in state.values())
        if spoiled:
            warnings.warn(
                f"{self.folder / name} was not written: {spoiled} of {len(state)} variables hold "
                f"NaN or infinite values. {last_good}",
                stacklevel=2,
            )
            return
        aside = self.folder / "aside"
        try:
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
            self._write(aside, epoch, step, state)
            target = self.folder / name
            if target.exists():  # A damaged one, or one of a longer run with other settings.
                shutil.rmtree(target)
            os.replace(aside, target)
            _sync(self.folder)
            self._prune(target)
        except OSError as error:
            shutil.rmtree(aside, ignore_errors=True)
            warnings.warn(
                f"{self.folder / name} could not be written: {_one_line(error)}. Training goes "
                f"on, and the next one will be tried. {last_good}",
                stacklevel=2,
            )

    def _prune(self, newest):
        """Delete what is too old, and what lies behind the newest: damaged ones passed over."""
        written = [path for path in self.paths() if _place(path) <= _place(newest)]
        ends = [path for path in written if _place(path)[1] == 0]
        keep = {*written[-self.keep :], *ends[-self.keep :]}
        for path in self.paths():
            if path not in keep:
                shutil.rmtree(path, ignore_errors=True)

    def _write(self, folder, epoch, step, state):
        states, arrays = callback_states(self.model.fit_callbacks.all)
        # Not HDF5: h5py crashes the process when the disk is full.
        with (folder / STATE).open("wb") as file:
            hashed = HashedFile(file)
            np.savez(hashed, **state, **arrays)
        progress = {
            "epoch": epoch,
            "step": step,
            "epoch_means": epoch_means(self.model) if step else {},
            "callbacks": states,
            "settings": self._settings,
            "class_names": self.model.class_names,
            "first_batch_sha256": self._fingerprint,
            "state_sha256": hashed.digest.hexdigest(),
        }
        (folder / PROGRESS).write_text(json.dumps(progress, indent=2) + "\n")
        for path in (folder / STATE, folder / PROGRESS, folder):
            _sync(path)

    def _check_folder(self):
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise CheckpointError(
                f"Checkpoints cannot be written to {self.folder}: {_one_line(error)}. Choose "
                "another folder, or make it writable."
            ) from None

    # Reading.

    def _newest_whole(self):
        """`(path, progress)` of the newest whole checkpoint; `None` where there is none at all."""
        paths = self.paths()
        for path in reversed(paths):
            progress = self._read(path)
            if progress is not None:
                return path, progress
        if paths:
            raise CheckpointError(
                f"None of the {len(paths)} checkpoints in {self.folder} is whole. Put a copy "
                "back, or move the folder away to start from the beginning."
            )
        return None

    def _read(self, path):
        """The progress of a checkpoint, `None` after a warning if it is damaged."""
        try:
            progress = json.loads((path / PROGRESS).read_text())
            if (progress["epoch"], progress["step"]) != _place(path):
                raise ValueError(f"{PROGRESS} is another checkpoint's")
            if _sha256(path / STATE) != progress["state_sha256"]:
                raise ValueError(f"{STATE} is not what was written (its checksum differs)")
        except (OSError, ValueError, KeyError, TypeError) as error:
            warnings.warn(
                f"The checkpoint {path} is damaged and was not read: {_one_line(error)}.",
                stacklevel=2,
            )
            return None
        return progress

    def _check_classes(self, earlier):
        names = self.model.class_names
        if earlier and names and list(names) != earlier:
            raise CheckpointError(
                f"The run in {self.folder} has the classes {', '.join(earlier)}, and the data have "
                f"{', '.join(names)}: pass the data that it began with, or choose another folder."
            )

    def _load(self, path):
        """Restore the model; returns the arrays that callbacks remember."""
        with np.load(path / STATE, allow_pickle=False) as file:
            state = dict(file)
        arrays = {name: state.pop(name) for name in list(state) if name.startswith("callback_")}
        try:
            restore_training_state(self.model, state)
        except ValueError as error:
            raise CheckpointError(
                f"The checkpoint {path} is of another model: {error}. Build the model as the "
                "run's was, or choose another folder."
            ) from None
        return arrays

    def _warn_of_other_settings(self, earlier):
        restored = compile_settings(self.model)
        told = []
        for name, was in earlier.items():
            given = self._settings.get(name)
            if name.endswith(".learning_rate"):  # A variable, which the checkpoint has restored.
                self._settings[name] = was
                if given == restored[name]:  # The model has just been trained by this run.
                    continue
            if given != was:
                told.append(f"{name} {_short(given)}, where the run has {_short(was)}")
        if told:
            warnings.warn(
                f"compile() was given {'; '.join(told)}. Learning rates go on as the run's (change "
                "them by keras.callbacks.LearningRateScheduler); all other settings are the new "
                "ones.",
                stacklevel=2,
            )

    def _warn_of_another_order(self, progress):
        reason = self.model.data_order.doubt
        if reason is None and progress["first_batch_sha256"] != self._fingerprint:
            reason = (
                "its first batch is not the one that the run began with; give every shuffle of a "
                "`tf.data.Dataset` a seed, and resume with the same images"
            )
        if reason is not None:
            warnings.warn(
                "The weights, optimizers and random states are resumed exactly, the order of the "
                f"data is not: {reason}.",
                stacklevel=2,
            )


def _place(path):
    return tuple(int(number) for number in NAME.fullmatch(path.name).groups())


class HashedFile(io.RawIOBase):
    """Hashes what is written to `file`; it cannot go back, so that nothing is written twice."""

    def __init__(self, file):
        self.file = file
        self.digest = hashlib.sha256()

    def writable(self):
        return True

    def write(self, data):
        self.digest.update(data)
        return self.file.write(data)


def _sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path):
    """Wait until a file or folder is on the disk: a rename must not overtake what it names."""
    if os.name == "nt" and path.is_dir():  # Windows opens no folders.
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _short(value):
    return f"{value:g}" if isinstance(value, float) else repr(value)


def _one_line(error):
    return " ".join(str(error).split()).rstrip(".")
