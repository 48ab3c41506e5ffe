import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import fit_image
from keras_gans.data.resizing import (
    check_image_shape,
    fit_arrays,
    in_order,
    size_upright,
    upright_8_bits,
)


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


def saved(image, suffix, **options):
    """The image, opened from a file of that suffix."""
    file = io.BytesIO()
    image.save(file, Image.registered_extensions()[suffix], **options)
    return Image.open(file)


def test_a_stated_white_scales_every_mode_to_it():
    for mode, white in (("I", 255), ("I", 65535), ("I;16", 4095), ("F", 1.0)):
        image = Image.new(mode, (4, 4), white)
        assert pixel(image, 3, max_value=white) == [255] * 3
    values = np.array([[0, 1024], [2048, 4095]], "uint16")
    image = Image.fromarray(values)
    assert fit_image(image, (2, 2, 1), max_value=4095)[..., 0].tolist() == [[0, 64], [128, 255]]
    assert pixel(Image.new("L", (4, 4), 100), 1, max_value=4095) == [100]


@pytest.mark.parametrize("values", [[-1, 5], [0, 4096], [0, float("nan")]])
def test_pixels_outside_of_the_stated_range_are_refused(values):
    image = Image.fromarray(np.array([values], "float32"))
    with pytest.raises(ValueError, match="not from 0 to max_value=4095"):
        fit_image(image, (1, 2, 1), max_value=4095)


def test_the_range_in_the_header_of_a_pgm_file_counts():
    image = Image.open(io.BytesIO(b"P2 2 1 4095 4095 2048"))
    assert image.mode == "I"
    assert fit_image(image, (1, 2, 1))[0, :, 0].tolist() == [255, 128]


@pytest.mark.parametrize(("bits", "value"), [(10, 1023), (12, 4000), (14, 16383)])
def test_fewer_bits_in_a_file_of_16_are_told_and_not_shown_dark(bits, value):
    image = saved(Image.fromarray(np.full((2, 2), value, "uint16")), ".png")
    with pytest.raises(ValueError, match=f"end at {value}, .* max_value={2**bits - 1}"):
        fit_image(image, (2, 2, 1))
    assert pixel(image, 1, max_value=65535) == [round(value / 257)]
    assert pixel(Image.new("I;16", (4, 4), 0), 1) == [0]


def test_dark_colours_of_16_bits_are_told():
    """Pillow reads the upper half of their bits alone."""

    def png(value):
        row = b"\0" + np.full(6, value, ">u2").tobytes()
        chunks = [(b"IHDR", struct.pack(">2I5B", 2, 1, 16, 2, 0, 0, 0))]
        chunks += [(b"IDAT", zlib.compress(row)), (b"IEND", b"")]
        body = b"".join(
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
            for kind, data in chunks
        )
        return Image.open(io.BytesIO(b"\x89PNG\r\n\x1a\n" + body))

    for max_value in (None, 4095):
        with pytest.raises(ValueError, match="upper 8, in which it is dark"):
            fit_image(png(4095), (1, 2, 3), max_value=max_value)
    assert fit_image(png(4095), (1, 2, 3), max_value=65535)[0, 0].tolist() == [15] * 3
    assert fit_image(png(40000), (1, 2, 3))[0, 0].tolist() == [156] * 3


@pytest.mark.parametrize("mode, value", [("F", 0.5), ("I", 200), ("I", 70000), ("I", -1)])
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


def broken_exif():
    """Of an image on its side: one entry of it cannot be written again, or none can be read."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "maker"
    whole = exif.tobytes()
    maker = whole.index(struct.pack(">H", 0x010F) + b"\0\x02") + 3
    return [whole[:maker] + b"\x0c" + whole[maker + 1 :], whole[:7] + b"?" + whole[8:], b"Exif\0\0"]


@pytest.mark.filterwarnings("ignore:Tag data larger")
@pytest.mark.parametrize("suffix", [".png", ".webp", ".jpg"])
@pytest.mark.parametrize("number", range(3))
def test_an_image_with_a_broken_exif_is_read(suffix, number):
    image = saved(Image.new("RGB", (8, 4), "red"), suffix, exif=broken_exif()[number])
    width, height = size_upright(image)
    assert fit_image(image, (None, None, 3)).shape == (height, width, 3)


def test_the_orientation_is_applied_once(tmp_path):
    xmp = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    image = saved(Image.new("RGB", (8, 4)), ".jpg", xmp=xmp)
    assert size_upright(image) == (4, 8)
    upright = upright_8_bits(image)
    assert (upright.size, size_upright(upright), upright_8_bits(upright).size) == ((4, 8),) * 3


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


def test_items_are_not_read_far_ahead():
    read = []
    items = (read.append(i) or i for i in range(1000))
    results = in_order(lambda item: 2 * item, items)
    assert [next(results), next(results)] == [0, 2]
    assert len(read) < 70
    assert list(results)[-1] == 1998


def test_arrays_of_other_dtypes_need_their_white():
    array = np.full((2, 2, 3), 4095, "uint16")
    with pytest.raises(ValueError, match=r"one is uint16 .*`max_value`"):
        fit_arrays([array], 1, (2, 2, 3))
    assert (fit_arrays([array], 1, (2, 2, 3), max_value=4095) == 255).all()


@pytest.mark.parametrize("shape", [64, (64, 64), None, (64, 64, 2)])
def test_one_image_also_needs_a_whole_shape(shape):
    with pytest.raises(ValueError, match=r"\(height, width, channels\), .* such as \(64, 64, 3\)"):
        fit_image(Image.new("L", (4, 4)), shape)


@pytest.mark.parametrize(
    "shape", [64, None, (8, 8), (8, 8, 2), (0, 8, 3), (None, 8, 3), (8.0, 8, 3)]
)
def test_an_image_shape_that_is_none_is_refused(shape):
    with pytest.raises(ValueError, match="height, width, channels"):
        check_image_shape(shape)
