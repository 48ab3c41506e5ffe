"""Grids of images, and files of them."""

import numpy as np
from PIL import Image

from keras_gans.samples.pictures import (
    below_each_other,
    make_grid,
    make_large_grid,
    save_picture,
    save_png,
    write_gif,
)


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


def test_small_images_are_enlarged_pixel_by_pixel():
    images = np.random.default_rng(0).integers(0, 256, (3, 8, 8, 1), "uint8")
    grid = make_large_grid(images, columns=2)
    assert grid.shape == (8 * 22, 8 * 22, 1)
    np.testing.assert_array_equal(grid[::8, ::8], make_grid(images, columns=2))
    np.testing.assert_array_equal(grid[7::8, 7::8], make_grid(images, columns=2))


def test_a_png_holds_the_pixels_of_grey_colour_and_transparency(tmp_path):
    for channels in (1, 3, 4):
        image = np.random.default_rng(0).integers(0, 256, (4, 5, channels), "uint8")
        save_png(image, tmp_path / "image.png")
        np.testing.assert_array_equal(np.atleast_3d(Image.open(tmp_path / "image.png")), image)
    assert [path.name for path in tmp_path.iterdir()] == ["image.png"]


def test_a_gif_shows_each_frame_for_its_time_and_begins_again(tmp_path):
    frames = [np.full((4, 6, 1), value, "uint8") for value in (0, 100, 200)]
    write_gif(frames, tmp_path / "frames.gif", milliseconds=[100, 100, 500])
    with Image.open(tmp_path / "frames.gif") as animation:
        seen = []
        for i in range(animation.n_frames):
            animation.seek(i)
            seen.append((animation.convert("L").getpixel((5, 3)), animation.info["duration"]))
        assert animation.size == (6, 4)
        assert animation.info["loop"] == 0
    assert seen == [(0, 100), (100, 100), (200, 500)]


def test_pictures_that_move_are_stacked_and_written_frame_by_frame(tmp_path):
    first, second = ([np.full((2, 3, 1), 50 * i + j, "uint8") for i in range(3)] for j in (0, 9))
    stacked = below_each_other([first, second])
    assert [frame[:, 0, 0].tolist() for frame in stacked] == [
        [0, 0, 9, 9],
        [50, 50, 59, 59],
        [100, 100, 109, 109],
    ]
    np.testing.assert_array_equal(below_each_other([first[1], second[1]]), stacked[1])
    save_picture(stacked, tmp_path / "epoch_0.5")
    save_picture(stacked[1], tmp_path / "epoch_0.5")
    assert {path.name for path in tmp_path.iterdir()} == {"epoch_0.5.gif", "epoch_0.5.png"}
    with Image.open(tmp_path / "epoch_0.5.gif") as animation:
        assert animation.n_frames == 3
