"""A long run needs no more memory than a short one."""

from pathlib import Path

import keras
import pytest

from keras_gans.callbacks import SampleGrid, Score
from keras_gans.metrics import FrechetDistance
from tests.harness import dense_gan, images_for, resident_megabytes


class Memory(keras.callbacks.Callback):
    def __init__(self):
        super().__init__()
        self.megabytes = []

    def on_epoch_end(self, epoch, logs=None):
        self.megabytes.append(resident_megabytes())


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads Linux's /proc")
def test_a_hundred_and_fifty_epochs_with_pictures_and_scores_take_one_trace_and_no_memory(tmp_path):
    model = dense_gan()
    model.compile()
    traces = []
    train_step = model.train_step
    object.__setattr__(model, "train_step", lambda data: traces.append(1) or train_step(data))
    images = images_for(model, 32)
    extractor = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()])
    score, memory = Score(FrechetDistance(extractor), images), Memory()
    grid = SampleGrid(tmp_path, rows=2, columns=2)
    model.fit(images, batch_size=16, epochs=190, verbose=0, callbacks=[score, grid, memory])
    assert memory.megabytes[-1] - memory.megabytes[40] < 4
    if keras.backend.backend() != "torch":
        assert len(traces) == 1
