"""The preset of VEEGAN makes points and reads their latents."""

import numpy as np
import pytest

from keras_gans import presets
from keras_gans.data import ring


def test_it_makes_points_and_reads_their_latents():
    model = presets.veegan(width=8, seed=0)
    for player in model.players:
        optimizer = getattr(model.optimizer, player)
        assert float(optimizer.learning_rate) == pytest.approx(1e-3)
        assert optimizer.beta_1 == 0.5
    points = ring(256)
    history = model.fit(points, batch_size=16, epochs=3, verbose=0).history
    assert history["reconstruction"][-1] < history["reconstruction"][0]
    assert np.isfinite(history["loss"]).all()
    assert model.encode(points).shape == (256, model.latent_dim)
    assert model.reconstruct(points).shape == points.shape
