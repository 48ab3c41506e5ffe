import numpy as np
import pytest

from keras_gans.data import FASHION_MNIST_CLASSES, fashion_mnist


def test_there_are_a_thousand_images_of_each_class():
    images, labels = fashion_mnist()
    assert (images.shape, images.dtype) == ((10000, 28, 28, 1), "uint8")
    assert np.bincount(labels).tolist() == [1000] * len(FASHION_MNIST_CLASSES)
    assert (images.min(), images.max()) == (0, 255)
    # Known from the set: the first test image is an ankle boot.
    assert FASHION_MNIST_CLASSES[labels[0]] == "Ankle boot"


def test_at_32_every_original_pixel_survives_inside_a_black_border():
    images, _ = fashion_mnist((32, 32, 1))
    np.testing.assert_array_equal(images[:, 2:-2, 2:-2], fashion_mnist()[0])
    border = images.copy()
    border[:, 2:-2, 2:-2] = 0
    assert not border.any()


def test_three_channels_repeat_the_grey_one():
    images, _ = fashion_mnist((28, 28, 3))
    assert images.shape == (10000, 28, 28, 3)
    assert (images == images[..., :1]).all()


def test_another_size_averages_the_pixels():
    small, _ = fashion_mnist((14, 14, 1))
    large, _ = fashion_mnist()
    means = large[:100].reshape(100, 14, 2, 14, 2).mean((2, 4))
    assert np.abs(small[:100, ..., 0] - means).mean() < 8


def test_the_images_may_be_written_to():
    images, labels = fashion_mnist()
    images[0] = 0
    labels[0] = 0


def test_four_channels_are_refused():
    with pytest.raises(ValueError, match="1 or 3 channels"):
        fashion_mnist((28, 28, 4))
