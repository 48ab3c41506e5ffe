"""Images of any kind, adapted to an extractor."""

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.metrics.image_features import ImageFeatures


def extractor(shape):
    return keras.Sequential([keras.Input(shape), keras.layers.Flatten()], name="pixels")


def features(images, shape, resize="bilinear"):
    result = ImageFeatures(extractor(shape), resize)(keras.ops.convert_to_tensor(images))
    return keras.ops.convert_to_numpy(result).reshape(-1, *shape)


def test_uint8_and_floats_give_the_same_features():
    pixels = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 1), dtype="uint8")
    floats = (pixels / 127.5 - 1).astype("float32")
    np.testing.assert_allclose(features(pixels, (4, 4, 1)), floats, atol=1e-6)
    np.testing.assert_allclose(features(floats, (4, 4, 1)), floats, atol=1e-6)


def test_colours_become_grey_by_luma_and_grey_becomes_three_equal_channels():
    red = np.zeros((1, 2, 2, 3), "uint8")
    red[..., 0] = 255
    grey = features(red, (2, 2, 1))
    np.testing.assert_allclose(grey, 0.299 * 2 - 1, atol=2e-3)
    np.testing.assert_allclose(features(grey, (2, 2, 3)), np.repeat(grey, 3, -1), atol=1e-6)


def test_another_size_is_resized_with_antialiasing():
    stripes = np.tile(np.array([-1.0, 1.0], "float32"), 8)[None, None, :, None].repeat(16, 1)
    assert np.abs(features(stripes, (4, 4, 1))).max() < 0.3  # Without it: all -1, or all 1.


@pytest.mark.parametrize("resize", ["bilinear", "legacy"])
def test_images_of_another_size_may_follow(resize):
    features = ImageFeatures(extractor((28, 28, 1)), resize)
    for side in (28, 20, 36):
        pixels = np.random.default_rng(side).integers(0, 256, (2, side, side, 1), "uint8")
        (one,) = features.batches(pixels, 2)
        other = keras.ops.convert_to_numpy(features(pixels))
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-4)


def test_four_channels_are_told():
    with pytest.raises(ValueError, match="Drop the alpha channel"):
        features(np.zeros((1, 2, 2, 4), "uint8"), (2, 2, 1))


@pytest.mark.parametrize("side", [4, None])
def test_files_of_several_sizes_have_the_features_of_arrays(tmp_path, side):
    rng = np.random.default_rng(0)
    images = [rng.integers(0, 256, (*size, 3), "uint8") for size in ((8, 8), (8, 8), (6, 9))]
    for i, image in enumerate(images):
        Image.fromarray(image).save(tmp_path / f"{i}.png")
    pooled = keras.Sequential([keras.Input((side, side, 1)), keras.layers.GlobalMaxPooling2D()])
    features = ImageFeatures(pooled, "bicubic")
    expected = np.concatenate([*features.batches(np.stack(images[:2]), 2)])
    expected = np.concatenate([expected, *features.batches(images[2][None], 1)])
    for batch_size in (2, 3):  # Batches of one size and of several.
        got = np.concatenate([*features.stream(tmp_path, batch_size)])
        np.testing.assert_allclose(got, expected, atol=1e-5)
