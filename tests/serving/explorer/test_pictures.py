"""Pictures that someone sends, of unknown size and content."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from keras_gans.serving.explorer.errors import RequestError
from keras_gans.serving.explorer.limits import Limits
from keras_gans.serving.explorer.pictures import check_pngs, data_url, picture_of
from keras_gans.serving.pngs import png_of

LIMITS = Limits(pixels=10_000, model_pixels=10_000, side=64)


def file_of(image, format="PNG"):
    file = io.BytesIO()
    image.save(file, format)
    return file.getvalue()


def bomb(width, height):
    """A PNG that says it is that large, in a hundred bytes."""

    def chunk(name, content):
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 99))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def test_a_picture_is_brought_to_the_shape_that_the_model_takes():
    photo = file_of(Image.new("RGB", (40, 20), "red"), "JPEG")
    picture = picture_of(photo, (8, 8, 3), LIMITS)
    assert picture.shape == (8, 8, 3)
    assert picture.dtype == "uint8"
    assert picture[0, 0, 0] > 240
    assert picture_of(photo, (8, 8, 1), LIMITS).shape == (8, 8, 1)


def test_a_model_that_takes_any_size_gets_multiples_of_16_up_to_the_limit():
    shape = (None, None, 3)
    assert picture_of(file_of(Image.new("L", (40, 20))), shape, LIMITS).shape == (16, 32, 3)
    assert picture_of(file_of(Image.new("L", (128, 64))), shape, LIMITS).shape == (32, 64, 3)
    assert picture_of(file_of(Image.new("L", (3, 3))), shape, LIMITS).shape == (16, 16, 3)


@pytest.mark.parametrize("side", [101, 10_000, 60_000])
def test_an_image_bomb_is_refused_before_it_is_decoded(side):
    content = bomb(side, side)
    assert len(content) < 200
    for refuse in (
        lambda: picture_of(content, (8, 8, 3), LIMITS),
        lambda: check_pngs("images", np.array([content], object), LIMITS),
    ):
        with pytest.raises(RequestError, match="pixels; 10,000 are the most"):
            refuse()


def test_what_is_no_picture_or_half_of_one_is_told():
    whole = file_of(Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64), "uint8")))
    for content, sentence in (
        (b"", "0 bytes are no PNG"),
        (b"no picture", "10 bytes are no PNG"),
        (whole[:30], "are no PNG|is damaged"),
        (whole[: len(whole) // 2], "is damaged"),
        (bomb(50, 50), "is damaged"),
    ):
        with pytest.raises(RequestError, match=sentence):
            picture_of(content, (8, 8, 1), LIMITS)


def test_pngs_must_be_pngs_of_one_size():
    pngs = [file_of(Image.new("L", (8, height))) for height in (8, 8, 9)]
    assert check_pngs("images", np.array(pngs[:2], object), LIMITS) == 128
    check_pngs("images", np.array([], object), LIMITS)
    with pytest.raises(RequestError, match="one size"):
        check_pngs("images", np.array(pngs, object), LIMITS)
    jpeg = file_of(Image.new("L", (8, 8)), "JPEG")
    with pytest.raises(RequestError, match="are no PNG"):
        check_pngs("images", np.array([jpeg], object), LIMITS)


def test_pngs_are_counted_together():
    pngs = [bomb(50, 50)] * 5
    assert check_pngs("images", np.array(pngs[:4], object), LIMITS) == 10_000
    with pytest.raises(RequestError, match="12,500 pixels; 10,000 are the most at a time"):
        check_pngs("images", np.array(pngs, object), LIMITS)


def test_a_page_can_show_an_image():
    url = data_url(np.zeros((2, 2, 3), "uint8"))
    assert url.startswith("data:image/png;base64,iVBOR")
    assert png_of(np.zeros((2, 2, 3), "uint8"))
