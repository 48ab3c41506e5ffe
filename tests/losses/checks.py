"""A loss beside its equation in numpy: its value, its gradient, and values that hurt."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.engine.backend import backend

# Scores of real and of generated images by a discriminator that has gone astray.
HOSTILE = np.array([[1e4, -1e4, 0.0, 0.0], [-1e4, 1e4, 0.0, 1e4]])
DTYPES = pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])


def value_and_gradients(loss, *arrays, dtype="float32"):
    """What `loss` returns of those arrays as tensors, and its gradient by each of them."""

    def kept(*tensors):
        value = loss(*tensors)
        return value, value

    tensors = [ops.convert_to_tensor(np.asarray(array), dtype) for array in arrays]
    value, gradients = backend.gradient_at(kept, tensors)
    assert keras.backend.standardize_dtype(value.dtype) == "float32"
    assert value.shape == ()
    gradients = [
        np.zeros(x.shape) if g is None else ops.convert_to_numpy(ops.cast(g, "float32"))
        for x, g in zip(tensors, gradients, strict=True)
    ]
    return float(ops.convert_to_numpy(ops.stop_gradient(value))), gradients


def differences(equation, arrays, index, step=1e-6):
    """The gradient of `equation` by one of its arrays, by central differences in float64."""
    gradient = np.empty(np.shape(arrays[index]))
    for place in np.ndindex(gradient.shape):
        ends = []
        for sign in (1, -1):
            moved = [np.array(array, "float64") for array in arrays]
            moved[index][place] += sign * step
            ends.append(equation(*moved))
        gradient[place] = (ends[0] - ends[1]) / (2 * step)
    return gradient


def assert_it_is(equation, loss, *arrays, constant=()):
    """The loss has the value and the gradient of its equation.

    Those of `arrays` whose numbers are in `constant` are such to the gradient.
    """
    value, gradients = value_and_gradients(loss, *arrays)
    assert value == pytest.approx(equation(*arrays), rel=1e-5, abs=1e-6)
    for i, gradient in enumerate(gradients):
        expected = 0 * gradient if i in constant else differences(equation, arrays, i)
        np.testing.assert_allclose(gradient, expected, rtol=1e-4, atol=1e-6)


def assert_finite(loss, *arrays, dtype="float32"):
    """The loss and its gradient are numbers."""
    value, gradients = value_and_gradients(loss, *arrays, dtype=dtype)
    assert np.isfinite(value)
    for gradient in gradients:
        assert np.isfinite(gradient).all()
