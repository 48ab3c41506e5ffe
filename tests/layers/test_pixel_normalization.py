import keras
import numpy as np

from keras_gans.layers import PixelNormalization


def test_each_pixel_has_a_mean_square_of_one():
    x = np.random.default_rng(0).normal(size=(2, 3, 3, 8)).astype("float32") * 7
    y = keras.ops.convert_to_numpy(PixelNormalization()(x))
    np.testing.assert_allclose((y**2).mean(axis=-1), 1.0, rtol=1e-5)
    expected = x / np.sqrt((x.astype("float64") ** 2).mean(axis=-1, keepdims=True) + 1e-8)
    np.testing.assert_allclose(y, expected, rtol=1e-5)


def test_zeros_stay_zeros():
    assert not keras.ops.convert_to_numpy(PixelNormalization()(np.zeros((1, 4), "float32"))).any()
