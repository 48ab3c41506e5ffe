"""The U-Net and the PatchGAN: published counts, receptive fields, sizes."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.engine.backend import input_gradient
from keras_gans.networks import patchgan_discriminator, unet_generator
from tests.backends import counted_once
from tests.networks.counts import trainable


@counted_once
@pytest.mark.parametrize(
    ("image_shape", "arguments", "count"),
    [
        ((256, 256, 3), {}, 54_413_955),
        ((256, 256, 1), {}, 54_407_809),
        ((256, 256, 3), {"normalization": "instance"}, 54_409_603),
        ((128, 128, 3), {}, 41_828_995),
        ((64, 64, 1), {}, 29_237_889),
    ],
)
def test_the_unet_has_the_published_number_of_parameters(image_shape, arguments, count):
    assert trainable(unet_generator(image_shape, **arguments)) == count


@counted_once
@pytest.mark.parametrize(
    ("channels", "receptive_field", "normalization", "count"),
    [
        (6, 1, "batch", 9_024),
        (6, 16, "batch", 139_585),
        (6, 34, "batch", 666_433),
        (6, 70, "batch", 2_768_705),
        (6, 142, "batch", 6_964_033),
        (6, 286, "batch", 11_159_361),
        (3, 70, "batch", 2_765_633),
        (3, 70, "instance", 2_764_737),
        (3, 1, "instance", 8_705),
    ],
)
def test_the_patchgan_has_the_published_number_of_parameters(
    channels, receptive_field, normalization, count
):
    shape = (None, None, channels)
    network = patchgan_discriminator(shape, receptive_field, normalization=normalization)
    assert trainable(network) == count


@pytest.mark.parametrize(
    ("receptive_field", "side"), [(1, 256), (16, 126), (34, 62), (70, 30), (142, 14), (286, 6)]
)
def test_the_patchgan_has_the_published_number_of_scores(receptive_field, side):
    network = patchgan_discriminator((256, 256, 6), receptive_field, width=1)
    assert network.output_shape == (None, side, side, 1)


@pytest.mark.parametrize("receptive_field", [1, 16, 34, 70, 142, 286])
def test_a_score_depends_on_a_patch_of_that_side_and_on_nothing_else(receptive_field):
    network = patchgan_discriminator((None, None, 1), receptive_field, width=2)
    rng = np.random.default_rng(0)
    for weight in network.trainable_weights:
        # Positive weights: no path from a pixel to the score cancels another.
        weight.assign(rng.uniform(0.5, 1.0, weight.shape) / np.prod(weight.shape) ** 0.5)
    side = max(384, receptive_field + 98)
    image = ops.ones((1, side, side, 1))
    rows = int(network(image).shape[1])

    def central_score(x):
        # In inference: in training, batch normalization makes every score see the whole image.
        return network(x, training=False)[:, rows // 2, rows // 2]

    gradient = ops.convert_to_numpy(input_gradient(central_score, image))[0, :, :, 0]
    seen_rows, seen_columns = np.nonzero(gradient.any(1))[0], np.nonzero(gradient.any(0))[0]
    assert len(seen_rows) == seen_rows[-1] - seen_rows[0] + 1 == receptive_field
    assert len(seen_columns) == seen_columns[-1] - seen_columns[0] + 1 == receptive_field
    assert (gradient[seen_rows[0] : seen_rows[-1] + 1, seen_columns[0]] != 0).all()


def test_the_innermost_map_of_the_unet_is_one_pixel_and_has_no_normalization():
    network = unet_generator((64, 64, 3), width=2)
    smallest = min(network.layers, key=lambda layer: layer.output.shape[1] or 1e9)
    assert smallest.output.shape[1:3] == (1, 1)
    at_one_pixel = [layer for layer in network.layers if layer.output.shape[1:3] == (1, 1)]
    assert not any("normalization" in layer.name for layer in at_one_pixel)


def test_dropout_is_in_the_three_deepest_layers_of_the_decoder():
    network = unet_generator((256, 256, 3), width=2)
    dropouts = [layer for layer in network.layers if isinstance(layer, keras.layers.Dropout)]
    assert [layer.output.shape[1] for layer in dropouts] == [2, 4, 8]
    assert all(layer.rate == 0.5 for layer in dropouts)
    without = unet_generator((64, 64, 3), width=2, dropout=0.0)
    assert not any(isinstance(layer, keras.layers.Dropout) for layer in without.layers)


@pytest.mark.parametrize("image_shape", [(32, 64, 3), (96, 96, 1), (8, 8, 4)])
def test_the_unet_translates_any_size_it_can_halve(image_shape):
    network = unet_generator(image_shape, output_channels=2, width=2)
    images = np.random.default_rng(0).uniform(-1, 1, (2, *image_shape)).astype("float32")
    translated = network.predict(images, verbose=0)
    assert translated.shape == (2, *image_shape[:2], 2)
    assert np.abs(translated).max() <= 1


def test_open_sides_take_several_sizes():
    unet = unet_generator((None, None, 3), width=2, depth=3)
    patchgan = patchgan_discriminator((None, None, 3), 16, width=2)
    for size in ((16, 24), (32, 16)):
        images = np.zeros((1, *size, 3), "float32")
        assert unet.predict(images, verbose=0).shape == images.shape
        assert patchgan.predict(images, verbose=0).shape == (
            1,
            size[0] // 2 - 2,
            size[1] // 2 - 2,
            1,
        )


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: unet_generator((100, 100, 3)), "divisible by 8"),
        (lambda: unet_generator((64, 96, 3), depth=6), "divisible by 64"),
        (lambda: unet_generator((64, 64, 3), normalization="layer"), "normalization"),
        (lambda: patchgan_discriminator((64, 64, 3), 50), "1, 16, 34, 70, 142, 286 pixels"),
        (lambda: patchgan_discriminator((64, 64, 3), 286), "at least 96 x 96"),
    ],
)
def test_what_cannot_be_built_is_told(build, said):
    with pytest.raises(ValueError, match=said):
        build()


def test_the_smallest_images_of_each_patchgan_give_scores():
    for receptive_field, side in ((16, 6), (34, 12), (70, 24)):
        network = patchgan_discriminator((side, side, 1), receptive_field, width=1)
        assert network.output_shape == (None, 1, 1, 1)


def test_both_survive_a_file(tmp_path):
    images = np.random.default_rng(0).uniform(-1, 1, (2, 32, 32, 3)).astype("float32")
    for network in (
        unet_generator((32, 32, 3), width=2),
        patchgan_discriminator((32, 32, 3), 34, width=2, normalization="instance"),
    ):
        network.save(tmp_path / "network.keras")
        loaded = keras.saving.load_model(tmp_path / "network.keras")
        np.testing.assert_array_equal(
            network.predict(images, verbose=0), loaded.predict(images, verbose=0)
        )


def test_outputs_are_float32_under_mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    for network in (
        unet_generator((16, 16, 3), width=2),
        patchgan_discriminator((16, 16, 3), 16, width=2),
    ):
        assert keras.backend.standardize_dtype(network.output.dtype) == "float32"
