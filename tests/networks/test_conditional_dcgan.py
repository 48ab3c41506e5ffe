"""DCGAN's layers with labels or attributes beside the latents, and a score of its own for each."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.models import GAN
from keras_gans.networks import (
    attribute_dcgan_discriminator,
    attribute_dcgan_generator,
    conditional_dcgan_discriminator,
    conditional_dcgan_generator,
)
from tests.backends import counted_once
from tests.networks.counts import trainable

SHAPE = (16, 16, 1)
LATENTS = np.random.default_rng(0).standard_normal((3, 4), dtype="float32")
IMAGES = np.random.default_rng(1).uniform(-1, 1, (3, *SHAPE)).astype("float32")
LABELS = np.array([0, 1, 4], "int32")


def networks(**arguments):
    keras.utils.set_random_seed(0)
    generator = conditional_dcgan_generator(SHAPE, 5, latent_dim=4, width=2, **arguments)
    return generator, conditional_dcgan_discriminator(SHAPE, 5, width=2, **arguments)


def numbers(tensor):
    return ops.convert_to_numpy(tensor)


@counted_once
def test_the_parameters_are_those_of_dcgan_and_as_many_for_each_label():
    # DCGAN's own, and for each of ten labels the coarsest maps of 4x4x512 and of 4x4x512.
    assert trainable(conditional_dcgan_generator((64, 64, 3), 10)) == 3_576_704 + 10 * 4 * 4 * 512
    assert trainable(conditional_dcgan_discriminator((64, 64, 3), 10)) == 2_765_568 + 10 * 8192
    assert trainable(attribute_dcgan_generator((64, 64, 3), 10)) == 3_576_704 + 10 * 8192
    assert trainable(attribute_dcgan_discriminator((64, 64, 3), 10)) == 2_765_568 + 10 * 8192


def test_the_label_changes_what_is_generated_and_how_an_image_is_scored():
    generator, discriminator = networks()
    for network, first in ((generator, LATENTS), (discriminator, IMAGES)):
        of_zero = numbers(network([first, np.zeros(3, "int32")]))
        of_labels = numbers(network([first, LABELS]))
        np.testing.assert_allclose(of_zero[0], of_labels[0], atol=1e-7)
        assert (np.abs(of_zero - of_labels)[1:].reshape(2, -1).max(axis=1) > 1e-6).all()


def test_the_score_is_the_unconditional_one_and_the_projection_of_the_label():
    _, discriminator = networks()
    *_, maps_layer = [x for x in discriminator.layers if isinstance(x, keras.layers.LeakyReLU)]
    maps = keras.Model(discriminator.inputs[0], maps_layer.output)(IMAGES)
    phi = numbers(maps).astype("float64").reshape(3, -1)
    kernels = {
        x.filters: numbers(x.kernel).astype("float64").reshape(-1, x.filters)
        for x in discriminator.layers
        if isinstance(x, keras.layers.Conv2D) and x.padding == "valid"
    }
    expected = phi @ kernels[1] + (phi @ kernels[5])[np.arange(3), LABELS][:, None]
    np.testing.assert_allclose(numbers(discriminator([IMAGES, LABELS])), expected, atol=1e-5)


def test_no_label_is_the_unconditional_score():
    _, discriminator = networks()
    label_kernel = next(x.kernel for x in discriminator.layers if getattr(x, "filters", 0) == 5)
    unlabelled = numbers(discriminator([IMAGES, np.full(3, -1, "int32")]))
    label_kernel.assign(np.zeros(label_kernel.shape, "float32"))
    np.testing.assert_allclose(unlabelled, numbers(discriminator([IMAGES, LABELS])), atol=1e-6)


def test_inputs_are_called_after_what_they_take():
    generator, discriminator = networks()
    assert [(x.name, x.dtype, x.shape) for x in generator.inputs] == [
        ("latents", "float32", (None, 4)),
        ("labels", "int32", (None,)),
    ]
    assert [x.name for x in discriminator.inputs] == ["images", "labels"]


def test_networks_come_back_from_their_configs():
    for network, first in zip(networks(), (LATENTS, IMAGES), strict=True):
        copies = keras.models.clone_model(network), type(network).from_config(network.get_config())
        for copy in copies:
            copy.set_weights(network.get_weights())
            np.testing.assert_allclose(
                numbers(copy([first, LABELS])), numbers(network([first, LABELS])), atol=1e-6
            )


def test_images_and_scores_are_float32_under_mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    generator, discriminator = networks()
    images = generator([LATENTS, LABELS])
    scores = discriminator([images, ops.convert_to_tensor(LABELS)])
    for tensor in (generator.output, discriminator.output, images, scores):
        assert keras.backend.standardize_dtype(tensor.dtype) == "float32"


@pytest.mark.parametrize("shape", [(8, 8, 1), (32, 64, 3), (32, 32, 2)])
def test_other_shapes_are_told(shape):
    for build in (conditional_dcgan_generator, conditional_dcgan_discriminator):
        with pytest.raises(ValueError, match="DCGAN makes"):
            build(shape, 10)


def with_attributes():
    keras.utils.set_random_seed(0)
    generator = attribute_dcgan_generator(SHAPE, 5, latent_dim=4, width=2)
    return generator, attribute_dcgan_discriminator(SHAPE, 5, width=2)


def test_attributes_are_to_the_networks_what_the_code_of_a_label_is():
    codes = np.eye(5, dtype="float32")[LABELS]
    for labelled, described, first in zip(
        networks(), with_attributes(), (LATENTS, IMAGES), strict=True
    ):
        described.set_weights(labelled.get_weights())
        np.testing.assert_allclose(
            numbers(described([first, codes])), numbers(labelled([first, LABELS])), atol=1e-6
        )


def test_several_labels_at_once_are_scored_together():
    _, discriminator = with_attributes()
    none, first, second, both = (
        numbers(discriminator([IMAGES, np.tile(np.array(row, "float32"), (3, 1))]))
        for row in ([0] * 5, [1, 0, 0, 0, 0], [0, 0, 0, 2.5, 0], [1, 0, 0, 2.5, 0])
    )
    np.testing.assert_allclose(both - none, (first - none) + (second - none), atol=1e-5)
    assert (np.abs(first - none) > 1e-6).all()


def test_a_gan_trains_on_attributes_and_generates_by_them():
    model = GAN(*with_attributes(), latent_dim=4, seed=0)
    (spec,) = model.conditions.values()
    assert (spec.kind, spec.shape, spec.dtype) == ("vector", (5,), "float32")
    model.compile()
    attributes = np.random.default_rng(0).integers(0, 2, (3, 5)).astype("float32")
    model.fit(IMAGES, attributes, batch_size=3, verbose=0)
    several, none = model.generate(seed=1, attributes=[[1, 0, 0.5, 0, 1], [0] * 5])
    assert several.shape == SHAPE
    assert (several != none).any()
    with pytest.raises(ValueError, match="attributes is missing"):
        model.generate(2)
