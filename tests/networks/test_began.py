"""BEGAN's layers, as the widely used program has them."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans.networks import began_discriminator, began_generator
from tests.backends import counted_once
from tests.networks.counts import trainable


@counted_once
def test_the_counts_are_those_of_the_program_s_layers():
    shape = (64, 64, 3)
    for width, counts in {128: (1_716_611, 13_405_379), 64: (563_395, 4_011_651)}.items():
        networks = began_generator(shape, 64, width), began_discriminator(shape, 64, width)
        assert tuple(map(trainable, networks)) == counts


@pytest.mark.parametrize("shape", [(8, 8, 1), (16, 16, 4)])
def test_the_discriminator_gives_back_what_the_generator_makes(shape):
    generator, discriminator = (
        build(shape, latent_dim=3, width=2) for build in (began_generator, began_discriminator)
    )
    images = generator.predict(np.ones((2, 3)), verbose=0)
    assert images.shape == (2, *shape) == discriminator.predict(images, verbose=0).shape


def test_the_encoder_grows_wider_and_the_decoder_does_not():
    network = began_discriminator((32, 32, 3), latent_dim=5, width=2)
    widths = [x.filters for x in network.layers if isinstance(x, layers.Conv2D)]
    encoder = [2, 2, 2, 2, 4, 4, 4, 6, 6]
    assert widths == [*encoder, 2, 2, 2, 2, 2, 2, 3]
    assert [x.units for x in network.layers if isinstance(x, layers.Dense)] == [5, 8 * 8 * 2]


def test_every_convolution_but_the_one_that_makes_images_has_an_elu():
    for build in (began_discriminator, began_generator):
        network = build((16, 16, 1), latent_dim=3, width=2)
        *inner, last = [x for x in network.layers if isinstance(x, layers.Conv2D)]
        assert {x.activation for x in inner} == {keras.activations.elu}
        assert last.activation is keras.activations.linear


def test_images_are_float32_in_half_precision():
    keras.config.set_dtype_policy("mixed_float16")
    network = began_discriminator((8, 8, 1), latent_dim=3, width=2)
    keras.config.set_dtype_policy("float32")
    assert network.outputs[0].dtype == "float32"


@pytest.mark.parametrize("shape", [(8, 16, 1), (4, 4, 1), (24, 24, 3)])
def test_sides_that_it_cannot_build_are_told(shape):
    for build in (began_generator, began_discriminator):
        with pytest.raises(ValueError, match="power of two from 8 up; image_shape is"):
            build(shape)
