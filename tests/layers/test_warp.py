"""Warps: affine maps of positions, in numpy and by gathers."""

import numpy as np
import pytest
from keras import ops

from keras_gans.layers.warp import affine_warp, pixels_at

RNG = np.random.default_rng(0)


def reflected(position, side):
    """A position mirrored into [0, side - 1], one reflection after the other."""
    while side > 1 and not 0 <= position <= side - 1:
        position = -position if position < 0 else 2 * (side - 1) - position
    return position if side > 1 else 0.0


def warped(images, matrix, shift):
    """`affine_warp` pixel by pixel, in float64."""
    made = np.zeros(images.shape)
    n, height, width, _ = images.shape
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    for i, row, column in np.ndindex(n, height, width):
        source = matrix[i] @ (np.array([column, row]) - middle) + shift[i] + middle
        x, y = reflected(source[0], width), reflected(source[1], height)
        left, upper = int(x), int(y)
        right, lower = min(left + 1, width - 1), min(upper + 1, height - 1)
        corner = images[i]
        above = corner[upper, left] * (left + 1 - x) + corner[upper, right] * (x - left)
        below = corner[lower, left] * (left + 1 - x) + corner[lower, right] * (x - left)
        made[i, row, column] = above * (upper + 1 - y) + below * (y - upper)
    return made


def by_gathers(images, matrix, shift):
    tensors = (
        ops.convert_to_tensor(matrix.astype("float32")),
        ops.convert_to_tensor(shift.astype("float32")),
    )
    rows = [[tensors[0][:, i, j] for j in range(2)] for i in range(2)]
    made = affine_warp(ops.convert_to_tensor(images), rows, [tensors[1][:, i] for i in range(2)])
    return ops.convert_to_numpy(made)


@pytest.mark.parametrize("shape", [(3, 5, 4, 2), (1, 4, 6, 1), (2, 1, 3, 3)])
def test_a_warp_is_that_of_each_pixel_by_itself(shape):
    images = RNG.uniform(-1, 1, shape).astype("float32")
    matrix, shift = RNG.normal(size=(shape[0], 2, 2)), RNG.normal(0, 4, (shape[0], 2))
    np.testing.assert_allclose(
        by_gathers(images, matrix, shift), warped(images, matrix, shift), atol=2e-5
    )


def test_whole_shifts_and_flips_move_pixels_and_change_none():
    images = RNG.uniform(-1, 1, (1, 5, 5, 3)).astype("float32")
    same, mirrored = np.eye(2)[None], np.diag([-1.0, 1.0])[None]
    np.testing.assert_array_equal(by_gathers(images, same, np.zeros((1, 2))), images)
    np.testing.assert_array_equal(
        by_gathers(images, mirrored, np.zeros((1, 2))), images[:, :, ::-1]
    )
    moved = by_gathers(images, same, np.array([[2.0, -1.0]]))
    np.testing.assert_array_equal(moved[:, 1:, :3], images[:, :-1, 2:])
    np.testing.assert_array_equal(moved[:, 0], moved[:, 2])  # Mirrored at the upper edge.


def test_pixels_are_those_at_their_positions():
    images = RNG.normal(size=(2, 3, 4, 2)).astype("float32")
    rows = np.array([[[2], [0]], [[1], [1]]], "int32")
    columns = np.array([[[3, 0, 1]]] * 2, "int32")
    made = ops.convert_to_numpy(pixels_at(*map(ops.convert_to_tensor, (images, rows, columns))))
    assert made.shape == (2, 2, 3, 2)
    for i, row, column in np.ndindex(2, 2, 3):
        expected = images[i, rows[i, row, 0], columns[i, 0, column]]
        np.testing.assert_array_equal(made[i, row, column], expected)
