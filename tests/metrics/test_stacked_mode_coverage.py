"""Modes of stacked images, counted by a classifier."""

import keras
import numpy as np
import pytest

from keras_gans.data import StackedImages, fashion_mnist
from keras_gans.metrics import StackedModeCoverage, fashion_mnist_classifier
from keras_gans.models import GAN
from tests.harness import images_for


def by_brightness():
    """A classifier of two classes: dark and bright."""
    pixels = keras.Input((None, None, 1))
    bright = keras.layers.GlobalAveragePooling2D()(pixels)
    return keras.Model(pixels, keras.layers.Concatenate()([-bright, bright]))


def stacks(*bits):
    pixels = 255 * np.array(bits, "uint8")[:, None, None, :]
    return pixels.repeat(4, 1).repeat(4, 2)


def test_four_stacks_by_hand():
    metric = StackedModeCoverage(by_brightness())
    pixels = stacks((0, 0, 0), (0, 1, 1), (0, 1, 1), (1, 0, 0))
    kl = 2 * 0.25 * np.log(8 / 4) + 0.5 * np.log(8 / 2)
    expected = {"modes": 3, "reverse_kl": kl}
    assert metric.compare(None, pixels, batch_size=3) == pytest.approx(expected, rel=1e-5)
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(metric.found), [1, 0, 0, 2, 1, 0, 0, 0]
    )
    metric.reset_state()
    metric.update_state(None, pixels[:1])
    metric.update_state(None, pixels[1:] / np.float32(127.5) - 1)
    protocol = metric.protocol()
    assert protocol.pop("classifier") == metric.classifier.name
    assert protocol == pytest.approx({**expected, "images": 4, "of_modes": 8}, rel=1e-5)


def test_all_modes_are_none_lost_and_no_images_are_no_number():
    metric = StackedModeCoverage(by_brightness())
    every = stacks(*np.ndindex(2, 2, 2))
    assert metric.compare(None, every) == pytest.approx({"modes": 8, "reverse_kl": 0}, abs=1e-6)
    assert np.isnan([*metric.compare(None, every[:0]).values()]).all()


def test_the_shipped_classifier_finds_the_modes_of_clothes():
    grey, labels = fashion_mnist()
    clothes = StackedImages(grey, labels, num_stacks=200, batch_size=200)
    metric = StackedModeCoverage(fashion_mnist_classifier())
    pictures, fields = clothes[0]
    found = metric.compare(None, pictures)["modes"]
    assert found == pytest.approx(len(np.unique(fields["labels"])), rel=0.05)
    told = keras.ops.convert_to_numpy(metric.found)
    right = np.minimum(told, np.bincount(fields["labels"], minlength=1000)).sum() / 200
    assert right > 0.7  # 0.918 for each of three channels.


def tiny_gan():
    layers = keras.layers
    generator = [keras.Input((2,)), layers.Dense(48, "tanh"), layers.Reshape((4, 4, 3))]
    discriminator = [keras.Input((4, 4, 3)), layers.Flatten(), layers.Dense(1)]
    networks = keras.Sequential(generator), keras.Sequential(discriminator)
    return GAN(*networks, latent_dim=2, seed=0)


def test_evaluate_gives_the_numbers():
    model = tiny_gan()
    model.compile(metrics=[StackedModeCoverage(by_brightness(), name="stacks")])
    scores = model.evaluate(images_for(model, 8), verbose=0, return_dict=True)
    assert 1 <= scores["stacks_modes"] <= 8
    assert scores["stacks_reverse_kl"] >= 0


def test_what_cannot_be_counted_is_refused():
    metric = StackedModeCoverage(by_brightness())
    with pytest.raises(ValueError, match=r"stacks \(n, height, width, 3\); .* \(2, 4, 4, 1\)"):
        metric.update_state(None, np.zeros((2, 4, 4, 1), "uint8"))
    with pytest.raises(ValueError, match="no sample weights"):
        metric.update_state(None, np.zeros((2, 4, 4, 3), "uint8"), np.ones(2))


def test_a_configuration_makes_the_same_metric():
    metric = StackedModeCoverage(by_brightness(), name="stacks")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    pixels = stacks((0, 0, 0), (0, 1, 1))
    assert again.compare(None, pixels) == metric.compare(None, pixels)
