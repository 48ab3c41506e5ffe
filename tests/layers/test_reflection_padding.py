"""ReflectionPadding2D against numpy's."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import ReflectionPadding2D


@pytest.mark.parametrize("padding", [1, 3])
def test_it_is_numpys(padding):
    images = np.random.default_rng(0).normal(size=(2, 5, 6, 3)).astype("float32")
    side = (padding, padding)
    expected = np.pad(images, ((0, 0), side, side, (0, 0)), mode="reflect")
    np.testing.assert_array_equal(
        ops.convert_to_numpy(ReflectionPadding2D(padding)(images)), expected
    )


def test_open_sides_stay_open():
    images = keras.Input((None, 8, 3))
    assert ReflectionPadding2D(2)(images).shape == (None, None, 12, 3)


def test_its_configuration_makes_it_again():
    layer = ReflectionPadding2D(3, name="pad")
    assert ReflectionPadding2D.from_config(layer.get_config()).padding == 3
