"""ALI's layer tables."""

import numpy as np
import pytest
from keras import layers

from keras_gans.networks import ali_discriminator, ali_encoder, ali_generator
from tests.backends import counted_once
from tests.networks.counts import trainable

SHAPE = (32, 32, 1)


@counted_once
def test_the_counts_are_those_of_the_authors_layers():
    shape = (32, 32, 3)
    convolutions = 2_400 + 32_768 + 131_072 + 524_288 + 2_097_152 + 262_144 + 65_536
    normalizations = 2 * (32 + 64 + 128 + 256 + 512 + 512)
    assert trainable(ali_encoder(shape)) == convolutions + normalizations + 128 == 3_118_496
    convolutions = 262_144 + 524_288 + 131_072 + 32_768 + 25_600 + 1_024 + 96
    normalizations = 2 * (256 + 128 + 64 + 32 + 32 + 32)
    assert trainable(ali_generator(shape)) == convolutions + normalizations + 3
    of_images = 2_400 + 32 + 16_384 + 65_536 + 262_144 + 1_048_576
    of_latents = 64 * 512 + 256 * 512
    of_both = 2 * (512 * 1024 + 1024) + 513
    assert trainable(ali_discriminator(shape)) == of_images + of_latents + of_both == 2_610_049


def test_they_make_latents_images_and_raw_scores():
    encoder, generator, discriminator = (
        build(SHAPE, latent_dim=3, width=2)
        for build in (ali_encoder, ali_generator, ali_discriminator)
    )
    rng = np.random.default_rng(0)
    generator.set_weights([30 * w for w in generator.get_weights()])
    images = generator.predict(rng.normal(size=(2, 3)), verbose=0)
    assert images.shape == (2, *SHAPE)
    assert 0 <= images.min() < images.max() <= 1
    encoded = encoder.predict(images, verbose=0)
    assert {name: x.shape for name, x in encoded.items()} == {
        "means": (2, 3),
        "log_variances": (2, 3),
    }
    assert encoder.get_layer("features").output.shape == (None, 32)
    assert discriminator.predict([images, encoded["means"]], verbose=0).shape == (2, 1)


def test_inputs_are_dropped_less_than_what_is_hidden():
    discriminator = ali_discriminator(SHAPE, latent_dim=3, width=2)
    rates = [layer.rate for layer in discriminator.layers if isinstance(layer, layers.Dropout)]
    assert sorted(rates) == [0.2] * 2 + [0.5] * 8


@pytest.mark.parametrize("build", [ali_encoder, ali_generator, ali_discriminator])
def test_other_sides_are_told(build):
    with pytest.raises(ValueError, match=r"images of 32x32; image_shape is \(28, 28, 1\)"):
        build((28, 28, 1))
