"""Shapes of images are checked wherever a network or a model is made."""

import functools
import inspect

import keras
import numpy as np
import pytest

from keras_gans import networks, presets
from keras_gans.engine.image_shapes import checked_shape
from tests.harness import dense_gan

TAKE_A_SHAPE = [
    presets.dcgan,
    presets.pix2pix,
    presets.cyclegan,
    presets.progressive_gan,
    presets.progressive_gan_small,
    networks.dcgan_generator,
    networks.dcgan_discriminator,
    networks.unet_generator,
    networks.patchgan_discriminator,
    networks.resnet_generator,
    networks.srgan_discriminator,
    networks.progressive_generator,
    networks.progressive_discriminator,
]
TAKE_CLASSES_TOO = [
    presets.conditional_dcgan,
    networks.conditional_dcgan_generator,
    networks.conditional_dcgan_discriminator,
]
BUILDERS = [*TAKE_A_SHAPE, *(functools.partial(build, labels=10) for build in TAKE_CLASSES_TOO)]


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize(
    "shape", [64, (64, 64), "64x64", (64, 64, 3.0), (64, 64, None), (0, 64, 3)]
)
def test_what_is_no_shape_of_images_is_told(build, shape):
    with pytest.raises(ValueError, match=r"image_shape is \(height, width, channels\), three .*64"):
        build(shape)


def test_lists_and_numbers_of_numpy_are_taken_and_open_sides_where_they_may_be():
    assert checked_shape([8, np.int64(8), 3]) == (8, 8, 3)
    assert checked_shape((None, 8, 3), open_sides=True) == (None, 8, 3)
    with pytest.raises(ValueError, match=r"it was \(None, 8, 3\)"):
        checked_shape((None, 8, 3))


@pytest.fixture
def channels_first():
    keras.config.set_image_data_format("channels_first")
    yield
    keras.config.set_image_data_format("channels_last")


@pytest.mark.parametrize(
    "build",
    [
        *(lambda build=build: build((64, 64, 3)) for build in BUILDERS),
        networks.srresnet,
        networks.rrdb_generator,
        lambda: networks.vgg19_features(weights=None),
        presets.srgan,
        presets.esrgan,
        dense_gan,
    ],
)
def test_channels_first_is_told(build, channels_first):
    with pytest.raises(
        ValueError, match=r'"channels_first".*set_image_data_format\("channels_last'
    ):
        build()


def test_every_function_that_takes_a_shape_is_tested():
    found = {
        getattr(module, name)
        for module in (networks, presets)
        for name in module.__all__
        if "image_shape" in inspect.signature(getattr(module, name)).parameters
    }
    assert found == {*TAKE_A_SHAPE, *TAKE_CLASSES_TOO}
