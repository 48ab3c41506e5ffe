"""The networks of semi-supervised learning."""

import keras
import numpy as np
import pytest

from keras_gans.models import SemiSupervisedGAN
from keras_gans.networks import (
    convolutional_classifier,
    improved_gan_classifier,
    improved_gan_generator,
)
from keras_gans.samples import Images
from tests.backends import counted_once
from tests.harness import images, labels, numpy_of
from tests.networks.counts import trainable

SHAPE = (8, 8, 1)


def tiny(name):
    if name == "dense":
        return improved_gan_classifier(SHAPE, 3, units=(6, 5))
    return convolutional_classifier(SHAPE, 3, width=2)


@counted_once
def test_the_dense_classifier_has_as_many_weights_as_that_of_the_authors():
    assert trainable(improved_gan_classifier((28, 28, 1), 10)) == 1_538_760


@pytest.mark.parametrize("name", ["dense", "convolutional"])
def test_a_classifier_gives_logits_and_the_features_before_them(name):
    keras.utils.set_random_seed(0)
    network = tiny(name)
    x = images(4, SHAPE) / np.float32(255)
    seen = network(x, training=False)
    assert seen["logits"].shape == (4, 3)
    assert seen["features"].shape == (4, 5 if name == "dense" else 32)
    kernel, bias = map(numpy_of, network.trainable_weights[-2:])
    if name == "dense":
        kernel = kernel / np.sqrt((kernel**2).sum(0))
    expected = numpy_of(seen["features"]) @ kernel + bias
    np.testing.assert_allclose(numpy_of(seen["logits"]), expected, rtol=1e-4, atol=1e-5)
    noisy = network(x, training=True)["logits"]
    assert np.abs(numpy_of(noisy) - numpy_of(seen["logits"])).min() > 0


def test_what_networks_give_is_float32_under_mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    outputs = [improved_gan_generator(SHAPE, 4, width=6).output]
    outputs += [x for name in ("dense", "convolutional") for x in tiny(name).output.values()]
    assert {x.dtype for x in outputs} == {"float32"}


@pytest.mark.parametrize("name", ["dense", "convolutional"])
def test_they_train_together(name):
    generator = improved_gan_generator(SHAPE, 4, width=6)
    made = numpy_of(generator(np.zeros((2, 4), "float32")))
    assert made.shape == (2, *SHAPE)
    assert 0 <= made.min() <= made.max() <= 1
    model = SemiSupervisedGAN(generator, tiny(name), 4, samples=Images((0, 1)), seed=0)
    model.compile(run_eagerly=True)
    pixels = images(8, SHAPE)
    history = model.fit(pixels, labels(8, 3), batch_size=4, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert model.classify(pixels).shape == (8,)
    assert model.generate(2).dtype == np.uint8
