import keras
import numpy as np
import pytest

from keras_gans.layers import EqualizedConv2D


def test_it_convolves_by_the_scaled_kernel():
    layer = EqualizedConv2D(5, 3)
    x = np.random.default_rng(0).normal(size=(2, 6, 6, 4)).astype("float32")
    y = layer(x)
    stock = keras.layers.Conv2D(5, 3, padding="same")
    stock.build(x.shape)
    kernel = keras.ops.convert_to_numpy(layer.kernel)
    stock.set_weights([kernel * np.sqrt(2 / 36), np.zeros(5)])
    expected = keras.ops.convert_to_numpy(stock(x))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(y), expected, rtol=1e-4, atol=1e-5)


def test_the_variance_of_white_noise_is_kept():
    layer = EqualizedConv2D(64, 3, gain=1.0, padding="valid")
    x = np.random.default_rng(0).normal(size=(4, 16, 16, 32)).astype("float32")
    assert keras.ops.convert_to_numpy(layer(x)).std() == pytest.approx(1.0, abs=0.1)
    assert keras.ops.convert_to_numpy(layer.kernel).std() == pytest.approx(1.0, abs=0.05)


def test_it_can_be_saved():
    layer = EqualizedConv2D(3, 1, gain=1.0, dtype="float32")
    copy = EqualizedConv2D.from_config(layer.get_config())
    assert (copy.filters, copy.kernel_size, copy.gain) == (3, (1, 1), 1.0)
