"""DCGAN's networks with a reference batch and with a comparison of the batch."""

import keras
import numpy as np

from keras_gans.layers import ReferenceBatch
from keras_gans.networks import improved_dcgan_discriminator, improved_dcgan_generator
from tests.backends import counted_once
from tests.networks.counts import trainable

LATENTS = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")


def numbers(tensor):
    return keras.ops.convert_to_numpy(keras.ops.stop_gradient(tensor))


@counted_once
def test_the_parameters_are_those_of_dcgan_and_of_what_is_compared():
    assert trainable(improved_dcgan_generator((64, 64, 3))) == 3_576_704
    features, kernels = 4 * 4 * 512, 100
    assert trainable(improved_dcgan_discriminator((64, 64, 3))) == (
        2_765_568 + features * kernels * 5 + kernels + 1
    )


def test_an_image_is_the_same_in_every_batch_and_in_training():
    generator = improved_dcgan_generator((16, 16, 1), 4, width=2, reference=5)
    assert generator.output_shape == (None, 16, 16, 1)
    images = numbers(generator(LATENTS, training=True))
    np.testing.assert_allclose(numbers(generator(LATENTS[:1])), images[:1], atol=1e-6)
    (reference,) = [x for x in generator.layers if isinstance(x, ReferenceBatch)]
    reference.adapt(2 * numbers(reference.reference))
    assert np.abs(numbers(generator(LATENTS)) - images).max() > 1e-5


def test_a_score_depends_on_the_other_images():
    discriminator = improved_dcgan_discriminator((16, 16, 1), width=2, kernels=3, dimensions=2)
    images = np.random.default_rng(1).uniform(-1, 1, (3, 16, 16, 1)).astype("float32")
    alone, among = numbers(discriminator(images[:1])), numbers(discriminator(images))
    assert among.shape == (3, 1)
    assert abs(alone[0, 0] - among[0, 0]) > 1e-6
