import numpy as np
import pytest
from PIL import Image

from keras_gans.data import fit_image
from keras_gans.data.resizing import check_image_shape, fit_arrays


def pixel(image, channels, **options):
    return fit_image(image, (2, 2, channels), **options)[0, 0].tolist()


@pytest.mark.parametrize(
    "mode, colour, grey, rgb",
    [
        ("1", 1, [255], [255] * 3),
        ("L", 100, [100], [100] * 3),
        ("RGB", (255, 0, 0), [76], [255, 0, 0]),
        ("RGBA", (255, 0, 0, 255), [76], [255, 0, 0]),
        ("LA", (100, 255), [100], [100] * 3),
        ("CMYK", (0, 255, 255, 0), [76], [255, 0, 0]),
        ("I;16", 257 * 100, [100], [100] * 3),
        ("I", 65535, [255], [255] * 3),
    ],
)
def test_every_mode_becomes_grey_rgb_and_rgba(mode, colour, grey, rgb):
    image = Image.new(mode, (4, 4), colour)
    assert pixel(image, 1) == grey
    assert pixel(image, 3) == rgb
    assert pixel(image, 4) == [*rgb, 255]


def test_sixteen_bits_are_scaled_and_not_clipped():
    values = np.array([[0, 257], [32768, 65535]], "uint16")
    image = Image.fromarray(values)
    assert fit_image(image, (2, 2, 1))[..., 0].tolist() == [[0, 1], [128, 255]]


@pytest.mark.parametrize("mode, value", [("F", 0.5), ("I", 70000), ("I", -1)])
def test_pixels_without_a_fixed_range_are_refused(mode, value):
    with pytest.raises(ValueError, match="no fixed range"):
        fit_image(Image.new(mode, (4, 4), value), (2, 2, 1))


def test_transparent_pixels_show_the_background():
    clear = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    assert pixel(clear, 3) == [255, 255, 255]
    assert pixel(clear, 3, background=(0, 0, 255)) == [0, 0, 255]
    assert pixel(clear, 1, background="black") == [0]
    assert pixel(clear, 4)[3] == 0


def test_half_transparent_pixels_mix_with_the_background():
    assert pixel(Image.new("RGBA", (4, 4), (0, 0, 0, 128)), 1) == [127]


@pytest.mark.parametrize("transparency", [0, b"\x00\xff"])
def test_a_transparent_palette_entry_shows_the_background(tmp_path, transparency):
    image = Image.new("P", (4, 4), 0)
    image.putpalette([255, 0, 0, 0, 255, 0])
    image.save(tmp_path / "palette.png", transparency=transparency)
    with Image.open(tmp_path / "palette.png") as image:
        assert image.mode == "P"
        assert pixel(image, 3, background="blue") == [0, 0, 255]


def test_an_opaque_palette_keeps_its_colours():
    image = Image.new("P", (4, 4), 1)
    image.putpalette([255, 0, 0, 0, 255, 0])
    assert pixel(image, 3) == [0, 255, 0]


def test_the_shorter_side_fits_and_the_longer_is_cropped_in_the_centre():
    wide = np.zeros((10, 30, 1), "uint8")
    wide[:, 10:20] = 200
    assert (fit_arrays([wide], 1, (10, 10, 1)) == 200).all()
    tall = wide.transpose(1, 0, 2)
    assert (fit_arrays([tall], 1, (10, 10, 1)) == 200).all()


def test_an_image_of_the_right_size_keeps_its_pixels():
    image = np.random.default_rng(0).integers(0, 256, (8, 6, 3), "uint8")
    np.testing.assert_array_equal(fit_arrays([image], 1, (8, 6, 3))[0], image)


def test_shrinking_averages_instead_of_skipping():
    stripes = np.zeros((64, 64), "uint8")
    stripes[:, ::2] = 254
    small = fit_arrays([stripes], 1, (8, 8, 1))[0, 2:-2, 2:-2]
    assert np.abs(small.astype(int) - 127).max() <= 4


def test_the_exif_orientation_is_applied(tmp_path):
    image = Image.new("RGB", (8, 4))
    image.paste("red", (0, 0, 4, 4))
    exif = Image.Exif()
    exif[0x0112] = 6  # The camera was turned: show it rotated by 90 degrees clockwise.
    image.save(tmp_path / "turned.png", exif=exif)
    with Image.open(tmp_path / "turned.png") as turned:
        upright = fit_image(turned, (8, 4, 3))
    assert upright[1, 1].tolist() == [255, 0, 0]
    assert upright[6, 1].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("shape", "expected"), [((None, None, 1), (4, 8, 1)), ((None, 4, 3), (4, 4, 3))]
)
def test_a_side_that_is_none_stays_as_it_is(shape, expected):
    assert fit_image(Image.new("RGB", (8, 4)), shape).shape == expected


def test_many_arrays_keep_their_order():
    arrays = (np.full((3, 3), value, "uint8") for value in range(200))
    images = fit_arrays(arrays, 200, (2, 2, 1))
    assert images[:, 0, 0, 0].tolist() == list(range(200))


@pytest.mark.parametrize("array", [np.zeros((2, 2, 2), "uint8"), np.zeros((2, 2, 3))])
def test_an_array_that_is_no_image_is_refused(array):
    with pytest.raises(ValueError, match="1, 3 or 4 channels, but one is"):
        fit_arrays([array], 1, (2, 2, 3))


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 2), (0, 8, 3), (None, 8, 3), (8.0, 8, 3)])
def test_an_image_shape_that_is_none_is_refused(shape):
    with pytest.raises(ValueError, match="height, width, channels"):
        check_image_shape(shape)
