"""The recipe of CycleGAN."""

import keras
import pytest

from keras_gans.presets import cyclegan
from keras_gans.schedules import ConstantThenLinear


def test_it_has_the_papers_numbers():
    model = cyclegan((256, 256, 3))
    assert model.count_params() - 2 * 50 * 256 * 256 * 3 == pytest.approx(28_285_832, abs=40)
    assert model.generator_ab.count_params() == 11_378_179
    assert model.discriminator_a.count_params() == 2_764_737
    assert (model.cycle_weight, model.identity_weight, model.pool_size) == (10.0, 0.5, 50)
    for optimizer in model.optimizer.optimizers:
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.5, 0.999)


def test_smaller_images_have_six_blocks():
    model = cyclegan((32, 32, 3), width=2, receptive_field=16)
    adds = [x for x in model.generator_ab.layers if isinstance(x, keras.layers.Add)]
    assert len(adds) == 6


def test_the_rate_falls_in_the_second_half_of_the_steps():
    model = cyclegan((16, 16, 3), width=2, blocks=1, receptive_field=16, steps=9)
    for optimizer in model.optimizer.optimizers:
        schedule = optimizer._learning_rate
        assert isinstance(schedule, ConstantThenLinear)
        assert (schedule.constant_steps, schedule.decay_steps) == (4, 5)
        assert [float(schedule(step)) for step in (4, 9)] == pytest.approx([2e-4, 0.0])


def test_other_channels_go_through_both_ways():
    model = cyclegan(
        (16, 16, 3), channels_b=1, width=2, blocks=1, receptive_field=16, identity_weight=0.0
    )
    assert model.generator_ba.input_shape == (None, 16, 16, 1)
    assert model.generator_ba.output_shape == (None, 16, 16, 3)
