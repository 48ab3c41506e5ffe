"""Historical averaging against its equation."""

import numpy as np
from keras import ops

from keras_gans import losses
from tests.losses.checks import DTYPES, assert_finite, assert_it_is

RNG = np.random.default_rng(0)


def test_it_is_the_squared_distance_from_the_mean_of_the_past():
    past = [RNG.normal(size=(4, 3, 2)), RNG.normal(size=(4, 5))]
    theta = [RNG.normal(size=(3, 2)), RNG.normal(size=5)]

    def equation(w, b):
        means = [np.mean(values, axis=0) for values in past]
        return ((w - means[0]) ** 2).sum() + ((b - means[1]) ** 2).sum()

    def loss(w, b):
        averages = [ops.zeros(values.shape[1:]) for values in past]
        for i in range(4):
            values = [ops.convert_to_tensor(values[i], "float32") for values in past]
            averages = losses.updated_averages(averages, values, i)
        return losses.historical_averaging([w, b], averages)

    assert_it_is(equation, loss, *theta)


def test_the_averages_are_constants():
    def equation(theta, averages):
        return np.square(theta - averages).sum()

    def loss(theta, averages):
        return losses.historical_averaging([theta], [averages])

    assert_it_is(equation, loss, RNG.normal(size=3), RNG.normal(size=3), constant=[1])


@DTYPES
def test_hostile_weights_and_zeros_stay_finite(dtype):
    def loss(weight):
        averages = losses.updated_averages([0 * weight], [weight], 1)
        return losses.historical_averaging([weight], averages)

    assert_finite(loss, [1e4, -1e4, 0.0], dtype=dtype)
