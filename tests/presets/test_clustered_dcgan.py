"""The preset that learns by clusters, and generates without them."""

import keras
import numpy as np
import pytest

from keras_gans import presets
from keras_gans.data import clusters


@pytest.fixture(scope="module")
def model():
    model = presets.clustered_dcgan((16, 16, 1), 4, latent_dim=5, width=2, ema_decay=0.5, seed=0)
    images = np.random.default_rng(0).integers(0, 256, (24, 16, 16, 1), dtype="uint8")
    model.fit(images, clusters(images, 4), batch_size=8, verbose=0)
    return model


def test_its_rates_fall_to_those_of_dcgan():
    model = presets.clustered_dcgan((16, 16, 1), 4, latent_dim=5, width=2)
    for player, first in (("generator", 2e-3), ("discriminator", 1e-3)):
        optimizer = getattr(model.optimizer, player)
        found = []
        for steps in (0, 1_700, 3_400, 9_000):
            optimizer.iterations.assign(steps)
            found.append(float(optimizer.learning_rate))
        assert found == pytest.approx([first, (first + 2e-4) / 2, 2e-4, 2e-4])


def test_it_generates_without_clusters_and_draws_all_of_them(model):
    assert model.generate(3, seed=1).shape == (3, 16, 16, 1)
    drawn = model.draw_latents(400, seed=1)["labels"]
    assert np.bincount(drawn).min() > 60
    np.testing.assert_array_equal(
        model.generate(3, seed=1, labels=drawn[:3]), model.generate(3, seed=1)
    )


def test_it_trains_with_the_clusters_of_the_images_alone(model):
    images = np.zeros((8, 16, 16, 1), "uint8")
    with pytest.raises(ValueError, match="labels is missing"):
        model.fit(images, verbose=0)


def test_it_loads(model, tmp_path):
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.generate(3, seed=1), model.generate(3, seed=1))
