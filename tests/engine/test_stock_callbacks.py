"""Callbacks are looked at however `fit` is given them; tests/callbacks has one test for each."""

import keras
import pytest

from keras_gans.engine.stock_callbacks import check_callbacks
from tests.harness import dense_gan


def test_callbacks_may_come_alone_in_lists_or_as_a_callback_list():
    model = dense_gan()
    check_callbacks(model, None)
    check_callbacks(model, [keras.callbacks.LearningRateScheduler(lambda epoch: 0.1)])
    refused = keras.callbacks.SwapEMAWeights()
    for callbacks in (refused, [[refused]], keras.callbacks.CallbackList([refused])):
        with pytest.raises(ValueError, match="ema_decay"):
            check_callbacks(model, callbacks)
