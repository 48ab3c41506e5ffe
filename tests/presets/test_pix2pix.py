"""The recipe of pix2pix."""

import numpy as np
import pytest

from keras_gans.presets import pix2pix
from tests.backends import counted_once
from tests.networks.counts import trainable
from tests.presets import authors_steps


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


# As in test_dcgan. Epsilon 1e-7 would give -0.501 to the generator along the first direction.
STEPS = {
    "discriminator": [0.998773, 2.080901, 1.075878],
    "generator": [0.407205, -0.489542, 0.547043],
}


def test_its_first_step_is_the_authors():
    # At this size the paper's network has no dropout.
    model = pix2pix((8, 8, 1), width=authors_steps.WIDTH, receptive_field=16)
    found = authors_steps.first_step(model, authors_steps.PIX2PIX, *authors_steps.data()[2:])
    for player, numbers in STEPS.items():
        np.testing.assert_allclose(found[player], numbers, atol=1e-3)
