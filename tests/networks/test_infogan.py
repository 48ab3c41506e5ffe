"""InfoGAN's networks for MNIST: the published counts, and what goes in and comes out."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans.latents import Categorical, Uniform
from keras_gans.networks import infogan_discriminator, infogan_generator
from tests.backends import counted_once
from tests.networks.counts import trainable

SHAPE = (28, 28, 1)
CODES = {"category": Categorical(10), "style": Uniform(2)}
LATENTS = {"noise": Uniform(62), **CODES}


@counted_once
def test_the_counts_are_the_published_ones():
    assert trainable(infogan_generator(SHAPE, LATENTS)) == 6_652_481
    assert trainable(infogan_discriminator(SHAPE, CODES)) == 6_692_173
    # The authors' Q has 14 outputs, two standard deviations among them that it does not use.
    codes = {"category": Categorical(10), "style": Uniform(4)}
    discriminator = infogan_discriminator(SHAPE, codes)
    assert trainable(discriminator) == 6_692_431
    head = [x for x in discriminator.layers if getattr(x, "units", None) in (1, 128, 10, 4)]
    of_scores, *of_q = sorted(head, key=lambda x: x.units)
    assert trainable(of_scores) == 1_025
    body = 6_692_431 - 1_025 - sum(trainable(x) for x in of_q) - 2 * 128
    assert body == 6_558_144


@pytest.mark.parametrize("shape", [(28, 28, 1), (32, 32, 3), (16, 8, 1)])
def test_images_are_in_0_to_1_and_codes_have_the_shapes_of_their_predictions(shape):
    codes = {"category": Categorical(4), "bits": Categorical(2, count=3), "style": Uniform(2)}
    generator = infogan_generator(shape, codes, width=2)
    assert [x.name for x in generator.inputs] == ["category", "bits", "style"]
    ids = np.array([0, 3], "int32"), np.array([[0, 1, 1], [1, 0, 0]], "int32")
    style = np.array([[9.0, -9], [0, 1]], "float32")
    images = keras.ops.convert_to_numpy(generator([*ids, style]))
    assert images.shape == (2, *shape)
    assert 0 <= images.min() < images.max() <= 1
    judged = infogan_discriminator(shape, codes, width=2)(images)
    assert {name: tuple(x.shape) for name, x in judged.items()} == {
        "scores": (2, 1),
        "category": (2, 4),
        "bits": (2, 3, 2),
        "style": (2, 2),
    }


def test_weights_start_from_the_authors_distribution():
    for network in (infogan_generator(SHAPE, LATENTS), infogan_discriminator(SHAPE, CODES)):
        for layer in network.layers:
            if hasattr(layer, "kernel"):
                assert layer.kernel.numpy().std() == pytest.approx(0.02, rel=0.1)
                assert not layer.bias.numpy().any()
            if isinstance(layer, layers.LeakyReLU):
                assert layer.negative_slope == pytest.approx(0.01)


def test_an_only_latent_and_mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    latents = {"latents": Categorical(3)}
    networks = infogan_generator(SHAPE, latents, 2), infogan_discriminator(SHAPE, latents, 2)
    for network in networks:
        assert {x.dtype for x in keras.tree.flatten(network.output)} == {"float32"}
        assert not isinstance(network.input, list)
        copy = type(network).from_config(network.get_config())
        assert trainable(copy) == trainable(network)


@pytest.mark.parametrize("build", [infogan_generator, infogan_discriminator])
def test_other_sides_are_told(build):
    with pytest.raises(ValueError, match=r"multiples of 4; image_shape is \(30, 28, 1\)"):
        build((30, 28, 1), CODES)
