"""Orthogonal regularization against its equation, and in a layer."""

import keras
import numpy as np
import pytest

from keras_gans import losses
from tests.losses.checks import DTYPES, assert_finite, assert_it_is

RNG = np.random.default_rng(0)


def equation(kernel):
    w = kernel.reshape(-1, kernel.shape[-1])
    return np.square(w.T @ w * (1 - np.eye(w.shape[1]))).sum()


@pytest.mark.parametrize("shape", [(4, 3), (2, 2, 3, 5)])
def test_it_is_its_equation(shape):
    assert_it_is(equation, losses.orthogonal, RNG.normal(size=shape))


def test_filters_at_right_angles_cost_nothing_however_long():
    q, _ = np.linalg.qr(RNG.normal(size=(5, 3)))
    kernel = keras.ops.convert_to_tensor(q * [1.0, 2.0, 3.0], "float32")
    assert float(losses.orthogonal(kernel)) == pytest.approx(0.0, abs=1e-9)


@DTYPES
def test_hostile_kernels_and_zeros_stay_finite(dtype):
    # Kernels are float32; a gradient of 1e13 is beyond float16.
    for number in (1e4 if dtype == "float32" else 8.0, 0.0):
        assert_finite(losses.orthogonal, np.full((4, 3), number), dtype=dtype)


def test_it_regularizes_a_layer_and_survives_a_file():
    layer = keras.layers.Dense(3, kernel_regularizer=losses.Orthogonal(0.5))
    layer.build((None, 4))
    kernel = keras.ops.convert_to_numpy(layer.kernel).astype("float64")
    (loss,) = layer.losses
    loss = float(keras.ops.convert_to_numpy(keras.ops.stop_gradient(loss)))
    assert loss == pytest.approx(0.5 * equation(kernel), rel=1e-5)
    again = keras.layers.Dense.from_config(layer.get_config())
    assert again.kernel_regularizer.strength == 0.5


def test_two_filters_of_a_transposed_convolution_that_are_the_same_cost_something():
    regularizer = losses.Orthogonal(0.5, axis=-2)
    layer = keras.layers.Conv2DTranspose(2, 3, kernel_regularizer=regularizer)
    layer.build((None, 4, 4, 5))
    one, other = RNG.normal(size=(2, 3, 3, 5))
    kernel = np.stack([one, one], axis=2)
    assert float(regularizer(keras.ops.convert_to_tensor(kernel, "float32"))) == pytest.approx(
        0.5 * 2 * np.square(one).sum() ** 2, rel=1e-5
    )
    layer.kernel.assign(np.stack([one, other], axis=2))
    (loss,) = layer.losses
    loss = float(keras.ops.convert_to_numpy(keras.ops.stop_gradient(loss)))
    assert loss == pytest.approx(0.5 * 2 * (one * other).sum() ** 2, rel=1e-4)
    again = keras.layers.Conv2DTranspose.from_config(layer.get_config())
    assert again.kernel_regularizer.axis == -2
