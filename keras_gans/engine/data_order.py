"""The order in which the data of a `fit` come, and how a resumed run finds its place in it."""

import hashlib
import math
import sys

import keras
import numpy as np

from keras_gans.data import ImageDataset


def in_seeded_order(x, batch_size, shuffle, seed):
    """One array as an `ImageDataset`, whose order Keras does not draw anew; else `x` itself.

    Args:
        x: What `fit` was given.
        batch_size: As given to `fit`; 32 for None, as in Keras.
        shuffle: As given to `fit`.
        seed: Integer >= 0, of the order.
    """
    if not is_array(x) or not isinstance(shuffle, bool):
        return x
    images = keras.ops.convert_to_numpy(x)
    return ImageDataset(images, batch_size or 32, shuffle=shuffle, seed=seed)


def hold_out(x, share):
    """Cut the last `share` of an array off, as `validation_split` of Keras does.

    Returns:
        The rest, and what was cut off.
    """
    if not is_array(x):
        raise ValueError(
            "validation_split cuts one array of images in two, and x is a "
            f"{type(x).__name__}. Give the held-out images as validation_data."
        )
    first_held_out = math.floor(len(x) * (1 - share))
    if not 0 < first_held_out < len(x):
        raise ValueError(
            f"validation_split={share!r} of {len(x)} images leaves none on one side: it is a "
            "share between 0 and 1."
        )
    return x[:first_held_out], x[first_held_out:]


def is_array(x):
    """Whether `x` is one array or tensor."""
    return hasattr(x, "shape") and hasattr(x, "dtype") and len(x.shape) > 0


def set_steps(iterator, steps):
    """Tell the iterator that Keras's `fit` reads its data through how long the next epoch is."""
    iterator._num_batches = steps


class DataOrder:
    """Knows whether the data of a `fit` come in the same order again, and moves along it.

    Args:
        x: What `fit` trains on.
        steps_per_epoch: As given to `fit`.
    """

    def __init__(self, x, steps_per_epoch=None):
        self.x = x
        self.steps_per_epoch = steps_per_epoch
        tensorflow = sys.modules.get("tensorflow")
        self._is_tf_data = tensorflow is not None and isinstance(x, tensorflow.data.Dataset)

    @property
    def doubt(self):
        """Why the order may be another in a resumed run; `None` where it is the same."""
        if isinstance(self.x, ImageDataset):
            if self.steps_per_epoch is None:
                return None
            return "`steps_per_epoch` cuts its epochs apart from those of the data"
        if self._is_tf_data:
            if self.steps_per_epoch is None:
                return None
            if self.x.cardinality() >= 0:
                return "`steps_per_epoch` cuts its epochs apart from those of a finite data set"
            if keras.backend.backend() == "torch":
                return "on PyTorch an endless `tf.data.Dataset` starts over"
            return None
        return (
            f"the order of a {type(self.x).__name__} cannot be known; train on one array, on "
            "`keras_gans.data.images(...)` or on a `tf.data.Dataset` whose shuffles have a seed"
        )

    def fingerprint(self):
        """A hash of the first batch of the first epoch, or `None` where it cannot be had.

        The same at the start of every run whose order follows from seeds.
        """
        if isinstance(self.x, ImageDataset):
            first = self.x.batch(0, 0)
        elif self._is_tf_data:
            first = next(iter(self.x))
        else:
            return None
        digest = hashlib.sha256()
        for leaf in keras.tree.flatten(first):
            digest.update(np.ascontiguousarray(leaf).tobytes())
        return digest.hexdigest()

    def begin_at(self, model, epoch, step):
        """Let the `fit` that is about to begin its loop find its data at `step` of `epoch`.

        Args:
            model: The model in `fit`.
            epoch: Integer, epochs that are finished.
            step: Integer, steps of the next one that are finished.
        """
        behind = 0
        if self._is_tf_data and self.doubt is None:
            if self.steps_per_epoch is not None:
                behind = epoch * self.steps_per_epoch
            else:
                # A shuffle with a seed orders each iterator by how many were made before it.
                for _ in range(epoch * self._iterators_per_epoch()):
                    iter(self.x)
        if behind or step:  # In doubt, the rest of the epoch at least keeps its length.
            _skip(model, behind, step)

    def _iterators_per_epoch(self):
        # Where Keras knows the length, it makes the iterator of the next epoch at the end of one,
        # and then another; on JAX and PyTorch the first of the two is never started.
        known = self.x.cardinality() >= 0
        return 2 if known and keras.backend.backend() == "tensorflow" else 1


def _skip(model, behind, steps):
    """Let the next executions of `model` train on nothing until their data are in place.

    The first one passes over `behind` batches of earlier epochs; then `steps` steps of this epoch
    read their batches only.
    """
    train = model.train_function

    def skip(*arguments):
        nonlocal behind, steps
        # JAX hands its state over, too. On PyTorch the batch is read already and comes in a list.
        *state, batches = arguments
        while behind:
            next(batches)
            behind -= 1
        if steps <= 0:
            model.train_function = train
            return train(*arguments)
        if not isinstance(batches, list):
            for _ in range(model.steps_per_execution):
                next(batches, None)
        steps -= model.steps_per_execution
        if steps <= 0:
            model.train_function = train
        return ({}, *state) if state else {}

    model.train_function = skip
