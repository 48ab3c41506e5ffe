"""The residual networks of SNGAN."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import SpectralNormalization
from keras_gans.networks import sngan_discriminator, sngan_generator
from tests.backends import counted_once
from tests.networks.counts import trainable

IMAGES = np.random.default_rng(1).uniform(-1, 1, (3, 8, 8, 3)).astype("float32")


def numbers(tensor):
    return ops.convert_to_numpy(tensor)


@counted_once
def test_the_counts_are_the_published_ones():
    assert trainable(sngan_generator((32, 32, 3))) == 4_276_739
    assert trainable(sngan_discriminator((32, 32, 3))) == 1_053_824


@pytest.mark.parametrize("shape", [(8, 8, 1), (48, 48, 3)])
def test_sides_are_multiples_of_eight(shape):
    assert sngan_generator(shape, latent_dim=5, width=2).output_shape == (None, *shape)
    assert sngan_discriminator(shape, width=2).output_shape == (None, 1)


@pytest.mark.parametrize("build", [sngan_generator, sngan_discriminator])
def test_other_sides_are_told(build):
    with pytest.raises(ValueError, match=r"multiples of 8; image_shape is \(28, 28, 1\)"):
        build((28, 28, 1))


def test_every_kernel_of_the_discriminator_is_normalized():
    discriminator = sngan_discriminator((8, 8, 3), width=4)
    normalized = [x.layer for x in discriminator.layers if isinstance(x, SpectralNormalization)]
    found = sum(trainable(layer) for layer in normalized)
    assert found == trainable(discriminator) > 0
    assert len(normalized) == 11


def test_the_score_is_linear_in_the_sum_of_the_last_maps():
    discriminator = sngan_discriminator((8, 8, 3), width=4)
    *_, maps = [x for x in discriminator.layers if isinstance(x, keras.layers.ReLU)]
    maps = numbers(keras.Model(discriminator.input, maps.output)(IMAGES)).astype("float64")
    (kernel,) = discriminator.layers[-1].trainable_weights
    kernel = numbers(kernel) / np.linalg.norm(numbers(kernel))  # The one singular value.
    expected = maps.sum(axis=(1, 2)) @ kernel
    np.testing.assert_allclose(numbers(discriminator(IMAGES)), expected, rtol=1e-4, atol=1e-5)


def test_images_and_scores_are_float32_under_mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    for network in (sngan_generator((8, 8, 3), 3, 2), sngan_discriminator((8, 8, 3), 2)):
        assert network.outputs[0].dtype == "float32"


def test_the_discriminator_comes_back_from_a_file(tmp_path):
    discriminator = sngan_discriminator((8, 8, 3), width=4)
    discriminator.save(tmp_path / "discriminator.keras")
    loaded = keras.saving.load_model(tmp_path / "discriminator.keras")
    np.testing.assert_array_equal(numbers(loaded(IMAGES)), numbers(discriminator(IMAGES)))
