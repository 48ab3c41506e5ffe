"""Kernels as lengths and directions, and where they start: against numpy in float64."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans import losses
from keras_gans.engine.averages import shadow_of
from keras_gans.engine.backend import backend
from keras_gans.layers import WeightNormalization, initialize_from

RNG = np.random.default_rng(0)
MAPS = RNG.normal(1, 2, (6, 4, 4, 3)).astype("float32")
# What is wrapped, what it takes, and which axes of its kernel an output is summed over.
LAYERS = {
    "dense": (lambda: layers.Dense(4), MAPS[:, 0, 0], (0,)),
    "convolution": (lambda: layers.Conv2D(4, 3), MAPS, (0, 1, 2)),
    "transposed": (
        lambda: layers.Conv2DTranspose(4, 4, strides=2, padding="same"),
        MAPS,
        (0, 1, 3),
    ),
    "depthwise": (lambda: layers.DepthwiseConv2D(3, depth_multiplier=2), MAPS, (0, 1)),
}


def numbers(tensor):
    tensor = keras.ops.cast(tensor, "float32")
    return keras.ops.convert_to_numpy(keras.ops.stop_gradient(tensor)).astype("float64")


def wrapped(name, **arguments):
    make, inputs, axes = LAYERS[name]
    layer = WeightNormalization(make(), **arguments)
    layer.build(inputs.shape)
    layer.gain.assign(RNG.uniform(0.5, 2, layer.gain.shape))
    return layer, inputs, axes


@pytest.mark.parametrize("name", LAYERS)
def test_it_is_the_papers_expression(name):
    layer, inputs, axes = wrapped(name)
    kernel, gain = numbers(layer.kernel), numbers(layer.gain)
    outputs = layer(inputs)
    np.testing.assert_array_equal(numbers(layer.kernel), kernel)
    lengths = np.sqrt((kernel**2).sum(axes, keepdims=True))
    layer.kernel.assign(gain.reshape(lengths.shape) * kernel / lengths)
    np.testing.assert_allclose(numbers(outputs), numbers(layer.layer(inputs)), atol=1e-5)
    assert tuple(outputs.shape) == tuple(layer.compute_output_shape(inputs.shape))


def test_gradients_are_those_of_differences():
    layer, x, _ = wrapped("dense")
    weights = RNG.normal(size=(6, 4))
    by = keras.ops.convert_to_tensor(weights, "float32")
    _, gradients = backend.gradients(
        lambda: (keras.ops.sum(by * layer(keras.ops.convert_to_tensor(x))), None),
        [layer.kernel, layer.gain],
    )

    def value(kernel, gain):
        return np.sum(
            weights * (x.astype("float64") @ (gain * kernel / np.linalg.norm(kernel, axis=0)))
        )

    at = [numbers(layer.kernel), numbers(layer.gain)]
    for number, gradient in enumerate(gradients):
        expected = np.zeros_like(at[number])
        for place in np.ndindex(*expected.shape):
            ends = []
            for step in (1e-6, -1e-6):
                moved = [a.copy() for a in at]
                moved[number][place] += step
                ends.append(value(*moved))
            expected[place] = (ends[0] - ends[1]) / 2e-6
        np.testing.assert_allclose(numbers(gradient), expected, rtol=1e-3, atol=1e-4)


def test_a_penalty_through_it_is_that_of_float64():
    """Of D(x) = |x W|^2 / 2, with W = g V / |V|: the gradient is x W W'."""
    layer, x, _ = wrapped("dense")
    images = keras.ops.convert_to_tensor(x)

    def r1(kernel):
        w = numbers(layer.gain) * kernel / np.linalg.norm(kernel, axis=0)
        return 0.5 * np.mean(np.sum((x.astype("float64") @ w @ w.T) ** 2, axis=1))

    def critic(x, training):
        return keras.ops.sum(keras.ops.square(layer(x) - layer.layer.bias)) / 2

    _, (gradient,) = backend.gradients(lambda: (losses.r1(critic, images), None), [layer.kernel])
    kernel = numbers(layer.kernel)
    expected = np.zeros_like(kernel)
    for place in np.ndindex(*kernel.shape):
        step = np.zeros_like(kernel)
        step[place] = 1e-6
        expected[place] = (r1(kernel + step) - r1(kernel - step)) / 2e-6
    error = np.linalg.norm(numbers(gradient) - expected)
    assert error < 1e-4 * np.linalg.norm(expected)


@pytest.mark.parametrize("learn_gain", [True, False])
def test_the_gain_may_stay_what_it_is(learn_gain):
    layer, _, _ = wrapped("dense", learn_gain=learn_gain)
    assert len(layer.trainable_weights) == 2 + learn_gain


def network(*wrapped):
    return keras.Sequential([keras.Input((4, 4, 3)), *wrapped, layers.Flatten()])


@pytest.mark.parametrize("name", ["convolution", "transposed", "depthwise"])
def test_a_start_from_data_brings_about_the_deviations(name):
    make, maps, _ = LAYERS[name]
    first = WeightNormalization(make(), learn_gain=False)
    second = WeightNormalization(layers.Conv2D(2, 1), deviation=0.1)
    model = network(first, layers.LeakyReLU(0.2), second)
    initialize_from(model, maps)
    between = numbers(first(maps))
    outputs = numbers(model(maps)).reshape(-1, 2)
    for seen, deviation in ((between.reshape(-1, between.shape[-1]), 1), (outputs, 0.1)):
        np.testing.assert_allclose(seen.mean(0), 0, atol=1e-4)
        np.testing.assert_allclose(seen.std(0), deviation, rtol=1e-3)
    # Other data change nothing more.
    gain = numbers(first.gain)
    model(2 * maps, training=True)
    np.testing.assert_array_equal(numbers(first.gain), gain)


def test_outputs_that_are_all_alike_and_layers_without_bias_can_be_started():
    first = WeightNormalization(layers.Conv2D(2, 1, use_bias=False))
    model = network(first)
    initialize_from(model, np.zeros_like(MAPS))
    np.testing.assert_array_equal(numbers(first.gain), 1)
    initialize_from(model, MAPS)
    np.testing.assert_allclose(numbers(first(MAPS)).std((0, 1, 2)), 1, rtol=1e-3)


def test_what_cannot_be_started_from_data_is_told():
    with pytest.raises(ValueError, match="has no WeightNormalization"):
        initialize_from(network(layers.Conv2D(1, 1)), MAPS)
    inside = layers.Conv2D(1, 1, activation="relu", name="first")
    with pytest.raises(ValueError, match="first has an activation inside"):
        initialize_from(network(WeightNormalization(inside)), MAPS)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_computes_lengths_in_float32(policy):
    keras.config.set_dtype_policy(policy)
    layer, inputs, _ = wrapped("convolution")
    # Their squares are nothing in float16.
    layer.kernel.assign(1e-4 * numbers(layer.kernel))
    outputs = layer(inputs)
    assert keras.backend.standardize_dtype(outputs.dtype) == layer.compute_dtype
    np.testing.assert_allclose((numbers(layer.directions()) ** 2).sum((0, 1, 2)), 1, rtol=1e-3)
    initialize_from(network(layer), inputs)
    np.testing.assert_allclose(numbers(layer(inputs)).std((0, 1, 2)), 1, rtol=0.05)


def test_it_survives_a_file_and_a_copy(tmp_path):
    first = WeightNormalization(layers.Conv2D(2, 3), learn_gain=False, deviation=0.5)
    model = network(first)
    initialize_from(model, MAPS)
    model.save(tmp_path / "model.keras")
    expected = model.predict_on_batch(MAPS)
    for copy in (keras.saving.load_model(tmp_path / "model.keras"), shadow_of(model)):
        assert (copy.layers[0].learn_gain, copy.layers[0].deviation) == (False, 0.5)
        np.testing.assert_allclose(copy.predict_on_batch(MAPS), expected, atol=1e-6)
