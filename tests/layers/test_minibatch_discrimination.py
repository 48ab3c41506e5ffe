"""Distances within a batch, against numpy in float64."""

import keras
import numpy as np
import pytest

from keras_gans import losses
from keras_gans.engine.backend import backend
from keras_gans.layers import MinibatchDiscrimination

RNG = np.random.default_rng(0)


def numbers(tensor):
    tensor = keras.ops.cast(tensor, "float32")
    return keras.ops.convert_to_numpy(keras.ops.stop_gradient(tensor)).astype("float64")


def reference(x, kernel, kernels, dimensions):
    m = (x @ kernel).reshape(len(x), kernels, dimensions)
    features = np.zeros((len(x), kernels))
    for i in range(len(x)):
        for j in range(len(x)):
            if i != j:
                features[i] += np.exp(-np.abs(m[i] - m[j]).sum(-1))
    return np.concatenate([x, features], axis=1)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_it_is_the_papers_expression_over_the_others(n):
    layer = MinibatchDiscrimination(3, 2)
    x = RNG.normal(size=(n, 4)).astype("float32")
    y = numbers(layer(x))
    assert y.shape == layer.compute_output_shape((n, 4)) == (n, 7)
    np.testing.assert_allclose(y, reference(x.astype("float64"), numbers(layer.kernel), 3, 2), 1e-4)


def test_samples_that_are_alike_are_told_from_those_that_differ():
    layer = MinibatchDiscrimination(3, 2)
    x = RNG.normal(size=(4, 100)).astype("float32")
    alike = numbers(layer(np.repeat(x[:1], 4, axis=0)))[:, 100:]
    np.testing.assert_allclose(alike, 3, rtol=1e-5)
    assert (numbers(layer(x))[:, 100:] < 1.5).all()


def test_gradients_are_those_of_differences():
    layer = MinibatchDiscrimination(2, 2)
    x = RNG.normal(size=(3, 2)).astype("float32")
    weights = RNG.normal(size=(3, 4))
    layer.build((None, 2))
    kernel = numbers(layer.kernel)

    def value(x, kernel):
        return np.sum(weights * reference(x, kernel, 2, 2))

    images, by = (keras.ops.convert_to_tensor(a, "float32") for a in (x, weights))
    _, (by_kernel,) = backend.gradients(
        lambda: (keras.ops.sum(by * layer(images)), None), [layer.kernel]
    )
    by_input = backend.input_gradient(lambda x: by * layer(x), images)
    x = x.astype("float64")
    for gradient, at, function in (
        (by_kernel, kernel, lambda kernel: value(x, kernel)),
        (by_input, x, lambda x: value(x, kernel)),
    ):
        expected = np.zeros_like(at)
        for place in np.ndindex(*at.shape):
            step = np.zeros_like(at)
            step[place] = 1e-6
            expected[place] = (function(at + step) - function(at - step)) / 2e-6
        np.testing.assert_allclose(numbers(gradient), expected, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("scale", [0.0, 1e4])
def test_values_and_penalties_stay_finite(scale):
    layer = MinibatchDiscrimination(2, 2)
    x = keras.ops.convert_to_tensor(scale * RNG.normal(size=(3, 2)), "float32")
    assert np.isfinite(numbers(layer(x))).all()
    _, (gradient,) = backend.gradients(
        lambda: (losses.gradient_penalty(lambda x, training: layer(x), x, x, seed=0), None),
        [layer.kernel],
    )
    assert np.isfinite(numbers(gradient)).all()


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_measures_distances_in_float32(policy):
    keras.config.set_dtype_policy(policy)
    layer = MinibatchDiscrimination(3, 2)
    layer.build((None, 50))
    layer.kernel.assign(np.ones(layer.kernel.shape))
    y = layer(np.full((4, 50), 6e4, "float32"))
    assert keras.backend.standardize_dtype(y.dtype) == layer.compute_dtype
    # In float16 the products would be infinite, and their differences no numbers.
    np.testing.assert_array_equal(numbers(y)[:, 50:], 3)


def test_maps_are_refused():
    with pytest.raises(ValueError, match="compares vectors"):
        MinibatchDiscrimination()(np.zeros((2, 3, 3, 1)))


def test_it_survives_a_file(tmp_path):
    model = keras.Sequential([keras.Input((4,)), MinibatchDiscrimination(3, 2)])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    x = RNG.normal(size=(3, 4)).astype("float32")
    np.testing.assert_array_equal(loaded.predict_on_batch(x), model.predict_on_batch(x))
