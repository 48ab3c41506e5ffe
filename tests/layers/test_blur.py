"""The filter [1, 2, 1], and the resampling that it makes."""

import keras
import numpy as np
from keras import ops

from keras_gans.layers import Blur

MAPS = np.random.default_rng(0).standard_normal((2, 6, 4, 3), dtype="float32")


def numbers(tensor):
    return ops.convert_to_numpy(tensor)


def filtered(maps, kernel):
    """Each column and row filtered by a kernel of odd length, with zeros beyond the edges."""
    for axis in (1, 2):
        maps = np.apply_along_axis(np.convolve, axis, maps.astype("float64"), kernel, "same")
    return maps


def test_each_pixel_is_half_of_itself_and_a_quarter_of_each_neighbour():
    np.testing.assert_allclose(
        numbers(Blur()(MAPS)), filtered(MAPS, np.array([1, 2, 1]) / 4), atol=1e-6
    )


def test_doubled_and_blurred_it_is_bilinear_interpolation():
    """Filtered by [1, 3, 3, 1] / 4 after zeros were set between the pixels, as the authors do."""
    spread = np.zeros((2, 13, 9, 3))
    spread[:, 1::2, 1::2] = MAPS
    for axis in (1, 2):
        kernel = np.array([1, 3, 3, 1]) / 4
        spread = np.apply_along_axis(np.convolve, axis, spread, kernel, "full")
    made = numbers(Blur()(keras.layers.UpSampling2D(2)(MAPS)))
    np.testing.assert_allclose(made, spread[:, 2:-2, 2:-2], atol=1e-6)


def test_blurred_and_averaged_it_is_the_filter_of_four_in_steps_of_two():
    padded = np.pad(MAPS.astype("float64"), ((0, 0), (1, 1), (1, 1), (0, 0)))
    for axis in (1, 2):
        kernel = np.array([1, 3, 3, 1]) / 8
        padded = np.apply_along_axis(np.convolve, axis, padded, kernel, "valid")
    made = numbers(keras.layers.AveragePooling2D(2)(Blur()(MAPS)))
    np.testing.assert_allclose(made, padded[:, ::2, ::2], atol=1e-6)


def test_it_takes_maps_of_any_size_and_half_precision():
    images = keras.Input((None, None, 3))
    network = keras.Model(images, Blur(dtype="mixed_bfloat16")(images))
    assert network(MAPS).shape == MAPS.shape
    assert keras.backend.standardize_dtype(network(MAPS).dtype) == "bfloat16"
