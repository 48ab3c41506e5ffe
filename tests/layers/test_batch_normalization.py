"""The same layer as Keras's, in every value that it computes."""

import keras
import numpy as np
import pytest

from keras_gans import losses
from keras_gans.engine.backend import backend
from keras_gans.layers import BatchNormalization

MAPS = np.random.default_rng(0).normal(2.0, 3.0, (4, 5, 5, 3)).astype("float32")


def pair(**arguments):
    layers = BatchNormalization(**arguments), keras.layers.BatchNormalization(**arguments)
    for layer in layers:
        layer.build((None, 5, 5, 3))
        if layer.scale:
            layer.gamma.assign([0.5, 1.0, 2.0])
        if layer.center:
            layer.beta.assign([-1.0, 0.0, 1.0])
    return layers


def to_numpy(x):
    return keras.ops.convert_to_numpy(keras.ops.stop_gradient(x))


@pytest.mark.parametrize("maps", [MAPS, MAPS[:1, :1, :1]], ids=["maps", "one pixel"])
@pytest.mark.parametrize("arguments", [{}, {"scale": False}, {"center": False}], ids=str)
def test_values_and_statistics_are_those_of_the_stock_layer(maps, arguments):
    ours, theirs = pair(momentum=0.9, epsilon=1e-5, **arguments)
    for _ in range(2):
        left, right = ours(maps, training=True), theirs(maps, training=True)
        np.testing.assert_allclose(to_numpy(left), to_numpy(right), rtol=1e-4, atol=2e-5)
    for a, b in zip(ours.weights, theirs.weights, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(to_numpy(ours(maps)), to_numpy(theirs(maps)), rtol=1e-5)


def test_first_and_second_gradients_are_those_of_the_stock_layer():
    gradients = []
    for layer in pair():

        def critic(x, training, layer=layer):
            return keras.ops.sum(keras.ops.square(layer(x, training=training) + x), (1, 2, 3))

        def loss(critic=critic):
            maps = keras.ops.convert_to_tensor(MAPS)
            return keras.ops.mean(critic(maps, True)) + 1e-3 * losses.r1(critic, maps), None

        _, grads = backend.gradients(loss, layer.trainable_variables)
        gradients.append([to_numpy(g) for g in grads])
    for a, b in zip(*gradients, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3)


def test_a_frozen_layer_keeps_its_statistics():
    ours, _ = pair()
    ours.trainable = False
    ours(MAPS, training=True)
    np.testing.assert_array_equal(ours.moving_mean.numpy(), np.zeros(3))


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_half_precision_keeps_float32_statistics(policy):
    keras.config.set_dtype_policy(policy)
    ours, theirs = pair(momentum=0.0)
    left, right = (
        to_numpy(keras.ops.cast(x(MAPS, training=True), "float32")) for x in (ours, theirs)
    )
    np.testing.assert_allclose(left, right, atol=0.05)
    np.testing.assert_allclose(ours.moving_mean.numpy(), MAPS.mean((0, 1, 2)), rtol=1e-2)


def test_points_go_through_the_stock_layer():
    layer = BatchNormalization()
    assert to_numpy(layer(MAPS[:, 0, 0], training=True)).shape == (4, 3)


def test_it_survives_a_file(tmp_path):
    model = keras.Sequential([keras.Input((5, 5, 3)), BatchNormalization(epsilon=1e-4)])
    model.save(tmp_path / "model.keras")
    assert keras.saving.load_model(tmp_path / "model.keras").layers[0].epsilon == 1e-4
