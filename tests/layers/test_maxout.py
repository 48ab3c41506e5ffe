import keras
import numpy as np
import pytest

from keras_gans.layers import Maxout


@pytest.mark.parametrize("shape", [(3, 6), (2, 4, 4, 6)])
def test_it_is_the_largest_of_neighbouring_channels(shape):
    x = np.random.default_rng(0).normal(size=shape).astype("float32")
    for pieces in (2, 3):
        layer = Maxout(pieces)
        y = keras.ops.convert_to_numpy(layer(x))
        expected = np.stack([x[..., i : i + pieces].max(-1) for i in range(0, 6, pieces)], -1)
        np.testing.assert_array_equal(y, expected)
        assert layer.compute_output_shape(shape) == y.shape


def test_it_takes_any_batch_and_comes_back_from_its_config():
    inputs = keras.Input((6,))
    network = keras.Model(inputs, Maxout(3)(inputs))
    assert network.output_shape == (None, 2)
    copy = keras.Model.from_config(network.get_config())
    x = np.arange(12, dtype="float32").reshape(2, 6)
    np.testing.assert_array_equal(copy.predict(x, verbose=0), [[2, 5], [8, 11]])


def test_channels_that_do_not_divide_are_told():
    with pytest.raises(ValueError, match="each 4 channels; 6 channels"):
        Maxout(4)(np.zeros((1, 6), "float32"))
