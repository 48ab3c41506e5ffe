"""The presets have the numbers of their authors' programs."""

import functools
import math

import pytest

from keras_gans import presets
from keras_gans.latents import Normal, Uniform
from tests.backends import counted_once

# Loss, source of latents, learning rate and second beta of Adam, name and weight of penalties.
NUMBERS = {
    presets.lsgan: ("least_squares", Uniform(1024), 1e-3, 0.999, {}),
    presets.rsgan: ("relativistic", Normal(128), 2e-4, 0.999, {}),
    presets.dragan: ("non_saturating", Uniform(100), 1e-4, 0.9, {"dragan": 10.0}),
    presets.f_gan: ("squared_hellinger", Normal(100), 2e-4, 0.999, {}),
    functools.partial(presets.f_gan, divergence="kl"): ("kl", Normal(100), 2e-4, 0.999, {}),
}


@counted_once
@pytest.mark.parametrize("preset", NUMBERS)
def test_it_is_compiled_with_the_numbers_of_the_program(preset):
    loss, latents, rate, beta_2, penalties = NUMBERS[preset]
    model = preset((16, 16, 1), width=2, seed=0)
    assert model.adversarial_loss.name == loss
    assert model.latents == {"latents": latents}
    assert {penalty.name: penalty.weight for penalty in model.penalties} == penalties
    for optimizer in model.optimizer.optimizers:
        assert float(optimizer.learning_rate) == pytest.approx(rate)
        assert (optimizer.beta_1, optimizer.beta_2, optimizer.epsilon) == (0.5, beta_2, 1e-8)


@counted_once
def test_the_networks_are_those_of_dcgan():
    """At 64x64x3 and a width of 64 the table of the widely used PyTorch example."""
    model = presets.f_gan((64, 64, 3), seed=0)
    networks = model.generator, model.discriminator
    learned = [sum(math.prod(v.shape) for v in net.trainable_variables) for net in networks]
    assert learned == [3_576_704, 2_765_568]
