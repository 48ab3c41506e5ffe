"""The residual generator: published counts, sizes, alignment."""

import keras
import numpy as np
import pytest

from keras_gans.networks import resnet_generator
from tests.backends import counted_once


@counted_once
@pytest.mark.parametrize(("blocks", "count"), [(9, 11_378_179), (6, 7_837_699)])
def test_it_has_the_published_number_of_parameters(blocks, count):
    assert resnet_generator((256, 256, 3), blocks=blocks).count_params() == count


def test_open_sides_take_several_sizes():
    network = resnet_generator((None, None, 3), output_channels=1, width=2, blocks=1)
    for size in ((8, 12), (20, 16)):
        images = np.zeros((1, *size, 3), "float32")
        assert network.predict(images, verbose=0).shape == (1, *size, 1)


def test_down_and_up_again_lands_on_the_same_pixels():
    """Kernels of one for the middle tap: a pixel comes back where it was, or on its neighbours."""
    network = resnet_generator((16, 16, 1), width=1, blocks=1)
    for layer in network.layers:
        for weight in layer.weights:
            kernel = np.zeros(weight.shape, "float32")
            if kernel.ndim == 4:
                kernel[kernel.shape[0] // 2, kernel.shape[1] // 2] = 1.0
            weight.assign(kernel)
    image = np.full((1, 16, 16, 1), -0.9, "float32")
    image[0, 8, 4] = 0.9
    translated = network.predict(image, verbose=0)[0, :, :, 0]
    assert np.unravel_index(translated.argmax(), translated.shape) == (8, 4)


@pytest.mark.parametrize("image_shape", [(30, 32, 3), (4, 4, 3)])
def test_sizes_it_cannot_halve_twice_are_told(image_shape):
    with pytest.raises(ValueError, match="divisible by 4 and at least 8"):
        resnet_generator(image_shape)


def test_it_survives_a_file(tmp_path):
    images = np.random.default_rng(0).uniform(-1, 1, (2, 16, 16, 3)).astype("float32")
    network = resnet_generator((16, 16, 3), width=2, blocks=1)
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(
        network.predict(images, verbose=0), loaded.predict(images, verbose=0)
    )
