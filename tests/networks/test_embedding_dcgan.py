"""DCGAN's layers with a learnt vector and a learnt plane for each label."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.models import GAN
from keras_gans.networks import embedding_dcgan_discriminator, embedding_dcgan_generator
from tests.backends import counted_once
from tests.networks.counts import trainable

SHAPE = (16, 16, 1)
LATENTS = np.random.default_rng(0).standard_normal((3, 4), dtype="float32")
IMAGES = np.random.default_rng(1).uniform(-1, 1, (3, *SHAPE)).astype("float32")
LABELS = np.array([0, 1, 4], "int32")


def networks():
    keras.utils.set_random_seed(0)
    generator = embedding_dcgan_generator(SHAPE, 5, embedding=3, latent_dim=4, width=2)
    return generator, embedding_dcgan_discriminator(SHAPE, 5, width=2)


@counted_once
def test_the_parameters_are_those_of_dcgan_and_of_the_embeddings():
    generator = embedding_dcgan_generator((64, 64, 3), 10)
    assert trainable(generator) == 3_576_704 + 50 * 4 * 4 * 512 + 10 * 50
    discriminator = embedding_dcgan_discriminator((64, 64, 3), 10)
    assert trainable(discriminator) == 2_765_568 + 4 * 4 * 64 + 10 * 64 * 64


def test_the_label_changes_what_is_generated_and_how_an_image_is_scored():
    for network, first in zip(networks(), (LATENTS, IMAGES), strict=True):
        of_zero = ops.convert_to_numpy(network([first, np.zeros(3, "int32")]))
        of_labels = ops.convert_to_numpy(network([first, LABELS]))
        np.testing.assert_allclose(of_zero[0], of_labels[0], atol=1e-7)
        assert (np.abs(of_zero - of_labels)[1:].reshape(2, -1).max(axis=1) > 1e-6).all()


def test_a_gan_of_them_trains_on_labels():
    model = GAN(*networks(), latent_dim=4, seed=0)
    assert model.conditions["labels"].classes == 5
    model.compile()
    model.fit(IMAGES, LABELS, batch_size=3, verbose=0)
    assert model.generate(labels=LABELS, seed=0).shape == (3, *SHAPE)


@pytest.mark.parametrize("shape", [(8, 8, 1), (32, 32, 2)])
def test_other_shapes_are_told(shape):
    for build in (embedding_dcgan_generator, embedding_dcgan_discriminator):
        with pytest.raises(ValueError, match="DCGAN makes"):
            build(shape, 10)
