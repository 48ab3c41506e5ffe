"""DCGAN's layers with normalization by the label, and with the projection of Miyato and Koyama."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import ConditionalBatchNormalization
from keras_gans.models import GAN
from keras_gans.networks import projection_dcgan_discriminator, projection_dcgan_generator
from tests.backends import counted_once
from tests.networks.counts import trainable

SHAPE = (16, 16, 1)
LATENTS = np.random.default_rng(0).standard_normal((3, 4), dtype="float32")
IMAGES = np.random.default_rng(1).uniform(-1, 1, (3, *SHAPE)).astype("float32")
LABELS = np.array([0, 1, 4], "int32")


def networks():
    keras.utils.set_random_seed(0)
    generator = projection_dcgan_generator(SHAPE, 5, latent_dim=4, width=2)
    return generator, projection_dcgan_discriminator(SHAPE, 5, width=2)


def numbers(tensor):
    return ops.convert_to_numpy(tensor)


@counted_once
def test_the_parameters_are_those_of_dcgan_but_for_normalizations_and_the_last_layer():
    channels = 512 + 256 + 128 + 64
    generator = projection_dcgan_generator((64, 64, 3), 10)
    assert trainable(generator) == 3_576_704 - 2 * channels + 10 * 2 * channels
    discriminator = projection_dcgan_discriminator((64, 64, 3), 10)
    assert trainable(discriminator) == 2_765_568 - 4 * 4 * 512 + 512 + 1 + 10 * 512


def test_each_class_has_gains_and_biases_of_its_own():
    generator, _ = networks()
    normalizations = [x for x in generator.layers if isinstance(x, ConditionalBatchNormalization)]
    assert [x.gain.kernel.shape for x in normalizations] == [(5, 4), (5, 2)]
    before = numbers(generator([LATENTS, LABELS]))
    gains = numbers(normalizations[-1].gain.kernel).copy()
    gains[1] = 3.0
    normalizations[-1].gain.kernel.assign(gains)
    moved = np.abs(numbers(generator([LATENTS, LABELS])) - before).reshape(3, -1).max(axis=1)
    assert moved[1] > 1e-6
    assert (moved[[0, 2]] < 1e-7).all()


def test_the_score_is_the_projection_on_summed_maps_and_what_is_linear_in_them():
    _, discriminator = networks()
    *_, maps_layer = [x for x in discriminator.layers if isinstance(x, keras.layers.LeakyReLU)]
    maps = numbers(keras.Model(discriminator.inputs[0], maps_layer.output)(IMAGES))
    phi = maps.astype("float64").sum(axis=(1, 2))
    v, (psi, bias) = (
        [numbers(w) for w in x.weights]
        for x in sorted(
            (x for x in discriminator.layers if isinstance(x, keras.layers.Dense)),
            key=lambda x: -x.units,
        )
    )
    expected = (v[0][LABELS] * phi).sum(axis=1, keepdims=True) + phi @ psi + bias
    np.testing.assert_allclose(numbers(discriminator([IMAGES, LABELS])), expected, atol=1e-5)


def test_they_train_and_come_back_from_a_file(tmp_path):
    model = GAN(*networks(), latent_dim=4, seed=0)
    assert model.conditions["labels"].classes == 5
    model.compile()
    model.fit(IMAGES, LABELS, batch_size=3, verbose=0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    made = [m.generate(latents=LATENTS, labels=LABELS) for m in (model, loaded)]
    np.testing.assert_array_equal(*made)


def test_images_and_scores_are_float32_under_mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    generator, discriminator = networks()
    images = generator([LATENTS, LABELS])
    scores = discriminator([images, ops.convert_to_tensor(LABELS)])
    for tensor in (images, scores):
        assert keras.backend.standardize_dtype(tensor.dtype) == "float32"


@pytest.mark.parametrize("shape", [(8, 8, 1), (32, 32, 2)])
def test_other_shapes_are_told(shape):
    for build in (projection_dcgan_generator, projection_dcgan_discriminator):
        with pytest.raises(ValueError, match="DCGAN makes"):
            build(shape, 10)
