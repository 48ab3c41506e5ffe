"""Rows that move down the gradients of their own errors, while the weights stand still."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gans.engine.descent import Descent
from tests.harness import assert_equal
from tests.harness.devices import two_replicas
from tests.harness.promises.replicas import on_tensorflow

START = np.array([[0.0, 0.0], [3.0, -2.0]], "float32")
WANTED = np.array([[1.0, 2.0], [0.5, -1.0]], "float32")
UNBOUND = np.full(2, -np.inf, "float32"), np.full(2, np.inf, "float32")


def descended(steps, learning_rate=0.1, bounds=UNBOUND):
    def squared(moved, beside):
        return ops.sum(ops.square(moved - beside["wanted"]), axis=1)

    descent = Descent(squared, [])
    return descent.descend(START, {"wanted": WANTED}, steps, learning_rate, *bounds)


def adam(x, gradient, steps, learning_rate):
    m = v = np.zeros_like(x)
    for i in range(steps):
        g = gradient(x)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g**2
        mean, square = m / (1 - 0.9 ** (i + 1)), v / (1 - 0.999 ** (i + 1))
        rate = learning_rate * (1 + np.cos(np.pi * i / steps)) / 2
        x = x - rate * mean / (np.sqrt(square) + 1e-8)
    return x


def test_the_steps_are_those_of_adam_on_half_a_cosine():
    moved, errors = descended(steps=7)
    expected = adam(START.astype("float64"), lambda x: 2 * (x - WANTED), 7, 0.1)
    np.testing.assert_allclose(moved, expected, rtol=1e-5)
    np.testing.assert_allclose(errors, ((expected - WANTED) ** 2).sum(1), rtol=1e-5)


def test_no_steps_tell_the_errors_of_the_start():
    moved, errors = descended(steps=0)
    assert_equal([moved], [START])
    np.testing.assert_allclose(errors, ((START - WANTED) ** 2).sum(1), rtol=1e-6)


def test_nothing_leaves_its_bounds():
    low, high = np.array([-np.inf, -1.5], "float32"), np.array([0.75, np.inf], "float32")
    moved, _ = descended(300, bounds=(low, high))
    np.testing.assert_allclose(moved, np.clip(WANTED, low, high), atol=1e-3)
    assert_equal([descended(0, bounds=(low, high))[0]], [np.clip(START, low, high)])


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
def test_the_networks_stay_what_they_are(policy):
    keras.config.set_dtype_policy(policy)
    network = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(4, activation="tanh"),
            layers.BatchNormalization(),
            layers.Dense(2, dtype="float32"),
        ]
    )
    before = network.get_weights()

    def errors(moved, beside):
        return ops.sum(ops.square(network(moved, training=True) - beside["wanted"]), axis=1)

    moved, _ = Descent(errors, [network]).descend(START, {"wanted": WANTED}, 20, 0.1, *UNBOUND)
    assert moved.dtype == np.float32
    assert (moved != START).all()
    assert_equal(network.get_weights(), before)


@on_tensorflow
def test_replicas_give_each_row_once():
    expected = descended(steps=3)
    with two_replicas().scope():
        assert_equal(descended(steps=3), expected)
