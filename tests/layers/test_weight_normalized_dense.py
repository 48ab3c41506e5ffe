"""Dense layers whose columns have one length."""

import keras
import numpy as np

from keras_gans.layers import WeightNormalizedDense
from tests.harness import numpy_of


def test_columns_have_the_length_of_the_gain_whatever_the_weights_are():
    layer = WeightNormalizedDense(3, gain=2.0)
    x = np.random.default_rng(0).normal(size=(5, 4)).astype("float32")
    layer.build((None, 4))
    layer.bias.assign([1.0, 2.0, 3.0])
    kernel = numpy_of(layer.kernel)
    expected = x @ (2 * kernel / np.linalg.norm(kernel, axis=0)) + [1, 2, 3]
    np.testing.assert_allclose(numpy_of(layer(x)), expected, rtol=1e-4, atol=1e-5)
    layer.kernel.assign(10 * kernel)
    np.testing.assert_allclose(numpy_of(layer(x)), expected, rtol=1e-4, atol=1e-5)


def test_it_computes_in_half_precision_and_comes_back_from_its_config():
    keras.config.set_dtype_policy("mixed_float16")
    layer = WeightNormalizedDense(3, gain=1.0)
    outputs = layer(np.ones((2, 4), "float32"))
    assert keras.backend.standardize_dtype(outputs.dtype) == "float16"
    assert outputs.shape == layer.compute_output_shape((2, 4)) == (2, 3)
    layer.kernel.assign(1e-3 * np.ones((4, 3)))
    assert np.isfinite(numpy_of(layer(np.ones((2, 4), "float32")))).all()
    copy = WeightNormalizedDense.from_config(layer.get_config())
    assert (copy.units, copy.gain) == (3, 1.0)
