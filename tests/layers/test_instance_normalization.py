"""InstanceNormalization against its equation in float64."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.engine.backend import input_gradient
from keras_gans.layers import InstanceNormalization


def expected(maps, epsilon=1e-5):
    maps = maps.astype("float64")
    mean = maps.mean((1, 2), keepdims=True)
    variance = ((maps - mean) ** 2).mean((1, 2), keepdims=True)
    return (maps - mean) / np.sqrt(variance + epsilon)


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("size", [(8, 8), (5, 7), (1, 1)])
def test_it_is_the_equation(n, size):
    maps = np.random.default_rng(0).normal(2, 3, (n, *size, 4)).astype("float32")
    for training in (True, False):
        normalized = InstanceNormalization()(maps, training=training)
        np.testing.assert_allclose(ops.convert_to_numpy(normalized), expected(maps), atol=1e-5)


def test_its_gradient_is_that_of_the_equation_twice():
    """Of sum(y^3) by the images, and of that gradient's squares: penalties need both."""
    maps = np.random.default_rng(0).normal(size=(2, 3, 3, 2)).astype("float32")
    layer = InstanceNormalization()

    def gradient(x):
        return input_gradient(lambda x: layer(x) ** 3, ops.convert_to_tensor(x))

    first = ops.convert_to_numpy(gradient(maps))
    second = ops.convert_to_numpy(
        input_gradient(lambda x: gradient(x) ** 2, ops.convert_to_tensor(maps))
    )
    step = 1e-4
    numeric = np.zeros(maps.shape)
    for place in np.ndindex(maps.shape):
        moved = [maps.astype("float64") for _ in range(2)]
        moved[0][place] += step
        moved[1][place] -= step
        plus, minus = ((expected(m) ** 3).sum() for m in moved)
        numeric[place] = (plus - minus) / (2 * step)
    np.testing.assert_allclose(first, numeric, atol=1e-3)
    direction = np.random.default_rng(1).normal(size=maps.shape).astype("float32")
    squares = [
        (ops.convert_to_numpy(gradient(maps + sign * 1e-2 * direction)) ** 2).sum()
        for sign in (1, -1)
    ]
    slope = (squares[0] - squares[1]) / 2e-2
    assert (second * direction).sum() == pytest.approx(slope, rel=0.02)


def test_a_constant_map_becomes_zeros():
    normalized = InstanceNormalization()(np.full((2, 4, 4, 3), 7, "float32"))
    np.testing.assert_array_equal(ops.convert_to_numpy(normalized), 0)


def test_half_precision_computes_in_float32():
    maps = np.random.default_rng(0).normal(300, 1, (2, 8, 8, 4)).astype("float16")
    normalized = InstanceNormalization(dtype="mixed_float16")(maps)
    assert keras.backend.standardize_dtype(normalized.dtype) == "float16"
    error = np.abs(ops.convert_to_numpy(normalized) - expected(maps))
    assert error.max() < 0.01


def test_its_configuration_makes_it_again():
    layer = InstanceNormalization(epsilon=0.1, name="norm")
    again = InstanceNormalization.from_config(layer.get_config())
    assert again.get_config() == layer.get_config()


def test_any_size_goes_through_a_model_that_leaves_it_open():
    images = keras.Input((None, None, 2))
    model = keras.Model(images, InstanceNormalization()(images))
    for size in ((4, 4), (6, 9)):
        maps = np.random.default_rng(0).normal(size=(2, *size, 2)).astype("float32")
        np.testing.assert_allclose(model.predict(maps, verbose=0), expected(maps), atol=1e-5)
