import keras
import numpy as np
import pytest

from keras_gans.layers import EqualizedDense


def test_the_weights_are_scaled_at_every_call():
    layer = EqualizedDense(3)
    x = np.random.default_rng(0).normal(size=(2, 8)).astype("float32")
    y = keras.ops.convert_to_numpy(layer(x))
    kernel = keras.ops.convert_to_numpy(layer.kernel)
    np.testing.assert_allclose(y, x @ kernel * np.sqrt(2 / 8), rtol=1e-5, atol=1e-6)


def test_the_bias_is_not_scaled_and_maps_have_one_per_channel():
    layer = EqualizedDense((4, 4, 2), gain=1.0)
    assert layer(np.zeros((3, 5), "float32")).shape == (3, 4, 4, 2)
    assert layer.bias.shape == (2,)
    layer.bias.assign([1.0, -2.0])
    y = keras.ops.convert_to_numpy(layer(np.zeros((1, 5), "float32")))
    assert (y[..., 0] == 1).all() and (y[..., 1] == -2).all()


def test_weights_begin_as_standard_normal():
    layer = EqualizedDense(64)
    layer.build((None, 256))
    kernel = keras.ops.convert_to_numpy(layer.kernel)
    assert kernel.std() == pytest.approx(1.0, abs=0.02)
    assert not keras.ops.convert_to_numpy(layer.bias).any()


def test_it_can_be_saved():
    layer = EqualizedDense((2, 2, 3), gain=0.5)
    copy = EqualizedDense.from_config(layer.get_config())
    assert (copy.units, copy.gain) == ((2, 2, 3), 0.5)
