"""Historical averaging against its equation."""

import numpy as np

from keras_gans import losses
from tests.losses.checks import DTYPES, assert_finite, assert_it_is

RNG = np.random.default_rng(0)


def loss(*tensors):
    return losses.historical_averaging(tensors[:2], tensors[2:])


def test_it_is_the_squared_distance_from_averages_that_are_constants():
    def equation(w, b, average_w, average_b):
        return ((w - average_w) ** 2).sum() + ((b - average_b) ** 2).sum()

    w, b = RNG.normal(size=(2, 3, 2)), RNG.normal(size=(2, 5))
    assert_it_is(equation, loss, w[0], b[0], w[1], b[1], constant=[2, 3])


@DTYPES
def test_hostile_weights_and_zeros_stay_finite(dtype):
    assert_finite(loss, [1e4, 0.0], [0.0], [-1e4, 0.0], [0.0], dtype=dtype)
