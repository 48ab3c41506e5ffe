"""FollowGrowth: what lets a model grow between two steps of `fit`."""

import math

import keras
from keras import ops

from keras_gans.data import GrowingImages
from keras_gans.engine.keras_internals import set_steps


class FollowGrowth(keras.callbacks.Callback):
    """Lays out the epochs of `fit`, and begins each phase of growth between two steps of it.

    How many images were seen is known when the device has done its steps. Waiting for each of
    them would keep it idle, and so the next look is due when the phase can be over.

    Args:
        bar: The progress bar.
    """

    def __init__(self, bar):
        super().__init__()
        self.bar = bar

    def on_train_begin(self, logs=None):
        self.iterator = self.model.epoch_iterator
        self._begin_epoch()  # A checkpoint may say otherwise.

    def _begin_epoch(self):
        self.model.seen_before_epoch.assign(number(self.model.images_seen))

    def on_epoch_begin(self, epoch, logs=None):
        self.steps_to_go = 0
        x = self.model.data_order.x
        if isinstance(x, GrowingImages):
            x.begin(number(self.model.seen_before_epoch))
            self.params["steps"] = self.bar.target = len(x)
            set_steps(self.iterator, len(x))

    def on_train_batch_begin(self, batch, logs=None):
        if self.steps_to_go <= 0:
            left, size = self.model.follow_growth(), self._images_of_a_step()
            self.steps_to_go = left if left == math.inf else left // size + 1
        self.steps_to_go -= self.model.steps_per_execution

    def _images_of_a_step(self):
        x = self.model.data_order.x
        if isinstance(x, GrowingImages):
            return self.model.stage(number(self.model.images_seen))[1]
        spec = keras.tree.flatten(getattr(x, "element_spec", None))
        size = spec[0].shape[0] if spec and spec[0] is not None else None
        return size or math.inf  # Where nobody knows, the next look is before the next step.

    def on_epoch_end(self, epoch, logs=None):
        self._begin_epoch()


def number(variable):
    return int(ops.convert_to_numpy(variable))
