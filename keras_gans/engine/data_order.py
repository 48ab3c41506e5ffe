"""The order in which the data of a `fit` come, and how a resumed run finds its place in it."""

import hashlib
import math
import sys

import keras
import numpy as np

from keras_gans.data import ImageDataset
from keras_gans.engine.keras_internals import iterators_per_epoch


def in_seeded_order(x, fields, batch_size, shuffle, seed):
    """Arrays as an `ImageDataset`, whose order Keras does not draw anew; else `x` itself.

    Args:
        x: Images as `fit` was given them.
        fields: Dict from names to what `fit` was given beside them; it may be empty.
        batch_size: As given to `fit`; 32 for None, as in Keras.
        shuffle: As given to `fit`.
        seed: Integer >= 0, of the order.
    """
    if not all(map(is_array, [x, *fields.values()])) or not isinstance(shuffle, bool):
        return x
    fields = {name: as_numpy(rows) for name, rows in fields.items()}
    return ImageDataset(as_numpy(x), batch_size or 32, fields=fields, shuffle=shuffle, seed=seed)


def hold_out(x, share):
    """Cut the last `share` of arrays off, as `validation_split` of Keras does.

    Args:
        x: An array, or a dict or another structure of arrays.
        share: Float between 0 and 1.

    Returns:
        The rest, and what was cut off, in the structure of `x`.
    """
    arrays = keras.tree.flatten(x)
    if not arrays or not all(map(is_array, arrays)):
        raise ValueError(
            "validation_split cuts arrays of images in two, and x is a "
            f"{type(x).__name__}. Give the held-out images as validation_data."
        )
    halves = []
    for array in arrays:
        first_held_out = math.floor(len(array) * (1 - share))
        if not 0 < first_held_out < len(array):
            raise ValueError(
                f"validation_split={share!r} of {len(array)} images leaves none on one side: it is "
                "a share between 0 and 1."
            )
        halves.append((array[:first_held_out], array[first_held_out:]))
    rest, held_out = zip(*halves, strict=True)
    return keras.tree.pack_sequence_as(x, rest), keras.tree.pack_sequence_as(x, held_out)


def is_array(x):
    """Whether `x` is an array or a backend's tensor, and no scalar."""
    return hasattr(x, "shape") and hasattr(x, "dtype") and len(x.shape) > 0


def as_numpy(x):
    """A tensor as an array; an array as it is: Keras would copy it, and load a memory map."""
    return x if isinstance(x, np.ndarray) else keras.ops.convert_to_numpy(x)


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
            f"the order of a {type(self.x).__name__} cannot be known; train on arrays, on "
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
                for _ in range(epoch * iterators_per_epoch(self.x)):
                    iter(self.x)
        if behind or step:  # In doubt, the rest of the epoch at least keeps its length.
            _skip(model, behind, step)


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
