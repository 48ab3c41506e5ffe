"""The sliced Wasserstein distance against its steps by hand, in float64."""

import sys
import tracemalloc

import keras
import numpy as np
import pytest

from keras_gans.callbacks import Score
from keras_gans.data import fashion_mnist
from keras_gans.metrics import SlicedWassersteinDistance
from keras_gans.metrics.sliced_wasserstein_distance import (
    cut,
    draw_places,
    laplacian_pyramid,
    normalized,
    sliced_wasserstein,
)
from tests.harness import assert_equal, dense_gan, images_for

module = sys.modules[SlicedWassersteinDistance.__module__]


def noise(n=8, shape=(32, 32, 3), seed=0):
    return np.random.default_rng(seed).integers(0, 256, (n, *shape), dtype="uint8")


def filtered_by_hand(image):
    """Every pixel the weighted mean of the 5 x 5 around it, mirrored beyond the edges."""
    weights = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256
    height, width = image.shape

    def mirrored(i, size):
        i = abs(i)
        return i if i < size else 2 * (size - 1) - i

    result = np.zeros((height, width))
    for row, column in np.ndindex(height, width):
        for i, j in np.ndindex(5, 5):
            pixel = image[mirrored(row + i - 2, height), mirrored(column + j - 2, width)]
            result[row, column] += weights[i, j] * pixel
    return result


def test_the_pyramid_is_that_of_the_equation():
    image = noise(1, (32, 48, 1))
    fine, coarse = laplacian_pyramid(image.astype("float32"))
    whole = image[0, ..., 0].astype("float64")
    smaller = filtered_by_hand(whole)[::2, ::2]
    between = np.zeros_like(whole)
    between[::2, ::2] = smaller
    np.testing.assert_allclose(coarse[0, ..., 0], smaller, atol=1e-3)
    expected = whole - 4 * filtered_by_hand(between)
    np.testing.assert_allclose(fine[0, ..., 0], expected, atol=1e-3)


def test_patches_are_cut_from_their_images():
    images = np.arange(2 * 9 * 10 * 3, dtype="float32").reshape(2, 9, 10, 3)
    made = cut(images, *draw_places(9, 10, (2, 40), np.random.default_rng(0)))
    assert made.shape == (80, 3, 7, 7)
    corners = set()
    for number, patch in enumerate(made):
        image, row, column, _ = np.unravel_index(int(patch[0, 0, 0]), images.shape)
        assert image == number // 40
        expected = images[image, row : row + 7, column : column + 7]
        np.testing.assert_array_equal(patch, expected.transpose(2, 0, 1))
        corners.add((row, column))
    assert corners == {(row, column) for row in range(3) for column in range(4)}


def test_large_images_are_taken_apart_one_by_one(monkeypatch):
    images = noise(16, (128, 128, 3))
    peaks, made = [], []
    for pixels in (16 * 128**2, 128**2):
        monkeypatch.setattr(module, "PIXELS_AT_A_TIME", pixels)
        tracemalloc.start()
        made.append(module.descriptors(images, 4, np.random.default_rng(0)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] / 5
    assert_equal(*made)


def test_each_channel_of_the_patches_is_normalized_by_itself():
    rng = np.random.default_rng(0)
    made = rng.normal([[[[5.0]], [[-2.0]], [[1.0]]]], [[[[3.0]], [[0.1]], [[0.0]]]], (50, 3, 7, 7))
    rows = normalized(made.astype("float32")).reshape(50, 3, 49)
    np.testing.assert_allclose(rows.mean(axis=(0, 2)), 0.0, atol=1e-5)
    np.testing.assert_allclose(rows.std(axis=(0, 2)), [1.0, 1.0, 0.0], atol=1e-5)


def test_the_distance_is_the_mean_difference_of_sorted_projections():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(60, 5)), rng.normal(0.5, 2.0, size=(60, 5))
    found = sliced_wasserstein(
        a.astype("float32"), b.astype("float32"), 200, np.random.default_rng(7)
    )
    draws, distances = np.random.default_rng(7), []
    for _ in range(200):
        direction = draws.standard_normal(5)
        direction /= np.sqrt(np.sum(direction**2))
        pairs = zip(sorted(a @ direction), sorted(b @ direction), strict=True)
        distances.append(np.mean([abs(x - y) for x, y in pairs]))
    assert found == pytest.approx(np.mean(distances), rel=1e-5)


def test_the_distance_of_images_of_one_patch_is_that_by_hand():
    real, fake = noise(40, (7, 7, 1)), noise(40, (7, 7, 1), seed=1) // 3
    fake[:, 0] = 255
    metric = SlicedWassersteinDistance((7, 7, 1), patches_per_image=1, projections=4000)
    a, b = (x.reshape(40, 49).astype("float64") for x in (real, fake))
    a, b = ((x - x.mean()) / x.std() for x in (a, b))
    directions = np.random.default_rng(5).standard_normal((49, 4000))
    directions /= np.linalg.norm(directions, axis=0)
    distance = np.abs(np.sort(a @ directions, axis=0) - np.sort(b @ directions, axis=0)).mean()
    assert metric.compare(real, fake)["swd"] == pytest.approx(1000 * distance, rel=0.03)


def test_the_levels_tell_fine_detail_from_coarse_structure():
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (64, 4, 4, 1), dtype="uint8")
    real = coarse.repeat(8, axis=1).repeat(8, axis=2)
    fine = 30.0 * rng.choice([-1, 1], real.shape)  # What a halving takes away.
    speckled = np.clip(real + fine, 0, 255).astype("uint8")
    distances = SlicedWassersteinDistance((32, 32, 1), patches_per_image=32).compare(real, speckled)
    assert list(distances) == ["swd_32", "swd_16", "swd"]
    assert distances["swd"] == pytest.approx((distances["swd_32"] + distances["swd_16"]) / 2)
    assert distances["swd_32"] > 3 * distances["swd_16"] > 0


def test_real_images_are_nearer_to_real_ones_than_noise_is():
    images, _ = fashion_mnist()
    metric = SlicedWassersteinDistance((28, 28, 1), patches_per_image=32)
    near = metric.compare(images[:100], images[100:200])["swd"]
    far = metric.compare(images[:100], noise(100, (28, 28, 1)))["swd"]
    assert near * 4 < far
    assert metric.compare(images[:100], images[100:200])["swd"] == near


def test_batches_add_up_to_the_comparison_of_all():
    real, fake = noise(6, (16, 16, 1)), noise(6, (16, 16, 1), seed=1)
    metric = SlicedWassersteinDistance((16, 16, 1), patches_per_image=8)
    assert np.isnan(metric.result()["swd"])
    for start in (0, 4):
        metric.update_state(real[start : start + 4], fake[start : start + 4])
    assert metric.result() == metric.compare(real, fake)
    metric.reset_state()
    metric.update_state(real[:4], fake[:4] / 127.5 - 1.0)
    assert metric.result() == metric.compare(real[:4], fake[:4])


def test_images_beyond_their_number_are_left_out():
    real, fake = noise(7, (16, 16, 1)), noise(7, (16, 16, 1), seed=1)
    metric = SlicedWassersteinDistance((16, 16, 1), num_images=5, patches_per_image=8)
    for start in (0, 4):
        metric.update_state(real[start : start + 4], fake[start : start + 4])
    assert metric.result() == metric.compare(real[:5], fake[:5])


def test_evaluate_gives_every_level():
    model = dense_gan(side=8)
    model.compile(metrics=[SlicedWassersteinDistance(model.image_shape, patches_per_image=8)])
    pixels = images_for(model, 8)
    logs = model.evaluate(pixels, batch_size=4, verbose=0, return_dict=True)
    assert logs["swd"] == logs["swd_8"] > 0
    history = model.fit(pixels, verbose=0, validation_data=(pixels,)).history
    assert np.isfinite(history["val_swd_8"]).all()


def test_later_callbacks_read_every_level():
    model = dense_gan(side=8)
    model.compile()
    pixels = images_for(model, 8)
    score = Score(SlicedWassersteinDistance(model.image_shape, patches_per_image=8), pixels)
    history = model.fit(pixels, verbose=0, callbacks=[score]).history
    assert history["swd"] == history["swd_8"] == [score.compute(model)["swd"]]


def test_what_cannot_be_compared_is_refused():
    for shape in ((4, 4, 1), (38, 19, 3), (200, 200, 3)):
        with pytest.raises(ValueError, match="pyramid halves"):
            SlicedWassersteinDistance(shape)
    metric = SlicedWassersteinDistance((16, 16, 1))
    with pytest.raises(ValueError, match="made for images of shape"):
        metric.update_state(noise(2, (32, 32, 1)), noise(2, (16, 16, 1)))
    with pytest.raises(ValueError, match="2 real images and 3 generated"):
        metric.compare(noise(2, (16, 16, 1)), noise(3, (16, 16, 1)))
    with pytest.raises(ValueError, match="no sample weights"):
        metric.update_state(*2 * [noise(2, (16, 16, 1))], sample_weight=np.ones(2))


def test_a_configuration_makes_the_same_metric():
    metric = SlicedWassersteinDistance((16, 16, 1), patches_per_image=8, projections=16, seed=3)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    pair = noise(4, (16, 16, 1)), noise(4, (16, 16, 1), seed=1)
    assert again.compare(*pair) == metric.compare(*pair)
