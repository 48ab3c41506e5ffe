"""The residual networks of WGAN-GP."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.networks import wgan_gp_discriminator, wgan_gp_generator
from tests.backends import counted_once
from tests.networks.counts import trainable

IMAGES = np.random.default_rng(1).uniform(-1, 1, (3, 8, 8, 3)).astype("float32")


def numbers(tensor):
    return ops.convert_to_numpy(tensor)


@counted_once
def test_the_counts_are_the_published_ones():
    assert trainable(wgan_gp_generator((32, 32, 3))) == 1_204_483
    assert trainable(wgan_gp_discriminator((32, 32, 3))) == 1_053_825


@pytest.mark.parametrize("shape", [(8, 8, 1), (48, 48, 3), (16, 32, 4)])
def test_sides_are_multiples_of_eight(shape):
    assert wgan_gp_generator(shape, latent_dim=5, width=2).output_shape == (None, *shape)
    assert wgan_gp_discriminator(shape, width=2).output_shape == (None, 1)


@pytest.mark.parametrize("build", [wgan_gp_generator, wgan_gp_discriminator])
def test_other_sides_are_told(build):
    with pytest.raises(ValueError, match=r"multiples of 8; image_shape is \(28, 28, 1\)"):
        build((28, 28, 1))


def test_the_score_is_linear_in_the_mean_of_the_last_maps():
    discriminator = wgan_gp_discriminator((8, 8, 3), width=4)
    *_, maps = [x for x in discriminator.layers if isinstance(x, keras.layers.ReLU)]
    maps = numbers(keras.Model(discriminator.input, maps.output)(IMAGES)).astype("float64")
    kernel, bias = map(numbers, discriminator.layers[-1].weights)
    expected = maps.mean(axis=(1, 2)) @ kernel + bias
    np.testing.assert_allclose(numbers(discriminator(IMAGES)), expected, atol=1e-5)


def test_the_score_of_an_image_does_not_depend_on_the_others():
    discriminator = wgan_gp_discriminator((8, 8, 3), width=4)
    alone = numbers(discriminator(IMAGES[:1], training=True))
    among = numbers(discriminator(IMAGES, training=True))[:1]
    np.testing.assert_allclose(alone, among, atol=1e-5)


def test_kernels_before_a_relu_have_twice_the_variance():
    discriminator = wgan_gp_discriminator((32, 32, 3))
    convolutions = [x for x in discriminator.layers if isinstance(x, keras.layers.Conv2D)]
    assert len(convolutions) == 10
    for layer in convolutions:
        fans = np.prod(layer.kernel_size) * sum(layer.kernel.shape[2:])
        gain = 2 if layer.kernel_size == (3, 3) else 1
        assert numbers(layer.kernel).var() == pytest.approx(2 * gain / fans, rel=0.1)


def test_images_and_scores_are_float32_under_mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    networks = wgan_gp_generator((8, 8, 3), 3, 2), wgan_gp_discriminator((8, 8, 3), 2)
    for network in networks:
        assert network.outputs[0].dtype == "float32"
