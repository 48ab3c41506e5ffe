"""Learned maps between vectors and maps."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import DiscriminativeBasis, GenerativeBasis

VECTORS = np.random.default_rng(0).standard_normal((3, 5), dtype="float32")
MAPS = np.random.default_rng(1).standard_normal((3, 2, 4, 5), dtype="float32")


def numbers(tensor):
    return ops.convert_to_numpy(tensor)


def test_a_vector_is_what_learned_maps_are_multiplied_by():
    layer = GenerativeBasis((2, 4))
    made = numbers(layer(VECTORS))
    expected = np.einsum("nc,hwc->nhwc", VECTORS, numbers(layer.maps))
    np.testing.assert_allclose(made, expected, rtol=1e-5)


def test_maps_are_multiplied_by_learned_ones_to_a_vector():
    layer = DiscriminativeBasis((2, 4))
    made = numbers(layer(MAPS))
    expected = np.einsum("nhwc,hwc->nc", MAPS, numbers(layer.maps))
    np.testing.assert_allclose(made, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("kind", "stddev"), [(GenerativeBasis, 1), (DiscriminativeBasis, 0.25)])
def test_the_first_maps_have_the_length_of_the_authors(kind, stddev):
    layer = kind((4, 4))
    layer.build((None, 500) if kind is GenerativeBasis else (None, 4, 4, 500))
    assert numbers(layer.maps).std() == pytest.approx(stddev, rel=0.05)


@pytest.mark.parametrize(
    ("kind", "inputs"), [(GenerativeBasis, VECTORS), (DiscriminativeBasis, MAPS)]
)
def test_they_come_back_from_their_configs_and_compute_in_half_precision(kind, inputs):
    layer = kind.from_config(kind((2, 4), dtype="mixed_bfloat16").get_config())
    made = layer(inputs)
    assert keras.backend.standardize_dtype(made.dtype) == "bfloat16"
    assert layer.maps.dtype == "float32"
    assert layer.compute_output_shape(inputs.shape) == tuple(made.shape)
