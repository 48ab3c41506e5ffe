"""Training for equal processor time."""

import numpy as np

from benchmarks.autoencoders import fit
from keras_gans import presets
from tests.backends import shown_on_tensorflow

IMAGES = np.arange(24, dtype="uint8").reshape(6, 2, 2, 1)


@shown_on_tensorflow("the callback and its clock are the same on every backend")
def test_training_ends_after_so_many_seconds_of_the_processor(monkeypatch):
    model = presets.autoencoder((2, 2, 1), latent_dim=1, widths=(2,), seed=0)
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr("benchmarks.autoencoders.process_time", lambda: next(clock))
    # Each step takes 10 seconds; the end of the first starts the clock.
    assert fit(model, IMAGES, batch_size=2, seconds=35) == 5
