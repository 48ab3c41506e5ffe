"""A generator as inference runs it."""

import keras
import numpy as np
import pytest

from keras_gans.engine import Translator
from keras_gans.engine.translator import open_sides
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
    translator = Translator(network)
    translator.check_size((4, 4, 1))
    with pytest.raises(ValueError, match="the size of training only"):
        translator.check_size((8, 8, 1))


def test_a_size_is_tried_once(monkeypatch):
    translator = Translator(unet_generator((8, 8, 3), width=2))
    translator.check_size((16, 16, 3))
    monkeypatch.setattr(translator, "compute_output_spec", lambda images: pytest.fail("again"))
    translator.check_size((16, 16, 3))


@pytest.mark.parametrize(
    ("network", "good", "bad", "factor"),
    [
        (lambda: unet_generator((16, 16, 3), width=2), (32, 48, 3), (24, 32, 3), 16),
        (lambda: resnet_generator((8, 8, 3), width=2, blocks=1), (12, 20, 3), (10, 12, 3), 4),
    ],
)
def test_sizes_that_do_not_come_back_are_told(network, good, bad, factor):
    for noise in (False, True):
        translator = Translator(network(), noise)
        translator.check_size(good)
        with pytest.raises(ValueError, match=f"to multiples of {factor}"):
            translator.check_size(bad)
