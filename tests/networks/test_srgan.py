"""SRResNet and the discriminator of SRGAN, against published counts."""

import keras
import numpy as np
import pytest

from keras_gans.networks import srgan_discriminator, srresnet
from tests.backends import counted_once
from tests.networks.counts import trainable


@counted_once
def test_the_parameters_are_the_published_ones():
    assert trainable(srresnet(scale=4)) == 1_550_659
    assert trainable(srgan_discriminator((96, 96, 3))) == 23_565_505


@pytest.mark.parametrize("scale", [2, 3, 4, 8])
def test_any_image_becomes_scale_times_as_large(scale):
    generator = srresnet(scale, blocks=1, width=4)
    assert generator.output_shape == (None, None, None, 3)
    images = np.random.default_rng(0).uniform(-1, 1, (2, 5, 7, 3)).astype("float32")
    assert generator.predict(images, verbose=0).shape == (2, 5 * scale, 7 * scale, 3)


def test_the_shuffles_begin_without_a_checkerboard():
    """Before the last convolution, the pixels of each square of four are one another's copies."""
    generator = srresnet(2, blocks=1, width=4)
    shuffled = next(x for x in generator.layers if type(x).__name__ == "PixelShuffle")
    images = np.random.default_rng(0).uniform(-1, 1, (1, 6, 6, 3)).astype("float32")
    maps = keras.Model(generator.input, shuffled.output).predict(images, verbose=0)
    first = maps[:, ::2, ::2]
    assert first.std() > 1e-3
    np.testing.assert_allclose(maps, first.repeat(2, axis=1).repeat(2, axis=2), atol=1e-6)


def test_the_scores_are_one_for_each_image():
    discriminator = srgan_discriminator((32, 48, 1), width=2)
    assert discriminator.output_shape == (None, 1)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: srresnet(5), "The scale is one of 2, 3, 4, 8; it was 5"),
        (lambda: srgan_discriminator((100, 96, 3)), "divisible by 16"),
        (lambda: srgan_discriminator((None, None, 3)), "divisible by 16"),
    ],
)
def test_what_cannot_be_built_is_told(build, sentence):
    with pytest.raises(ValueError, match=sentence):
        build()
