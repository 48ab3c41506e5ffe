"""The part of images that scores of super-resolution compare."""

import numpy as np
import pytest
from keras import ops
from PIL import Image

from keras_gans.metrics import PeakSignalToNoiseRatio, StructuralSimilarity
from keras_gans.metrics.luma import compared_part


def floats(images):
    return images.astype("float32") / 127.5 - 1


def test_black_white_and_the_colours_have_the_luma_of_the_standard():
    colours = np.array([[0, 0, 0], [255, 255, 255], [255, 0, 0], [0, 255, 0], [0, 0, 255]])
    luma = ops.convert_to_numpy(compared_part(floats(colours.reshape(1, 1, 5, 3)), luma=True))
    # ITU-R BT.601: 16 + 219 * (0.299, 0.587, 0.114), to the three digits of its 8-bit matrix.
    expected = [16, 235, 16 + 219 * 0.299, 16 + 219 * 0.587, 16 + 219 * 0.114]
    np.testing.assert_allclose(255 * luma[0, 0, :, 0], expected, atol=1e-2)


def test_it_is_proportional_to_that_of_jpeg():
    """Pillow's Y, rounded down, has the full range, [0, 255] instead of [16, 235]."""
    image = np.random.default_rng(0).integers(0, 256, (1, 8, 8, 3), dtype="uint8")
    y = np.asarray(Image.fromarray(image[0]).convert("YCbCr"))[..., 0].astype("float64")
    luma = ops.convert_to_numpy(compared_part(floats(image), luma=True))[0, :, :, 0]
    np.testing.assert_allclose(255 * luma, 16 + y * 219 / 255, atol=0.9)


def test_the_border_does_not_count():
    rng = np.random.default_rng(0)
    real, fake = rng.uniform(-1, 1, (2, 2, 20, 24, 3)).astype("float32")
    inner_real, inner_fake = (images[:, 4:-4, 4:-4] for images in (real, fake))
    for metric in (PeakSignalToNoiseRatio, StructuralSimilarity):
        shaved, cropped = metric(border=4)(real, fake), metric()(inner_real, inner_fake)
        assert float(shaved) == pytest.approx(float(cropped), rel=1e-5)


def test_grey_images_are_compared_as_they_are():
    real, fake = np.random.default_rng(0).uniform(-1, 1, (2, 2, 12, 12, 1)).astype("float32")
    for metric in (PeakSignalToNoiseRatio, StructuralSimilarity):
        assert float(metric(luma=True)(real, fake)) == float(metric()(real, fake))


def test_the_name_says_what_is_compared():
    assert PeakSignalToNoiseRatio(luma=True).name == "psnr_y"
    assert StructuralSimilarity(luma=True).name == "ssim_y"
    copy = StructuralSimilarity.from_config(StructuralSimilarity(luma=True, border=4).get_config())
    assert (copy.luma, copy.border, copy.name) == (True, 4, "ssim_y")


def test_images_of_which_nothing_is_left_are_told():
    with pytest.raises(ValueError, match="leaves nothing of images of 8 x 12"):
        compared_part(np.zeros((1, 8, 12, 3), "float32"), border=4)
