"""The preset of BEGAN has the program's numbers."""

import numpy as np
import pytest

from keras_gans import presets
from keras_gans.latents import Uniform
from tests.harness import images


def test_it_is_compiled_with_the_numbers_of_the_program():
    model = presets.began((8, 8, 1), width=2, seed=0)
    assert model.latents == {"latents": Uniform(64, -1, 1)}
    assert (model.diversity, model.gain) == (0.5, 0.001)
    for player in model.players:
        optimizer = getattr(model.optimizer, player)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.5, 0.999)
        rates = {0: 8e-5, 99_999: 8e-5, 100_000: 4e-5, 199_999: 4e-5, 200_000: 2e-5, 499_999: 2e-5}
        for step, rate in rates.items():
            optimizer.iterations.assign(step)
            assert float(optimizer.learning_rate) == pytest.approx(rate, rel=1e-6)


def test_it_learns():
    model = presets.began((8, 8, 1), latent_dim=3, width=2, seed=0)
    x = images(6, (8, 8, 1))
    history = model.fit(x, batch_size=3, epochs=2, verbose=0).history
    assert np.isfinite(history["convergence"]).all()
    assert history["real_error"][1] < history["real_error"][0]
