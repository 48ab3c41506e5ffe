import numpy as np
import pytest

from keras_gans.data import (
    GRID_MODES,
    GRID_STD,
    RING_MODES,
    RING_STD,
    Mixture,
    grid,
    pacgan_grid,
    pacgan_ring,
    ring,
    swiss_roll,
)

TOYS = {
    "ring": (ring, RING_MODES, RING_STD, 8),
    "grid": (grid, GRID_MODES, GRID_STD, 25),
    "pacgan_ring": (pacgan_ring, pacgan_ring.modes, 0.01, 8),
    "pacgan_grid": (pacgan_grid, pacgan_grid.modes, 0.05, 25),
    "line": (Mixture([[-2], [0], [2]], 0.1), np.array([[-2], [0], [2]]), 0.1, 3),
}


@pytest.mark.parametrize("toy", [ring, pacgan_grid, swiss_roll])
def test_points_are_float32_and_follow_the_seed(toy):
    points = toy(100, seed=1)
    assert (points.shape, points.dtype) == ((100, 2), "float32")
    np.testing.assert_array_equal(points, toy(100, seed=1))
    assert not np.array_equal(points, toy(100, seed=2))
    assert not np.array_equal(toy(100, seed=[1, 2]), toy(100, seed=[2, 1]))


@pytest.mark.parametrize(("toy", "modes", "std", "count"), TOYS.values(), ids=TOYS)
def test_every_mode_has_its_share_and_its_width(toy, modes, std, count):
    points = toy(20000)
    distances = np.linalg.norm(points[:, None] - modes, axis=-1)
    nearest = np.bincount(distances.argmin(1), minlength=count) / len(points)
    assert points.shape == (20000, modes.shape[1])
    assert len(modes) == count
    assert nearest.min() > 0.8 / count
    assert nearest.max() < 1.2 / count
    # The mean squared distance to the centre of a Gaussian is its variance in each dimension.
    width = np.sqrt((distances.min(1) ** 2).mean() / points.shape[1])
    np.testing.assert_allclose(width, std, rtol=0.02)


def test_a_mixture_says_what_it_is():
    assert repr(pacgan_grid) == "<Mixture of 25 modes in 2 dimensions, deviation 0.05>"


def test_fewer_points_than_none_are_refused():
    with pytest.raises(ValueError, match="asked for 0 points or more; it was asked for -1"):
        ring(-1)
    assert ring(0).shape == (0, 2)


def test_the_modes_lie_where_the_papers_put_them():
    np.testing.assert_allclose(np.linalg.norm(pacgan_ring.modes, axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(np.unique(pacgan_grid.modes), [-4, -2, 0, 2, 4])
    for toy in (ring, grid, pacgan_ring, pacgan_grid):
        assert len(np.unique(toy.modes.round(5), axis=0)) == len(toy.modes)
    np.testing.assert_allclose(np.linalg.norm(RING_MODES, axis=1), 2 / 1.414, rtol=1e-6)
    np.testing.assert_allclose(np.unique(GRID_MODES) * 2.828, [-4, -2, 0, 2, 4], rtol=1e-6)


def test_the_roll_winds_one_and_a_half_times_outwards():
    points = swiss_roll(5000)
    radii = np.linalg.norm(points, axis=1) * 7.5
    assert abs(radii.min() - 1.5 * np.pi) < 1
    assert abs(radii.max() - 4.5 * np.pi) < 1


@pytest.mark.parametrize(("modes", "std"), [([1.0, 2], 0.1), (np.zeros((0, 2)), 0.1), ([[1]], 0)])
def test_what_is_no_mixture_is_told(modes, std):
    with pytest.raises(ValueError, match=r"centres \[k, d\] and a deviation above 0"):
        Mixture(modes, std)
