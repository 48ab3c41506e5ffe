"""SSIM and MS-SSIM against the equations of the papers, window by window."""

import warnings

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.metrics import MultiScaleStructuralSimilarity, StructuralSimilarity
from keras_gans.metrics.structural_similarity import (
    SCALES,
    multi_scale_structural_similarity,
    structural_similarity,
)

METRICS = pytest.mark.parametrize(
    "metric", [StructuralSimilarity(), MultiScaleStructuralSimilarity(scales=2)]
)


def pairs(n=3, shape=(14, 16, 3), noise=0.5):
    """Smooth images and noisy ones: the more noise, the later they come."""
    rng = np.random.default_rng(0)
    rows, columns = np.meshgrid(np.arange(shape[0]), np.arange(shape[1]), indexing="ij")
    phases = rng.uniform(0, 6, (n, 1, 1, shape[2]))
    real = 0.9 * np.sin(0.4 * rows + 0.3 * columns)[None, :, :, None] * np.cos(phases)
    strength = np.linspace(0.1, 1, n).reshape(n, 1, 1, 1)
    fake = np.clip(real + noise * strength * rng.normal(size=real.shape), -1, 1)
    return real.astype("float32"), fake.astype("float32")


def maps_by_hand(x, y):
    """Luminance and contrast-structure (equations 6, 9 and 10) of images with peak 255."""
    offsets = np.arange(11) - 5
    window = np.exp(-(offsets[:, None] ** 2 + offsets**2) / (2 * 1.5**2))
    window /= window.sum()
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    luminance = np.zeros((x.shape[0] - 10, x.shape[1] - 10))
    structure = np.zeros_like(luminance)
    for i, j in np.ndindex(*luminance.shape):
        a, b = x[i : i + 11, j : j + 11], y[i : i + 11, j : j + 11]
        mean_a, mean_b = np.sum(window * a), np.sum(window * b)
        variance_a = np.sum(window * (a - mean_a) ** 2)
        variance_b = np.sum(window * (b - mean_b) ** 2)
        covariance = np.sum(window * (a - mean_a) * (b - mean_b))
        luminance[i, j] = (2 * mean_a * mean_b + c1) / (mean_a**2 + mean_b**2 + c1)
        structure[i, j] = (2 * covariance + c2) / (variance_a + variance_b + c2)
    return luminance, structure


def channels(real, fake):
    """The channels of each image with peak 255: pairs of arrays [height, width]."""
    real, fake = ((images.astype("float64") + 1) * 127.5 for images in (real, fake))
    return [
        [(x[..., c], y[..., c]) for c in range(x.shape[-1])]
        for x, y in zip(real, fake, strict=True)
    ]


def ssim_by_hand(real, fake):
    means = []
    for image in channels(real, fake):
        products = [np.multiply(*maps_by_hand(x, y)) for x, y in image]
        means.append(np.mean(products))
    return np.array(means)


def halved(x):
    height, width = (side // 2 * 2 for side in x.shape)
    return x[:height, :width].reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))


def ms_ssim_by_hand(real, fake, exponents):
    def of_channel(x, y):
        product = 1.0
        for i, exponent in enumerate(exponents):
            luminance, structure = maps_by_hand(x, y)
            last = i == len(exponents) - 1
            mean = np.mean(luminance * structure if last else structure)
            product *= max(mean, 0.0) ** exponent
            x, y = halved(x), halved(y)
        return product

    return np.array(
        [np.mean([of_channel(x, y) for x, y in image]) for image in channels(real, fake)]
    )


def ssim(real, fake):
    return ops.convert_to_numpy(structural_similarity(real, fake))


def ms_ssim(real, fake, scales):
    return ops.convert_to_numpy(multi_scale_structural_similarity(real, fake, scales))


@pytest.fixture
def tf():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("tensorflow")


@pytest.mark.parametrize("shape", [(14, 16, 3), (11, 11, 1), (11, 20, 2)])
def test_ssim_is_the_equation_in_every_window(shape):
    real, fake = pairs(shape=shape)
    similarity = ssim(real, fake)
    assert similarity.dtype == "float32"
    np.testing.assert_allclose(similarity, ssim_by_hand(real, fake), rtol=1e-4, atol=1e-4)


def test_ssim_falls_with_noise_and_with_brightness():
    similarity = ssim(*pairs(5))
    assert (np.diff(similarity) < 0).all()
    grey = np.zeros((1, 12, 12, 1), "float32")
    darker = grey - 0.5
    # Without any structure the luminance is left: means of 127.5 and of 63.75.
    expected = (2 * 127.5 * 63.75 + 2.55**2) / (127.5**2 + 63.75**2 + 2.55**2)
    assert ssim(grey, darker)[0] == pytest.approx(expected, rel=1e-4)


def test_opposite_images_are_negative_and_with_several_scales_zero():
    stripes = np.sin(np.arange(32, dtype="float32"))[None, :, None, None].repeat(32, axis=2)
    assert ssim(stripes, -stripes)[0] < -0.8
    assert ms_ssim(stripes, -stripes, 2)[0] == 0


@METRICS
def test_equal_images_are_one(metric):
    real, _ = pairs(shape=(24, 22, 3))
    metric.reset_state()
    assert float(metric(real, real)) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("scales", [1, 2, 3])
def test_ms_ssim_is_the_equation_with_weights_whose_sum_is_one(scales):
    real, fake = pairs(2, shape=(45, 44, 2))
    exponents = np.array([0.0448, 0.2856, 0.3001, 0.2363, 0.1333])[:scales]
    expected = ms_ssim_by_hand(real, fake, exponents / exponents.sum())
    np.testing.assert_allclose(ms_ssim(real, fake, scales), expected, rtol=1e-4, atol=1e-4)


def test_one_scale_is_ssim():
    # The mean over channels is the same where there is one.
    real, fake = pairs(shape=(14, 16, 1))
    np.testing.assert_allclose(ms_ssim(real, fake, 1), ssim(real, fake), rtol=1e-5)


def test_all_scales_have_the_weights_of_the_paper():
    assert sum(SCALES) == pytest.approx(1.0, abs=2e-4)
    assert SCALES == (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


def test_ssim_is_that_of_tensorflow(tf):
    real, fake = pairs(5, shape=(33, 40, 3))
    expected = tf.image.ssim(real + 1, fake + 1, max_val=2.0).numpy()
    np.testing.assert_allclose(ssim(real, fake), expected, rtol=1e-4, atol=1e-4)


def test_ms_ssim_is_that_of_tensorflow(tf):
    real, fake = pairs(3, shape=(176, 192, 3))
    expected = tf.image.ssim_multiscale(real + 1, fake + 1, max_val=2.0).numpy()
    np.testing.assert_allclose(ms_ssim(real, fake, 5), expected, rtol=2e-4)


@METRICS
def test_the_result_is_the_mean_over_images_of_batches_of_different_sizes(metric):
    real, fake = pairs(7, shape=(22, 22, 1))
    single = [
        float(type(metric).from_config(metric.get_config())(real[i:][:1], fake[i:][:1]))
        for i in range(7)
    ]
    metric.reset_state()
    for part in (slice(0, 4), slice(4, 5), slice(5, 7)):
        metric.update_state(real[part], fake[part])
    assert float(metric.result()) == pytest.approx(np.mean(single), rel=1e-5)


def test_images_smaller_than_the_window_are_refused():
    for shape in [(10, 16, 3), (16, 10, 3)]:
        with pytest.raises(ValueError, match=f"11 pixels; the images have {shape[0]} x {shape[1]}"):
            StructuralSimilarity()(*pairs(shape=shape))


def test_images_too_small_for_their_scales_are_refused():
    images = pairs(shape=(44, 43, 1))
    MultiScaleStructuralSimilarity(scales=2)(*images)
    with pytest.raises(ValueError, match=r"the images have 11 x 10 \(after halving.* fewer scales"):
        MultiScaleStructuralSimilarity(scales=3)(*images)


@pytest.mark.parametrize("scales", [0, 6, -1])
def test_scales_out_of_their_range_are_refused(scales):
    with pytest.raises(ValueError, match=f"from 1 to 5; it was {scales}"):
        MultiScaleStructuralSimilarity(scales=scales)


@pytest.mark.parametrize(
    "metric",
    [
        StructuralSimilarity(dtype="float32"),
        StructuralSimilarity(name="similarity"),
        MultiScaleStructuralSimilarity(scales=2),
        MultiScaleStructuralSimilarity(scales=1, name="similarity", dtype="float32"),
    ],
)
def test_a_copy_from_its_configuration_is_the_same_metric(metric):
    saved = keras.saving.serialize_keras_object(metric)
    assert saved["registered_name"] == f"keras_gans>{type(metric).__name__}"
    images = pairs(shape=(22, 22, 1))
    for copy in (
        type(metric).from_config(metric.get_config()),
        keras.saving.deserialize_keras_object(saved),
    ):
        assert (type(copy), copy.name) == (type(metric), metric.name)
        assert copy.get_config() == metric.get_config()
        metric.reset_state()
        assert float(copy(*images)) == float(metric(*images))


def test_the_names_in_the_logs_are_the_usual_ones():
    assert StructuralSimilarity().name == "ssim"
    assert MultiScaleStructuralSimilarity().name == "ms_ssim"
    assert MultiScaleStructuralSimilarity().scales == 5
