"""Ways between two latents."""

import numpy as np

from keras_gans.latents.great_circle import great_circle


def test_the_way_is_as_long_as_its_ends():
    way = great_circle([3.0, 0.0], [0.0, 1.0], [0, 0.5, 1])
    np.testing.assert_allclose(way, [[3, 0], [2**0.5, 2**0.5], [0, 1]], atol=1e-6)


def test_there_is_a_straight_way_between_parallels_and_from_nothing():
    np.testing.assert_allclose(great_circle([1.0, 0.0], [-1.0, 0.0], [0.5]), [[0, 0]], atol=1e-6)
    np.testing.assert_allclose(great_circle([0.0, 0.0], [0.0, 2.0], [0.5]), [[0, 1]])
