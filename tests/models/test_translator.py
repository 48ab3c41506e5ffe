"""A generator as inference runs it."""

import keras
import numpy as np
import pytest

from keras_gans.models import Translator
from keras_gans.models.translator import open_sides
from keras_gans.networks import resnet_generator, unet_generator


def test_opened_sides_share_the_weights():
    network = unet_generator((8, 8, 3), width=2)
    opened = open_sides(network)
    assert opened.input_shape == (None, None, None, 3)
    assert [id(w) for w in opened.weights] == [id(w) for w in network.weights]
    images = np.random.default_rng(0).uniform(-1, 1, (2, 8, 8, 3)).astype("float32")
    np.testing.assert_allclose(
        opened.predict(images, verbose=0), network.predict(images, verbose=0), atol=1e-6
    )


def test_open_sides_stay_as_they_are():
    network = resnet_generator((None, None, 3), width=2, blocks=1)
    assert open_sides(network) is network


def test_a_network_that_needs_its_size_keeps_it():
    images = keras.Input((4, 4, 1))
    x = keras.layers.Dense(16)(keras.layers.Flatten()(images))
    network = keras.Model(images, keras.layers.Reshape((4, 4, 1))(x))
    assert open_sides(network) is network
    translator = Translator(network)
    assert translator.sides_taken((4, 4, 1)) == (4, 4)
    with pytest.raises(ValueError, match="the size of training only"):
        translator.sides_taken((8, 8, 1))


def test_a_size_is_tried_once(monkeypatch):
    translator = Translator(unet_generator((8, 8, 3), width=2))
    translator.sides_taken((16, 16, 3))
    monkeypatch.setattr(translator, "compute_output_spec", lambda images: pytest.fail("again"))
    translator.sides_taken((16, 16, 3))


def pooled():
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.AveragePooling2D(2),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same"),
        ]
    )


@pytest.mark.parametrize(
    ("network", "shape", "sides"),
    [
        (lambda: unet_generator((16, 16, 3), width=2), (32, 48, 3), (32, 48)),
        (lambda: unet_generator((16, 16, 3), width=2), (24, 32, 3), (32, 32)),
        (lambda: resnet_generator((8, 8, 3), width=2, blocks=1), (12, 20, 3), (12, 20)),
        (lambda: resnet_generator((8, 8, 3), width=2, blocks=1), (10, 21, 3), (12, 24)),
        (pooled, (5, 8, 1), (6, 8)),
    ],
)
def test_sides_that_do_not_come_back_become_multiples(network, shape, sides):
    for noise in (False, True):
        assert Translator(network(), noise).sides_taken(shape) == sides


def test_bytes_are_taken_as_images():
    translator = Translator(resnet_generator((8, 8, 3), width=2, blocks=1))
    images = np.random.default_rng(0).integers(0, 256, (2, 8, 8, 3), dtype="uint8")
    np.testing.assert_allclose(
        translator.predict(images, verbose=0),
        translator.predict((images / 127.5 - 1).astype("float32"), verbose=0),
        atol=1e-5,
    )
