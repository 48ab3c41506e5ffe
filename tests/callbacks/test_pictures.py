"""Grids, labels and files."""

import numpy as np

from keras_gans.callbacks.pictures import label_rows, make_grid


def test_images_lie_in_rows_with_white_between():
    images = np.arange(3, dtype="uint8").repeat(4).reshape(3, 2, 2, 1)
    grid = make_grid(images, columns=2, gap=1)[..., 0]
    assert grid.tolist() == [
        [255, 255, 255, 255, 255, 255, 255],
        [255, 0, 0, 255, 1, 1, 255],
        [255, 0, 0, 255, 1, 1, 255],
        [255, 255, 255, 255, 255, 255, 255],
        [255, 2, 2, 255, 255, 255, 255],
        [255, 2, 2, 255, 255, 255, 255],
        [255, 255, 255, 255, 255, 255, 255],
    ]


def test_labels_stand_on_white_beside_their_rows():
    grid = np.full((120, 50, 3), 7, "uint8")
    labelled = label_rows(grid, ["source", "output"])
    assert labelled.dtype == np.uint8
    margin = labelled[:, :-50]
    np.testing.assert_array_equal(labelled[:, -50:], grid)
    for row in (margin[:60], margin[60:]):
        ink = (row < 128).any(axis=(1, 2))
        assert ink[15:45].any()
        assert not ink[:15].any()
        assert not ink[45:].any()
