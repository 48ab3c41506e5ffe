"""Path length regularization against its equation."""

import numpy as np
import pytest
from keras import ops

from keras_gans import losses
from tests.losses.checks import DTYPES, assert_finite, assert_it_is

RNG = np.random.default_rng(0)


def lengths_of(gradient):
    squares = np.square(gradient).sum(-1)
    return np.sqrt(squares if squares.ndim == 1 else squares.mean(1))


@pytest.mark.parametrize("shape", [(4, 3), (4, 2, 3)])
def test_it_is_its_equation(shape):
    def equation(gradient):
        lengths = lengths_of(gradient)
        mean = 0.7 + 0.1 * (lengths.mean() - 0.7)
        return np.square(lengths - mean).mean()

    gradient = RNG.normal(size=shape)
    assert_it_is(equation, lambda g: losses.path_length(g, 0.7, decay=0.1)[0], gradient)
    _, mean = losses.path_length(ops.convert_to_tensor(gradient, "float32"), 0.7, decay=0.1)
    expected = 0.7 + 0.1 * (lengths_of(gradient).mean() - 0.7)
    assert float(ops.convert_to_numpy(mean)) == pytest.approx(expected, rel=1e-5)


@DTYPES
def test_hostile_gradients_and_zeros_stay_finite(dtype):
    for number in (1e4, 0.0):
        assert_finite(lambda g: losses.path_length(g, 0.0)[0], np.full((4, 3), number), dtype=dtype)
