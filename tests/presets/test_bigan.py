"""The preset of BiGAN has the paper's numbers."""

import keras
import numpy as np
import pytest

from keras_gans import presets
from keras_gans.latents import Uniform

IMAGES = np.random.default_rng(0).integers(0, 256, (10, 4, 4, 1), dtype="uint8")


@pytest.fixture(scope="module")
def model():
    return presets.bigan((4, 4, 1), latent_dim=3, width=8, seed=0)


def test_it_is_compiled_with_the_numbers_of_the_paper(model):
    assert model.latents == {"latents": Uniform(3, -1, 1)}
    assert model.adversarial_loss.name == "non_saturating"
    for player in model.players:
        config = getattr(model.optimizer, player).get_config()
        assert (config["name"], config["beta_1"]) == (player, 0.5)
        assert config["learning_rate"] == pytest.approx(2e-4)


def test_it_learns_to_encode_and_to_generate_in_0_to_1(model, tmp_path):
    model.fit(IMAGES, batch_size=5, verbose=0)
    latents = model.encode(IMAGES)
    assert latents.shape == (10, 3)
    assert np.abs(latents).max() <= 1
    again = model.reconstruct(IMAGES)
    assert (again.dtype, again.shape) == (IMAGES.dtype, IMAGES.shape)
    floats = model.predict(latents, verbose=0)
    np.testing.assert_allclose(again, floats * 255, atol=0.51)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.encode(IMAGES), latents)
