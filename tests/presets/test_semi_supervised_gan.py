"""The preset has the numbers of the authors' run on MNIST."""

import numpy as np
import pytest

from keras_gans import presets
from keras_gans.latents import Uniform


def test_its_numbers_are_those_of_the_authors():
    model = presets.semi_supervised_gan((28, 28, 1), labels=10, seed=0)
    assert model.classifier.count_params() == 1_538_760
    assert model.latents == {"latents": Uniform(100, 0, 1)}
    assert model.matching == "squared"
    assert model.samples.range == (0, 1)
    for player in ("classifier", "generator"):
        config = getattr(model.optimizer, player).get_config()
        assert config["learning_rate"] == pytest.approx(3e-3)
        assert (config["beta_1"], config["beta_2"]) == (0.5, 0.999)


def test_it_learns_from_a_few_labels_and_tells_classes():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (24, 4, 4, 1), dtype="uint8")
    labels = np.where(np.arange(24) < 6, np.arange(24) % 3, -1).astype("int32")
    sizes = {"latent_dim": 4, "units": (8, 6), "seed": 0}
    model, again = (presets.semi_supervised_gan((4, 4, 1), 3, **sizes) for _ in range(2))
    for left, right in zip(model.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)
    history = model.fit(images, labels, batch_size=8, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert set(model.classify(images)) <= {0, 1, 2}
    assert model.generate(2, seed=0).shape == (2, 4, 4, 1)
