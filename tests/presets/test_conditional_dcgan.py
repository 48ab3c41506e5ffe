"""The conditional preset is DCGAN's numbers on networks with labels."""

import numpy as np
import pytest

from keras_gans import presets


@pytest.fixture(scope="module")
def model():
    return presets.conditional_dcgan((16, 16, 1), 3, latent_dim=4, width=2, seed=0)


def test_it_is_compiled_with_the_numbers_of_dcgan(model):
    dcgan = presets.dcgan((16, 16, 1), latent_dim=4, width=2, seed=0)
    assert model.adversarial_loss.name == dcgan.adversarial_loss.name
    for player in model.players:
        own, others = (getattr(m.optimizer, player).get_config() for m in (model, dcgan))
        assert {**own, "name": None} == {**others, "name": None}


def test_its_networks_ask_for_labels(model):
    (labels,) = model.conditions.values()
    assert (labels.kind, labels.classes) == ("labels", 3)


def test_it_trains_on_labelled_images_and_generates_what_it_is_asked_for(model):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (10, 16, 16, 1), dtype="uint8")
    model.fit(images, rng.integers(0, 3, 10), batch_size=4, verbose=0)
    made = model.generate(labels=[0, 1, 2, 0], seed=3)
    assert made.shape == (4, 16, 16, 1)
    latents = np.repeat(model.draw_latents(1, seed=3), 2, axis=0)
    first, second = model.generate(latents=latents, labels=[0, 1])
    assert (first != second).any()
