"""The recipe of pix2pix."""

import numpy as np
import pytest

from keras_gans.presets import pix2pix
from tests.backends import counted_once
from tests.networks.counts import trainable


@counted_once
def test_it_has_the_papers_numbers():
    model = pix2pix((256, 256, 3))
    assert model.generator.count_params() > 54_413_955  # With the statistics of batch norm.
    assert trainable(model.generator) == 54_413_955
    assert model.discriminator.input_shape == (None, 256, 256, 6)
    assert model.discriminator.output_shape == (None, 30, 30, 1)
    assert (model.l1_weight, model.adversarial_loss.name) == (100.0, "non_saturating")
    assert model.noise_at_inference
    for optimizer in model.optimizer.optimizers:
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.5, 0.999)


@pytest.mark.parametrize(
    ("arguments", "seen"),
    [
        ({"target_channels": 1}, 4),
        ({"conditional": False}, 3),
        ({"receptive_field": 1}, 6),
    ],
)
def test_each_ablation_is_one_argument(arguments, seen):
    model = pix2pix((32, 32, 3), width=2, **{"receptive_field": 16, **arguments})
    assert model.discriminator.input_shape[-1] == seen


def test_no_receptive_field_is_l1_alone():
    model = pix2pix((32, 32, 3), width=2, receptive_field=None)
    assert model.discriminator is None
    images = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3), dtype="uint8")
    assert set(model.fit(images, images, verbose=0).history) == {"generator_loss", "l1", "loss"}
