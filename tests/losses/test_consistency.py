"""Consistency against its equation, with transformations that are known."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans import layers
from keras_gans.engine.seeds import ReplicaSeedGenerator
from keras_gans.losses import Consistency
from tests.losses.checks import assert_finite, assert_it_is, value_and_gradients

RNG = np.random.default_rng(0)
REAL, FAKE = RNG.normal(size=(5, 3)), RNG.normal(size=(4, 3))


def squares(x, k):
    """D(x) - D(2 x) of D(x) = k |x|^2, squared."""
    return np.mean((3 * k * np.square(x).sum(1)) ** 2)


def of_a_paraboloid(penalty):
    def loss(real, fake, k):
        return penalty(lambda x, training: k * ops.sum(x * x, axis=1), real, fake, seed=0)

    return loss


@pytest.mark.parametrize("fake_factor", [1.0, 0.5, 0.0])
def test_it_is_its_equation_and_generated_images_are_constants(fake_factor):
    penalty = of_a_paraboloid(Consistency(keras.layers.Rescaling(2.0), fake_factor))

    def equation(real, fake, k):
        return squares(real, k) + fake_factor * squares(fake, k)

    assert_it_is(equation, penalty, REAL, FAKE, 0.7, constant=[1])
    assert_finite(penalty, REAL, FAKE, 1e4)
    assert_finite(penalty, 0 * REAL, 0 * FAKE, 0.0)


def test_the_seed_decides_what_is_drawn_and_nothing_else_moves():
    critic = keras.Sequential([keras.Input((3,)), keras.layers.BatchNormalization()])
    penalty = Consistency(keras.layers.GaussianNoise(0.5, seed=1))
    variables = [*critic.variables, *penalty.augment.variables]
    before = [ops.convert_to_numpy(v).copy() for v in variables]

    def value(seed):
        return value_and_gradients(lambda *x: penalty(critic, *x, seed=seed), REAL, FAKE)[0]

    seeds = ReplicaSeedGenerator(5), ReplicaSeedGenerator(5)
    first, second = ([value(seed) for _ in range(3)] for seed in seeds)
    assert first == second
    assert len({*first, value(4)}) == 4
    for a, v in zip(before, variables, strict=True):
        np.testing.assert_array_equal(a, ops.convert_to_numpy(v))


def test_layers_of_the_package_draw_by_the_seed_too():
    penalty = Consistency(layers.DiffAugment("translation"))
    images = RNG.normal(size=(3, 8, 8, 1))

    def value(seed):
        def critic(x, training):
            return ops.sum(x[:, 2:5, 2:5] ** 2, axis=(1, 2, 3))

        return value_and_gradients(lambda x: penalty(critic, x, x, seed=seed), images)[0]

    assert value(0) == value(0) != value(4)


def test_images_are_transformed_each_by_itself_and_generated_ones_anew():
    seen = []

    def critic(x, training):
        seen.append(ops.convert_to_numpy(ops.stop_gradient(x)))
        return ops.sum(x, axis=1)

    same = ops.ones((2, 3))
    Consistency(keras.layers.GaussianNoise(0.5, seed=1))(critic, same, same, seed=0)
    clean, real, _, _ = seen
    assert (clean == 1).all()
    assert (real[0] != real[1]).all()
    Consistency(keras.layers.GaussianNoise(0.5))(critic, same, same, ReplicaSeedGenerator(0))
    assert (seen[5] != seen[7]).all()


def test_it_survives_serialization():
    penalty = Consistency(keras.layers.GaussianNoise(0.5, seed=1), fake_factor=0.3)
    config = keras.saving.serialize_keras_object(penalty)
    again = keras.saving.deserialize_keras_object(config)
    assert again.fake_factor == 0.3
    assert again.augment.get_config() == penalty.augment.get_config()
