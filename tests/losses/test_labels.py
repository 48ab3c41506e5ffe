"""Flipped labels: how many, and that pairs stay pairs."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans import losses
from keras_gans.engine.seeds import ReplicaSeedGenerator
from tests.harness import numpy_of
from tests.losses.checks import value_and_gradients

REAL = np.arange(1.0, 2001.0).reshape(500, 2, 2)


def flipped(probability, seed=0, dtype="float32"):
    real = ops.convert_to_tensor(REAL, dtype)
    return [numpy_of(scores) for scores in losses.flip_labels(real, -real, probability, seed)]


@pytest.mark.parametrize("probability", [0.0, 0.2, 1.0])
def test_a_share_of_the_pairs_is_swapped_and_the_rest_is_left(probability):
    real, fake = flipped(probability)
    np.testing.assert_array_equal(np.abs(real), REAL)
    np.testing.assert_array_equal(real, -fake)
    swapped = (real < 0).all(axis=(1, 2))
    np.testing.assert_array_equal((real < 0).any(axis=(1, 2)), swapped)
    assert swapped.mean() == pytest.approx(probability, abs=0.06)


def test_the_probability_may_be_a_tensor_and_a_generator_draws_anew():
    generator = ReplicaSeedGenerator(1)
    first, second = (flipped(ops.convert_to_tensor(0.5), generator)[0] for _ in range(2))
    assert (first != second).any()


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_scores_keep_their_type(dtype):
    real = ops.cast(ops.ones((4, 1)), dtype)
    for scores in losses.flip_labels(real, 0 * real, 0.5, seed=0):
        assert keras.backend.standardize_dtype(scores.dtype) == dtype


def test_gradients_follow_the_scores_to_their_new_places():
    def loss(real, fake):
        return losses.wasserstein_discriminator(*losses.flip_labels(real, fake, 1.0, seed=0))

    _, gradients = value_and_gradients(loss, np.ones((2, 1)), np.zeros((2, 1)))
    np.testing.assert_array_equal(gradients, [[[0.5]] * 2, [[-0.5]] * 2])
