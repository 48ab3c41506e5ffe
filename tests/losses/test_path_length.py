"""Path length regularization against its equation."""

import numpy as np
import pytest
from keras import ops

from keras_gans import losses
from tests.harness.promises.replicas import on_tensorflow, two_replicas
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


@on_tensorflow
def test_two_replicas_compare_with_the_mean_of_all_lengths():
    strategy, gradient = two_replicas(), RNG.normal(size=(4, 3)).astype("float32")
    parts = strategy.experimental_distribute_values_from_function(
        lambda context: ops.convert_to_tensor(gradient[context.replica_id_in_sync_group :: 2])
    )
    results = strategy.run(lambda part: losses.path_length(part, 0.7, decay=0.1), args=(parts,))
    penalty, mean = losses.path_length(ops.convert_to_tensor(gradient), 0.7, decay=0.1)
    penalties, means = (strategy.experimental_local_results(x) for x in results)
    np.testing.assert_allclose(means, [mean, mean], rtol=1e-6)
    np.testing.assert_allclose(np.mean(penalties), penalty, rtol=1e-5)
