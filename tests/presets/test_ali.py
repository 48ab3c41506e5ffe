"""The preset of ALI has the paper's numbers."""

import numpy as np
import pytest

from keras_gans import presets
from keras_gans.latents import Normal


def test_it_is_compiled_with_the_numbers_of_the_paper_and_trains():
    model = presets.ali((32, 32, 1), latent_dim=3, width=2, seed=0)
    assert model.latents == {"latents": Normal(3)}
    assert model.adversarial_loss.name == "non_saturating"
    for player in model.players:
        config = getattr(model.optimizer, player).get_config()
        assert config["learning_rate"] == pytest.approx(1e-4)
        assert config["beta_1"] == 0.5
    images = np.random.default_rng(0).integers(0, 256, (4, 32, 32, 1), dtype="uint8")
    assert np.isfinite(model.fit(images, batch_size=2, verbose=0).history["loss"]).all()
    assert model.encode(images).shape == (4, 3)
    assert model.reconstruct(images).shape == images.shape
