"""The preset with a projection is DCGAN's numbers on networks that know the class."""

import numpy as np
import pytest

from keras_gans import presets
from tests.backends import counted_once
from tests.networks.counts import trainable


@pytest.fixture(scope="module")
def model():
    # Of two channels both may have a negative bias for a class, whose images are black then.
    return presets.projection_dcgan((16, 16, 1), 3, latent_dim=4, width=8, seed=0)


def test_it_is_compiled_with_the_numbers_of_dcgan(model):
    dcgan = presets.dcgan((16, 16, 1), latent_dim=4, width=8, seed=0)
    assert model.adversarial_loss.name == "hinge"  # The paper's.
    for player in model.players:
        own, others = (getattr(m.optimizer, player).get_config() for m in (model, dcgan))
        assert {**own, "name": None} == {**others, "name": None}


@counted_once
def test_its_networks_normalize_and_project_by_the_class():
    model = presets.projection_dcgan((64, 64, 3), 10)
    channels = 512 + 256 + 128 + 64
    assert trainable(model.generator) == 3_576_704 + 9 * 2 * channels
    assert trainable(model.discriminator) == 2_765_568 - 4 * 4 * 512 + 512 + 1 + 10 * 512


def test_it_trains_on_labelled_images_and_generates_what_it_is_asked_for(model):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (10, 16, 16, 1), dtype="uint8")
    model.fit(images, rng.integers(0, 3, 10), batch_size=4, verbose=0)
    assert model.generate(labels=[0, 1, 2, 0], seed=3).shape == (4, 16, 16, 1)
    latents = np.repeat(model.draw_latents(1, seed=3), 2, axis=0)
    first, second = model.predict(
        {"latents": latents, "labels": np.array([0, 1], "int32")}, verbose=0
    )
    assert (first != second).any()
