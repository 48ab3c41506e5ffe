"""Shadows of networks."""

import keras
import numpy as np

from keras_gans.engine.averages import shadow_of, update_average


def test_a_shadow_equals_its_network_and_never_learns():
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    shadow = shadow_of(network)
    assert not shadow.trainable_variables
    x = np.ones((1, 2), "float32")
    np.testing.assert_array_equal(network.predict(x, verbose=0), shadow.predict(x, verbose=0))


def test_no_decay_copies_and_frozen_weights_are_copied_too():
    network = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3), keras.layers.Dense(1)])
    network.layers[0].trainable = False
    shadow = shadow_of(network)
    for weight in network.weights:
        weight.assign(weight + 1.0)
    start = shadow.layers[1].kernel.numpy()
    update_average(shadow, network, 0.5)
    np.testing.assert_array_equal(shadow.layers[0].kernel, network.layers[0].kernel)
    np.testing.assert_allclose(shadow.layers[1].kernel, start + 0.5, rtol=1e-6)
    update_average(shadow, network, 0.0)
    np.testing.assert_array_equal(shadow.layers[1].kernel, network.layers[1].kernel)
