"""Images as the bytes of PNG files."""

import numpy as np
import pytest

from keras_gans.serving.pngs import image_of, png_of
from tests.harness import images


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_an_image_comes_back_as_it_was(channels):
    (image,) = images(1, (5, 7, channels))
    np.testing.assert_array_equal(image_of(png_of(image)), image)
