"""Images: uint8 outside, floats in one of two ranges inside."""

import numpy as np
import pytest
from keras import ops
from PIL import Image

from keras_gans.samples import Images

PIXELS = np.arange(256, dtype="uint8").reshape(1, 16, 16, 1)


@pytest.mark.parametrize("range", [(-1, 1), (0, 1)])
def test_every_value_of_a_pixel_comes_back_from_both_ranges(range):
    images = Images(range)
    floats = ops.convert_to_numpy(images.to_floats(ops.convert_to_tensor(PIXELS)))
    low, high = range
    expected = low + PIXELS.astype("float64") / 255 * (high - low)
    np.testing.assert_allclose(floats, expected, atol=1e-6)
    np.testing.assert_array_equal(images.to_outside(floats), PIXELS)
    tensor = images.to_outside(ops.convert_to_tensor(floats))
    np.testing.assert_array_equal(ops.convert_to_numpy(tensor), PIXELS)


@pytest.mark.parametrize("range", [(-1, 1), (0, 1)])
def test_floats_are_taken_to_be_in_the_range_and_uint8_to_be_done(range):
    images = Images(range)
    floats = np.array([[0.0, 0.25, 1.0]], "float32")
    shown = ops.convert_to_numpy(images.to_floats(ops.convert_to_tensor(floats)))
    np.testing.assert_array_equal(shown, floats)
    np.testing.assert_array_equal(images.to_outside(PIXELS), PIXELS)


def test_floats_outside_the_range_of_a_sigmoid_are_told_and_those_in_it_are_right(recwarn):
    batch = np.linspace(0, 1, 16, dtype="float32").reshape(1, 4, 4, 1)
    images = Images((0, 1))
    images.check(batch, (4, 4, 1))
    images.check_values(batch)
    assert not recwarn
    for check in (lambda x: images.check(x, (4, 4, 1)), images.check_values):
        with pytest.raises(ValueError, match=r"lie in \[0, 1\], .* from -1 to 1.*images / 255"):
            check(batch * 2 - 1)
    with pytest.raises(ValueError, match=r"float images in \[0, 1\], but its dtype is int32"):
        images.check(batch.astype("int32"), (4, 4, 1))


def test_another_range_is_refused():
    with pytest.raises(ValueError, match=r"is \(-1, 1\), or \(0, 1\).*it was \(0, 255\)"):
        Images(range=(0, 255))


def test_a_file_is_a_grid_that_is_about_square(tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (5, 64, 64, 3), "uint8")
    Images().save(images, tmp_path / "five.png")
    grid = np.asarray(Image.open(tmp_path / "five.png"))
    assert grid.shape == (2 * 66 + 2, 3 * 66 + 2, 3)
    np.testing.assert_array_equal(grid[68:132, 68:132], images[4])
