import numpy as np
import pytest

from keras_gans.data import GRID_MODES, GRID_STD, RING_MODES, RING_STD, grid, ring, swiss_roll


@pytest.mark.parametrize("toy", [ring, grid, swiss_roll])
def test_points_are_float32_and_follow_the_seed(toy):
    points = toy(100, seed=1)
    assert (points.shape, points.dtype) == ((100, 2), "float32")
    np.testing.assert_array_equal(points, toy(100, seed=1))
    assert not np.array_equal(points, toy(100, seed=2))


@pytest.mark.parametrize(
    "toy, modes, std, count", [(ring, RING_MODES, RING_STD, 8), (grid, GRID_MODES, GRID_STD, 25)]
)
def test_every_mode_has_its_share_and_its_width(toy, modes, std, count):
    points = toy(20000)
    distances = np.linalg.norm(points[:, None] - modes, axis=-1)
    nearest = np.bincount(distances.argmin(1), minlength=count) / len(points)
    assert modes.shape == (count, 2)
    assert nearest.min() > 0.8 / count
    assert nearest.max() < 1.2 / count
    # The mean squared distance to the centre of a 2-D Gaussian is twice its variance.
    np.testing.assert_allclose(np.sqrt((distances.min(1) ** 2).mean() / 2), std, rtol=0.02)


def test_the_modes_lie_where_the_paper_put_them():
    np.testing.assert_allclose(np.linalg.norm(RING_MODES, axis=1), 2 / 1.414, rtol=1e-6)
    np.testing.assert_allclose(np.unique(GRID_MODES) * 2.828, [-4, -2, 0, 2, 4], rtol=1e-6)


def test_the_roll_winds_one_and_a_half_times_outwards():
    points = swiss_roll(5000)
    radii = np.linalg.norm(points, axis=1) * 7.5
    assert abs(radii.min() - 1.5 * np.pi) < 1
    assert abs(radii.max() - 4.5 * np.pi) < 1
