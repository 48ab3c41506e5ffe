"""The ACGAN preset is DCGAN's numbers on networks of DCGAN's layers."""

import numpy as np
import pytest

from keras_gans import presets
from keras_gans.models import ACGAN
from tests.backends import counted_once
from tests.networks.counts import trainable


@pytest.fixture(scope="module")
def model():
    return presets.acgan((16, 16, 1), 3, latent_dim=4, width=2, seed=0)


def test_it_is_compiled_with_the_numbers_of_dcgan(model):
    dcgan = presets.dcgan((16, 16, 1), latent_dim=4, width=2, seed=0)
    assert isinstance(model, ACGAN)
    assert model.adversarial_loss.name == dcgan.adversarial_loss.name
    assert (model.discriminator_class_weight, model.generator_class_weight) == (1.0, 1.0)
    for player in model.players:
        own, others = (getattr(m.optimizer, player).get_config() for m in (model, dcgan))
        assert {**own, "name": None} == {**others, "name": None}


@counted_once
def test_its_networks_are_dcgans_with_a_code_and_with_classes():
    model = presets.acgan((64, 64, 3), 10)
    assert trainable(model.generator) == 3_576_704 + 10 * 4 * 4 * 512
    assert trainable(model.discriminator) == 2_765_568 + 10 * 4 * 4 * 512


def test_it_trains_on_labelled_images_and_generates_what_it_is_asked_for(model):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (10, 16, 16, 1), dtype="uint8")
    model.fit(images, rng.integers(0, 3, 10), batch_size=4, verbose=0)
    assert model.generate(labels=[0, 1, 2, 0], seed=3).shape == (4, 16, 16, 1)
    latents = np.repeat(model.draw_latents(1, seed=3), 2, axis=0)
    first, second = model.generate(latents=latents, labels=[0, 1])
    assert (first != second).any()
