"""The resizes of published scores, against the programs that made them."""

import keras
import numpy as np
import pytest
from keras import ops
from PIL import Image

from keras_gans.metrics import FrechetDistance
from keras_gans.metrics.image_features import ImageFeatures
from keras_gans.metrics.resizes import MATRICES, resize_exactly
from tests.backends import shown_on_tensorflow

LEVEL = 1 / 127.5  # One level of 8 bits.
SIZES = [((32, 32), (75, 75)), ((40, 33), (13, 29)), ((5, 7), (7, 5)), ((1, 9), (3, 4))]


def images(size, n=2, channels=3):
    """Noise, with the black and the white areas at which a filter overshoots."""
    pixels = np.random.default_rng(0).integers(0, 256, (n, *size, channels), "uint8")
    pixels[:, : size[0] // 2, : size[1] // 2] = 0
    pixels[:, size[0] // 2 :, size[1] // 2 :] = 255
    return pixels


def by_pillow(pixels, size):
    """Each channel in floats, clipped and not rounded."""
    made = [
        np.asarray(
            Image.fromarray(channel.astype("float32")).resize(size[::-1], Image.Resampling.BICUBIC)
        )
        for image in pixels
        for channel in np.moveaxis(image, -1, 0)
    ]
    made = np.reshape(made, (len(pixels), pixels.shape[-1], *size)).clip(0, 255)
    return np.moveaxis(made, 1, -1)


def by_tensorflow_1(pixels, size):
    tf = pytest.importorskip("tensorflow")
    return tf.compat.v1.image.resize(pixels, size, tf.image.ResizeMethod.BILINEAR).numpy()


def made(pixels, size, resize):
    """What an extractor is given, in levels of 8 bits."""
    flat = keras.Sequential([keras.Input((*size, pixels.shape[-1])), keras.layers.Flatten()])
    features = ImageFeatures(flat, resize).batches(pixels, batch_size=2)
    return (np.concatenate(list(features)).reshape(-1, *size, pixels.shape[-1]) + 1) / LEVEL


@pytest.mark.parametrize(("given", "wanted"), SIZES)
def test_clean_is_pillow_bicubic_of_each_channel(given, wanted):
    pixels = images(given)
    np.testing.assert_allclose(made(pixels, wanted, "clean"), by_pillow(pixels, wanted), atol=1e-4)


@shown_on_tensorflow("the other backends are compared with the matrices below")
@pytest.mark.parametrize(("given", "wanted"), SIZES)
def test_legacy_is_the_bilinear_resize_of_tensorflow_1(given, wanted):
    pixels = images(given)
    np.testing.assert_allclose(
        made(pixels, wanted, "legacy"), by_tensorflow_1(pixels, wanted), atol=1e-4
    )


def test_legacy_reads_two_pixels_from_the_upper_left_corner():
    weights = [[1, 0, 0], [0.25, 0.75, 0], [0, 0.5, 0.5], [0, 0, 1]]
    np.testing.assert_allclose(MATRICES["legacy"](3, 4), weights)
    pixels = np.array([[0], [100], [200]], "uint8")[None, :, :, None]
    np.testing.assert_allclose(made(pixels, (4, 1), "legacy").ravel(), [0, 75, 150, 200], atol=1e-4)


def test_clean_clips_what_overshoots_and_rounds_nothing():
    step = np.repeat(np.array([0, 255], "uint8"), 8)[None, :, None, None]
    clean = made(step, (40, 1), "clean").ravel()
    assert clean.min() >= 0 and clean.max() <= 255
    assert np.abs(clean - np.round(clean)).max() > 0.2


@pytest.mark.parametrize("resize", MATRICES)
def test_images_of_the_wanted_size_stay_as_they_are(resize):
    pixels = images((6, 5))
    np.testing.assert_allclose(made(pixels, (6, 5), resize), pixels, atol=1e-4)
    np.testing.assert_allclose(MATRICES[resize](6, 6), np.eye(6), atol=1e-12)


def test_images_of_unknown_size_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match='resize="clean" needs images of one known height'):
        resize_exactly(keras.Input((None, None, 3)), (4, 4), "clean")


def test_floats_are_resized_as_bytes_are():
    pixels = images((9, 9))
    floats = ops.convert_to_tensor(pixels.astype("float32") * LEVEL - 1)
    resized = ops.convert_to_numpy(resize_exactly(floats, (4, 4), "clean"))
    np.testing.assert_allclose((resized + 1) / LEVEL, by_pillow(pixels, (4, 4)), atol=1e-4)


def test_protocol_says_how_images_were_resized():
    flat = keras.Sequential([keras.Input((2, 2, 3)), keras.layers.Flatten()])
    metrics = {resize: FrechetDistance(flat, resize=resize) for resize in ("bilinear", *MATRICES)}
    real, fake = images((8, 8), n=9), images((8, 8), n=9) // 2
    scores = {resize: metric.compare(real, fake) for resize, metric in metrics.items()}
    assert len(set(scores.values())) == 3
    said = {resize: metric.protocol()["resize"] for resize, metric in metrics.items()}
    assert said["legacy"] == "legacy: bilinear of TensorFlow 1, not antialiased"
    assert said["clean"] == "clean: bicubic of Pillow, antialiased"
