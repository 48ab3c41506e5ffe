"""The preset has the numbers of the paper's run on MNIST."""

import numpy as np
import pytest

from keras_gans import presets
from keras_gans.latents import Categorical, Uniform


@pytest.fixture(scope="module")
def model():
    return presets.infogan((28, 28, 1), width=2, seed=0)


def test_its_numbers_are_those_of_the_paper(model):
    assert model.latents == {"noise": Uniform(62), "category": Categorical(10), "style": Uniform(2)}
    assert [*model.codes] == ["category", "style"]
    assert model.information_weight == 1
    assert model.adversarial_loss.name == "non_saturating"
    assert model.samples.range == (0, 1)
    for player, rate in (("generator", 1e-3), ("discriminator", 2e-4)):
        config = getattr(model.optimizer, player).get_config()
        assert config["learning_rate"] == pytest.approx(rate)
        assert (config["beta_1"], config["beta_2"], config["epsilon"]) == (0.5, 0.999, 1e-8)


def test_a_seed_fixes_its_weights(model):
    again = presets.infogan((28, 28, 1), width=2, seed=0)
    for left, right in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)


def test_it_trains_and_generates_what_it_is_asked_for():
    model = presets.infogan((16, 16, 1), categories=3, continuous=1, noise_dim=4, width=2, seed=0)
    images = np.random.default_rng(0).integers(0, 256, (10, 16, 16, 1), dtype="uint8")
    model.fit(images, batch_size=4, verbose=0)
    assert model.generate(category=[0, 1, 2], seed=3).shape == (3, 16, 16, 1)
    assert model.traverse("category", rows=2).shape == (2, 3, 16, 16, 1)
    assert model.recognize(images)["style"].shape == (10, 1)
