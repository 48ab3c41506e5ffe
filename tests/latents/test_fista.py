"""The codes are those of the paper's iteration, and they are a minimum."""

import numpy as np
import pytest
from keras import ops

from keras_gans.latents.fista import fista, largest_eigenvalue, soft_threshold
from tests.harness import numpy_of

RNG = np.random.default_rng(0)
SAMPLES = RNG.standard_normal((5, 6))
DICTIONARY = RNG.standard_normal((9, 6))
DICTIONARY /= np.linalg.norm(DICTIONARY, axis=1, keepdims=True)
PREDICTION = RNG.standard_normal((5, 9))


def tensors(*arrays):
    return [ops.convert_to_tensor(array, "float32") for array in arrays]


def objective(z, sparsity, prediction=0.0, weight=0.0):
    error = 0.5 * np.square(SAMPLES - z @ DICTIONARY).sum()
    away = 0.5 * weight * np.square(z - prediction).sum()
    return error + sparsity * np.abs(z).sum() + away


def by_the_paper(sparsity, steps, lipschitz, start, prediction=0.0, weight=0.0):
    """Equations 4.1 to 4.3 of Beck and Teboulle, in float64."""
    x = y = start
    t = 1.0
    for _ in range(steps):
        gradient = (y @ DICTIONARY - SAMPLES) @ DICTIONARY.T + weight * (y - prediction)
        moved = y - gradient / lipschitz
        last, x = x, np.sign(moved) * np.maximum(np.abs(moved) - sparsity / lipschitz, 0)
        last_t, t = t, (1 + np.sqrt(1 + 4 * t**2)) / 2
        y = x + (last_t - 1) / t * (x - last)
    return x


@pytest.mark.parametrize("steps", [1, 2, 20])
def test_the_steps_are_those_of_the_paper(steps):
    samples, dictionary = tensors(SAMPLES, DICTIONARY)
    lipschitz = numpy_of(largest_eigenvalue(ops.matmul(dictionary, ops.transpose(dictionary))))
    codes = numpy_of(fista(samples, dictionary, 0.3, steps))
    expected = by_the_paper(0.3, steps, lipschitz, np.zeros((5, 9)))
    np.testing.assert_allclose(codes, expected, atol=1e-5)


def test_the_steps_from_a_prediction_stay_near_it():
    samples, dictionary, prediction = tensors(SAMPLES, DICTIONARY, PREDICTION)
    gram = DICTIONARY @ DICTIONARY.T + 0.7 * np.eye(9)
    lipschitz = numpy_of(largest_eigenvalue(tensors(gram)[0]))
    codes = numpy_of(fista(samples, dictionary, 0.3, 7, prediction, 0.7))
    expected = by_the_paper(0.3, 7, lipschitz, PREDICTION, PREDICTION, 0.7)
    np.testing.assert_allclose(codes, expected, atol=1e-5)


@pytest.mark.parametrize("weight", [0.0, 0.7])
def test_the_codes_are_a_minimum(weight):
    """Zero is among the subgradients of what is minimized."""
    samples, dictionary, prediction = tensors(SAMPLES, DICTIONARY, PREDICTION)
    given = (prediction, weight) if weight else ()
    z = numpy_of(fista(samples, dictionary, 0.3, 2000, *given))
    pull = (SAMPLES - z @ DICTIONARY) @ DICTIONARY.T - weight * (z - PREDICTION)
    used = z != 0
    assert 0 < used.mean() < 1
    np.testing.assert_allclose(pull[used], 0.3 * np.sign(z[used]), atol=1e-4)
    assert np.abs(pull[~used]).max() <= 0.3 + 1e-4
    for seed in range(5):
        nearby = z + 0.01 * np.random.default_rng(seed).standard_normal(z.shape)
        assert objective(z, 0.3, PREDICTION, weight) < objective(nearby, 0.3, PREDICTION, weight)


def test_a_threshold_takes_from_what_is_beyond_it():
    (codes,) = tensors(np.array([-2.0, -0.5, 0.0, 0.25, 3.0]))
    np.testing.assert_allclose(numpy_of(soft_threshold(codes, 0.5)), [-1.5, 0, 0, 0, 2.5])


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_the_largest_eigenvalue_is_never_estimated_too_low(scale):
    for matrix in (DICTIONARY, np.eye(256), RNG.standard_normal((200, 40))):
        gram = scale * matrix @ matrix.T
        exact = np.linalg.eigvalsh(gram)[-1]
        bound = numpy_of(largest_eigenvalue(tensors(gram)[0]))
        assert exact * (1 - 1e-5) <= bound <= 1.1 * exact
