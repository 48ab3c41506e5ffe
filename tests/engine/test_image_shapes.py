"""Shapes of images are checked wherever a network or a model is made."""

import functools
import inspect

import keras
import numpy as np
import pytest

from keras_gans import networks, presets
from keras_gans.engine.image_shapes import checked_shape
from keras_gans.latents import Categorical
from tests.harness import dense_gan

# What some of them need beside a shape.
BESIDE = {
    "labels": 10,
    "clusters": 10,
    "attributes": 3,
    "latents": {"category": Categorical(10)},
    "codes": {"category": Categorical(10)},
}


def builders():
    """Every function that takes a shape of images, with what it needs beside."""
    for module in (networks, presets):
        for name in module.__all__:
            taken = inspect.signature(function := getattr(module, name)).parameters
            beside = {n: v for n, v in BESIDE.items() if n in taken}
            if "image_shape" in taken:
                yield pytest.param(functools.partial(function, **beside), id=name)


BUILDERS = [*builders()]


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
        *(pytest.param(functools.partial(b.values[0], (64, 64, 3)), id=b.id) for b in BUILDERS),
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


def test_functions_of_both_packages_are_found():
    found = {build.id for build in BUILDERS}
    assert {"dcgan", "dcgan_generator", "conditional_dcgan", "infogan_generator"} <= found
