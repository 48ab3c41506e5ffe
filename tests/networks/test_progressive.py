"""The growing networks: published counts, and what a call of a lower level runs."""

import keras
import numpy as np
import pytest

from keras_gans.networks import progressive_discriminator, progressive_generator
from tests.backends import counted_once
from tests.networks.counts import trainable

# Side: parameters of generator and discriminator with the heads of all resolutions.
PUBLISHED = {
    4: (6_556_163, 6_561_793),
    8: (11_277_318, 11_283_457),
    16: (15_998_473, 16_005_121),
    32: (20_719_628, 20_726_785),
    64: (22_490_383, 22_498_049),
    128: (22_933_394, 22_941_313),
    256: (23_044_309, 23_052_353),
    512: (23_072_120, 23_080_225),
    1024: (23_079_115, 23_087_249),
}


def to_numpy(x):
    return keras.ops.convert_to_numpy(x)


@pytest.fixture(scope="module")
def networks():
    shape = (16, 16, 3)
    return (
        progressive_generator(shape, latent_dim=6, base=64, maximum=16),
        progressive_discriminator(shape, base=64, maximum=16),
    )


@counted_once
@pytest.mark.parametrize("side", PUBLISHED)
def test_the_parameters_are_the_published_ones(side):
    generator = progressive_generator((side, side, 3))
    discriminator = progressive_discriminator((side, side, 3))
    assert (trainable(generator), trainable(discriminator)) == PUBLISHED[side]


def test_every_level_has_its_size(networks):
    generator, discriminator = networks
    latents = np.random.default_rng(0).normal(size=(3, 6)).astype("float32")
    for level, side in enumerate((4, 8, 16)):
        images = generator(latents, level=level, alpha=0.5)
        assert images.shape == (3, side, side, 3)
        assert discriminator(images, level=level, alpha=0.5).shape == (3, 1)
    assert generator(latents).shape == (3, 16, 16, 3)


@pytest.mark.parametrize("level", [1, 2])
def test_at_alpha_0_the_grown_generator_is_the_smaller_one_enlarged(networks, level):
    latents = np.random.default_rng(0).normal(size=(3, 6)).astype("float32")
    small = to_numpy(networks[0](latents, level=level - 1))
    grown = to_numpy(networks[0](latents, level=level, alpha=0.0))
    np.testing.assert_array_equal(grown, small.repeat(2, axis=1).repeat(2, axis=2))


@pytest.mark.parametrize("level", [1, 2])
def test_at_alpha_0_the_grown_discriminator_is_the_smaller_one_on_reduced_images(networks, level):
    side = 4 * 2**level
    images = np.random.default_rng(0).uniform(-1, 1, (4, side, side, 3)).astype("float32")
    reduced = images.reshape(4, side // 2, 2, side // 2, 2, 3).mean(axis=(2, 4))
    grown = to_numpy(networks[1](images, level=level, alpha=0.0))
    small = to_numpy(networks[1](reduced, level=level - 1))
    np.testing.assert_allclose(grown, small, rtol=1e-4, atol=1e-5)


def test_they_can_be_saved(networks, tmp_path):
    latents = np.random.default_rng(0).normal(size=(3, 6)).astype("float32")
    for network, inputs in zip(networks, (latents, networks[0](latents)), strict=True):
        network.save(tmp_path / "network.keras")
        copy = keras.saving.load_model(tmp_path / "network.keras")
        np.testing.assert_array_equal(to_numpy(copy(inputs)), to_numpy(network(inputs)))


@pytest.mark.parametrize("shape", [(12, 12, 3), (16, 32, 3), (2, 2, 3)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match="power of two from 4 on"):
        progressive_generator(shape)
