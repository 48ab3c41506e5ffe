"""Kernels by their largest singular value: against numpy in float64."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans import losses
from keras_gans.engine.averages import shadow_of, update_average
from keras_gans.engine.backend import backend
from keras_gans.engine.scope import RecordingScope
from keras_gans.layers import SpectralNormalization
from tests.harness import two_replicas
from tests.harness.promises.replicas import on_tensorflow

RNG = np.random.default_rng(0)
MAPS = RNG.normal(size=(2, 6, 6, 3)).astype("float32")
# What is wrapped, what it takes, and its kernel as the matrix of the paper: a row per output.
LAYERS = {
    "dense": (lambda: layers.Dense(4), MAPS[:, 0, 0], lambda w: w.T),
    "convolution": (lambda: layers.Conv2D(4, 3), MAPS, lambda w: w.reshape(27, 4).T),
    "grouped": (lambda: layers.Conv2D(6, 3, groups=3), MAPS, lambda w: w.reshape(9, 6).T),
    "transposed": (
        lambda: layers.Conv2DTranspose(4, 4, strides=2, padding="same"),
        MAPS,
        lambda w: np.moveaxis(w, 2, 0).reshape(4, 48),
    ),
    "depthwise": (
        lambda: layers.DepthwiseConv2D(3, depth_multiplier=2),
        MAPS,
        lambda w: w.reshape(9, 6).T,
    ),
    "embedding": (lambda: layers.Embedding(5, 3), np.array([[0, 4], [1, 1]]), lambda w: w.T),
}


def numbers(tensor):
    tensor = keras.ops.cast(tensor, "float32")
    return keras.ops.convert_to_numpy(keras.ops.stop_gradient(tensor)).astype("float64")


def iterated(matrix, u, times=1):
    """u and sigma after that many power iterations."""
    for _ in range(times):
        v = matrix.T @ u / np.linalg.norm(matrix.T @ u)
        u = matrix @ v / np.linalg.norm(matrix @ v)
    return u, u @ matrix @ v


def wrapped(name, **arguments):
    make, inputs, as_matrix = LAYERS[name]
    layer = SpectralNormalization(make(), **arguments)
    layer.build(inputs.shape)
    layer.kernel.assign(RNG.normal(size=layer.kernel.shape))
    return layer, inputs, as_matrix


@pytest.mark.parametrize("name", LAYERS)
def test_one_power_iteration_is_that_of_the_paper(name):
    layer, inputs, as_matrix = wrapped(name)
    kernel, start = numbers(layer.kernel), numbers(layer.u)[:, 0]
    u, sigma = iterated(as_matrix(kernel), start)
    outputs = layer(inputs, training=True)
    np.testing.assert_allclose(numbers(layer.u)[:, 0], u, atol=1e-5)
    # The kernel has not been touched, and the layer computes what it would with the other one.
    np.testing.assert_array_equal(numbers(layer.kernel), kernel)
    layer.kernel.assign(kernel / sigma)
    np.testing.assert_allclose(numbers(outputs), numbers(layer.layer(inputs)), atol=1e-5)
    assert tuple(outputs.shape) == tuple(layer.compute_output_shape(inputs.shape))


@pytest.mark.parametrize("name", LAYERS)
def test_the_largest_singular_value_becomes_one(name):
    layer, inputs, as_matrix = wrapped(name)
    for _ in range(60):
        layer.normalized(training=True)
    norm = np.linalg.norm(as_matrix(numbers(layer.normalized())), 2)
    assert norm == pytest.approx(1, abs=0.02)
    # The second run of a train step sees the same kernel.
    first, second = (numbers(layer(inputs, training=True)) for _ in range(2))
    np.testing.assert_allclose(first, second, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("trainable", [True, False])
def test_u_moves_in_training_and_only_there(trainable):
    layer, inputs, _ = wrapped("dense")
    layer.trainable = trainable
    before = numbers(layer.u)
    layer(inputs)
    np.testing.assert_array_equal(numbers(layer.u), before)
    layer(inputs, training=True)
    assert (numbers(layer.u) != before).any() == trainable


def test_what_is_assigned_in_a_penalty_is_dropped():
    layer, inputs, _ = wrapped("dense")
    before = numbers(layer.u)
    losses.r1(layer, keras.ops.convert_to_tensor(inputs))
    np.testing.assert_array_equal(numbers(layer.u), before)


def test_the_gradient_flows_through_sigma_with_u_and_v_constant():
    layer, inputs, _ = wrapped("dense")
    target = RNG.normal(size=(2, 4))
    kernel, start = numbers(layer.kernel), numbers(layer.u)[:, 0]
    u, _ = iterated(kernel.T, start)
    v = kernel @ start / np.linalg.norm(kernel @ start)

    def loss(kernel):
        return np.sum(target * (inputs.astype("float64") @ kernel / (v @ kernel @ u)))

    expected = differences(loss, kernel)
    x, weights = (keras.ops.convert_to_tensor(a, "float32") for a in (inputs, target))
    _, (gradient,) = backend.gradients(
        lambda: (keras.ops.sum(weights * layer(x, training=True)), None), [layer.kernel]
    )
    np.testing.assert_allclose(numbers(gradient), expected, rtol=1e-3, atol=1e-4)


def differences(function, at, step=1e-6):
    """The gradient of a function of a float64 array."""
    gradient = np.zeros_like(at)
    for place in np.ndindex(*at.shape):
        moved = np.zeros_like(at)
        moved[place] = step
        gradient[place] = (function(at + moved) - function(at - moved)) / (2 * step)
    return gradient


def test_r1_has_the_second_derivative_of_float64():
    layer, _, _ = wrapped("dense")
    last = layers.Dense(1, use_bias=False)
    critic = keras.Sequential([keras.Input((3,)), layer, layers.Activation("tanh"), last])
    samples = RNG.normal(size=(5, 3)).astype("float32")
    kernel, start, weights = (numbers(x) for x in (layer.kernel, layer.u, last.kernel))
    u, _ = iterated(kernel.T, start[:, 0])
    v = kernel @ start[:, 0] / np.linalg.norm(kernel @ start[:, 0])

    def r1(kernel):
        normalized = kernel / (v @ kernel @ u)
        slopes = 1 - np.tanh(samples.astype("float64") @ normalized) ** 2
        gradients = (slopes * weights[:, 0]) @ normalized.T
        return 0.5 * np.mean(np.sum(gradients**2, axis=1))

    images = keras.ops.convert_to_tensor(samples)
    value, (gradient,) = backend.gradients(
        lambda: (lambda p: (p, p))(losses.r1(critic, images)), [layer.kernel]
    )
    assert numbers(value) == pytest.approx(r1(kernel), rel=1e-5)
    np.testing.assert_allclose(numbers(gradient), differences(r1, kernel), rtol=1e-3, atol=1e-5)


def test_a_kernel_of_zeros_stays_zero():
    layer, inputs, _ = wrapped("convolution")
    layer.kernel.assign(np.zeros(layer.kernel.shape))
    _, (gradient,) = backend.gradients(
        lambda: (keras.ops.sum(layer(inputs, training=True)), None), [layer.kernel]
    )
    assert np.isfinite(numbers(gradient)).all()
    np.testing.assert_array_equal(numbers(layer(inputs)), 0)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_keeps_u_in_float32(policy):
    keras.config.set_dtype_policy(policy)
    layer, inputs, as_matrix = wrapped("convolution")
    # Their squares are nothing in float16.
    layer.kernel.assign(1e-4 * numbers(layer.kernel))
    for _ in range(60):
        outputs = layer(inputs, training=True)
    assert keras.backend.standardize_dtype(outputs.dtype) == layer.compute_dtype
    assert keras.backend.standardize_dtype(layer.u.dtype) == "float32"
    assert np.linalg.norm(numbers(layer.u)) == pytest.approx(1, abs=1e-5)
    norm = np.linalg.norm(as_matrix(numbers(layer.normalized())), 2)
    assert norm == pytest.approx(1, abs=0.02)


def test_it_has_the_policy_of_its_layer():
    keras.config.set_dtype_policy("mixed_float16")
    layer = SpectralNormalization(layers.Dense(1, dtype="float32"))
    assert keras.backend.standardize_dtype(layer(np.ones((2, 3), "float32")).dtype) == "float32"


def network():
    return keras.Sequential(
        [
            keras.Input((6, 6, 3)),
            SpectralNormalization(layers.Conv2D(4, 3), epsilon=1e-5),
            layers.Flatten(),
            SpectralNormalization(layers.Dense(1)),
        ]
    )


def test_it_survives_a_file(tmp_path):
    model = network()
    model(MAPS, training=True)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.layers[0].epsilon == 1e-5
    assert loaded.layers[0].layer.filters == 4
    np.testing.assert_array_equal(numbers(loaded.layers[0].u), numbers(model.layers[0].u))
    np.testing.assert_array_equal(loaded.predict(MAPS), model.predict(MAPS))


def test_an_average_follows():
    model = network()
    shadow = shadow_of(model)
    model(MAPS, training=True)
    model.layers[0].kernel.assign(2 * numbers(model.layers[0].kernel))
    update_average(shadow, model, 0.5)
    for average, layer in zip(shadow.layers, model.layers, strict=True):
        if isinstance(layer, SpectralNormalization):
            np.testing.assert_array_equal(numbers(average.u), numbers(layer.u))
    kernels = [numbers(m.layers[0].kernel) for m in (shadow, model)]
    np.testing.assert_allclose(kernels[0], 0.75 * kernels[1], rtol=1e-6)


def test_what_the_layer_adds_as_a_loss_is_counted():
    layer = SpectralNormalization(layers.Dense(2, activity_regularizer="l2"))
    layer(MAPS[:, 0, 0])
    assert len(layer.losses) == 1
    with RecordingScope() as scope:
        layer(MAPS[:, 0, 0])
    assert [owner for owner, _ in scope.layer_losses] == [layer.layer]


@pytest.mark.parametrize("layer", [layers.SeparableConv2D(4, 3), layers.Flatten()])
def test_a_layer_without_one_kernel_is_refused(layer):
    with pytest.raises(ValueError, match=f"one kernel, or an Embedding; {type(layer).__name__}"):
        SpectralNormalization(layer)(MAPS)


@on_tensorflow
def test_replicas_keep_the_same_u():
    strategy = two_replicas()
    with strategy.scope():
        layer = SpectralNormalization(layers.Dense(4))
        layer.build((None, 3))
    kernel, start = numbers(layer.kernel), numbers(layer.u)[:, 0]
    strategy.run(lambda: layer(MAPS[:, 0, 0], training=True))
    u, _ = iterated(kernel.T, start)
    for copy in strategy.experimental_local_results(layer.u.value):
        np.testing.assert_allclose(np.asarray(copy)[:, 0], u, atol=1e-5)
