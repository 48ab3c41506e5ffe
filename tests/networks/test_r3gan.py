"""The residual networks of R3GAN."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.layers import GroupedConv2D
from keras_gans.losses import r1
from keras_gans.networks import r3gan_discriminator, r3gan_generator
from tests.backends import counted_once
from tests.networks.counts import trainable

IMAGES = np.random.default_rng(0).uniform(-1, 1, (3, 8, 8, 3)).astype("float32")
LATENTS = np.random.default_rng(1).standard_normal((3, 5), dtype="float32")
LABELS = np.array([0, 1, 4], "int32")
TINY = {"widths": (12, 8), "group_width": 4, "blocks": 1}
IMAGENET = {"labels": 1000, "group_width": 32}

# Side: parameters of generator and discriminator, with what they are told beside the shape.
PUBLISHED = {
    "StackedMNIST, CIFAR-10": (32, {}, 20_732_160, 20_683_776),
    "CIFAR-10 with labels": (32, {"labels": 10}, 20_781_952, 21_280_512),
    "FFHQ-64": (64, {}, 22_429_824, 22_381_440),
    "FFHQ-256": (256, {}, 23_057_952, 23_009_568),
    "ImageNet-32": (32, {"widths": [1536] * 4, **IMAGENET}, 82_914_304, 86_548_992),
    "ImageNet-64": (64, {"widths": [1536] * 5, **IMAGENET}, 103_570_432, 107_205_120),
}


def numbers(tensor):
    return ops.convert_to_numpy(tensor)


@counted_once
@pytest.mark.parametrize("name", PUBLISHED)
def test_the_counts_are_the_published_ones(name):
    side, arguments, *published = PUBLISHED[name]
    # In this scope variables have shapes and no values, which would be a gigabyte.
    with keras.StatelessScope(initialize_variables=False):
        networks = [f((side, side, 3), **arguments) for f in (r3gan_generator, r3gan_discriminator)]
    counts = [trainable(network) for network in networks]
    keras.backend.clear_session()  # Keras would give them values at its next chance.
    assert counts == published


@pytest.mark.parametrize("labels", [None, 5])
def test_they_make_images_and_raw_scores(labels):
    generator = r3gan_generator((8, 8, 3), labels, latent_dim=5, **TINY)
    discriminator = r3gan_discriminator((8, 8, 3), labels, **TINY)
    latents, images = (LATENTS, IMAGES) if labels is None else ([LATENTS, LABELS], [IMAGES, LABELS])
    assert generator(latents).shape == (3, 8, 8, 3)
    assert discriminator(images).shape == (3, 1)


def test_a_label_changes_the_image_and_the_score():
    for network, main in (
        (r3gan_generator((8, 8, 3), 5, latent_dim=5, **TINY), LATENTS),
        (r3gan_discriminator((8, 8, 3), 5, **TINY), IMAGES),
    ):
        first, second = (numbers(network([main, labels])) for labels in (LABELS, LABELS[::-1]))
        same = np.abs(first - second).reshape(3, -1).max(axis=1) < 1e-7
        np.testing.assert_array_equal(same, [False, True, False])


def test_blocks_begin_as_the_identity_and_kernels_by_the_depth():
    network = r3gan_discriminator((8, 8, 3), widths=(64, 64), blocks=2)
    convolutions = [x for x in network.layers if isinstance(x, keras.layers.Conv2D)]
    assert sum(not numbers(x.kernel).any() for x in convolutions) == 4
    grouped = [x for x in convolutions if isinstance(x, GroupedConv2D)]
    assert [x.groups for x in grouped] == [8] * 4
    for layer in grouped:  # fan_in, sqrt(2 / 1.04) and 4 blocks
        expected = (2 / 1.04) ** 0.5 * 4**-0.25 / (9 * 16) ** 0.5
        assert numbers(layer.kernel).std() == pytest.approx(expected, rel=0.03)
        assert not numbers(layer.bias).any()
    assert sum(x.use_bias for x in convolutions) == 8


def test_r1_has_a_gradient_that_reaches_every_kernel():
    keras.utils.set_random_seed(0)
    discriminator = r3gan_discriminator((8, 8, 3), **TINY)
    for variable in discriminator.trainable_variables:  # Zeros stop gradients.
        variable.assign(keras.random.normal(variable.shape, stddev=0.3))

    def penalty():
        return r1(discriminator, ops.convert_to_tensor(IMAGES)), None

    # A piecewise linear function has a slope that biases do not change.
    kernels = [v for v in discriminator.trainable_variables if v.name != "bias"]
    _, gradients = backend.gradients(penalty, kernels)
    for variable, gradient in zip(kernels, gradients, strict=True):
        assert np.isfinite(numbers(gradient)).all(), variable.path
        assert numbers(gradient).any(), variable.path


def test_images_and_scores_are_float32_under_mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    for build in (r3gan_generator, r3gan_discriminator):
        assert build((8, 8, 3), **TINY).outputs[0].dtype == "float32"


def test_they_come_back_from_a_file(tmp_path):
    network = r3gan_discriminator((8, 8, 3), 5, **TINY)
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    np.testing.assert_array_equal(*(numbers(n([IMAGES, LABELS])) for n in (network, loaded)))


@pytest.mark.parametrize("build", [r3gan_generator, r3gan_discriminator])
def test_other_shapes_and_widths_are_told(build):
    with pytest.raises(ValueError, match="power of two from 4 up"):
        build((48, 48, 3))
    with pytest.raises(ValueError, match="32x32 pixels have 4 resolutions"):
        build((32, 32, 3), widths=[8, 8])
    with pytest.raises(ValueError, match="multiple of group_width=16"):
        build((8, 8, 3), widths=[8, 12])
