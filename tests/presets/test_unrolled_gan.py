"""The preset of the unrolled GAN has the notebook's numbers."""

import numpy as np
import pytest

from keras_gans import presets
from keras_gans.data import ring


def test_it_is_compiled_with_the_numbers_of_the_notebook():
    model = presets.unrolled_gan(width=8, seed=0)
    assert (model.latent_dim, model.unrolled_steps) == (256, 5)
    assert model.adversarial_loss.name == "minimax"
    rates = {p: float(getattr(model.optimizer, p).learning_rate) for p in model.players}
    assert rates == pytest.approx({"discriminator": 1e-4, "generator": 1e-3})


def test_it_learns():
    model = presets.unrolled_gan(latent_dim=3, width=8, unrolled_steps=1, seed=0)
    history = model.fit(ring(16), batch_size=8, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert model.generate(3).shape == (3, 2)
