"""Points: their pictures are scatter plots."""

import numpy as np
import pytest

from keras_gans.samples import Points
from keras_gans.samples.points import SIDE


def ink(points):
    """Rows and columns of what is black, in units of the plot's half."""
    picture = Points().picture(np.array(points, "float32"), columns=1)
    assert picture.shape == (SIDE, SIDE, 1)
    rows, columns, _ = np.nonzero(picture < 60)
    return 1 - rows / (SIDE / 2), columns / (SIDE / 2) - 1


@pytest.mark.parametrize(("x", "y"), [(1.0, 1.0), (-1.0, 0.5), (0.25, -1.0)])
def test_a_point_stands_at_its_coordinates_beside_axes_to_a_power_of_2(x, y):
    up, right = ink([[1.5 * x, 1.5 * y]])
    np.testing.assert_allclose([right.mean(), up.mean()], [0.75 * x, 0.75 * y], atol=0.03)


def test_points_of_one_axis_lie_on_a_line_and_of_more_the_first_two_are_shown():
    assert np.abs(ink([[1.0], [-1.0]])[0]).max() < 0.03
    np.testing.assert_array_equal(ink([[1.0, 0.5, 7.0]]), ink([[1.0, 0.5]]))
    np.testing.assert_array_equal(ink([[[1.0, 0.5], [7.0, 7.0]]]), ink([[1.0, 0.5]]))


def test_points_that_are_not_finite_are_left_out():
    np.testing.assert_array_equal(ink([[1.0, 0.5], [np.nan, 1.0]]), ink([[1.0, 0.5]]))
    assert not ink([[np.inf, 0.0]])[0].size


def test_a_file_holds_the_points(tmp_path):
    points = np.random.default_rng(0).normal(size=(5, 2)).astype("float32")
    Points().save(points, tmp_path / "points.npy")
    np.testing.assert_array_equal(np.load(tmp_path / "points.npy"), points)


def test_integers_are_points_too():
    Points().check(np.arange(6).reshape(3, 2), (2,))
