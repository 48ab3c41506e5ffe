import warnings

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.metrics import PeakSignalToNoiseRatio
from keras_gans.metrics.peak_signal_to_noise_ratio import peak_signal_to_noise_ratio


def pairs(n=5, shape=(6, 7, 3)):
    """Images with noise of another strength in each."""
    rng = np.random.default_rng(0)
    real = rng.uniform(-1, 1, (n, *shape))
    strength = np.geomspace(0.001, 1, n).reshape(n, 1, 1, 1)
    fake = np.clip(real + strength * rng.normal(size=real.shape), -1, 1)
    return real.astype("float32"), fake.astype("float32")


def by_hand(real, fake):
    """10 log10(peak^2 / MSE) of 8-bit images, whose peak is 255."""
    real, fake = ((images.astype("float64") + 1) * 127.5 for images in (real, fake))
    return 10 * np.log10(255**2 / np.mean((real - fake) ** 2, axis=(1, 2, 3)))


def test_each_image_has_its_own_decibels():
    real, fake = pairs()
    ratio = ops.convert_to_numpy(peak_signal_to_noise_ratio(real, fake))
    assert ratio.dtype == "float32"
    np.testing.assert_allclose(ratio, by_hand(real, fake), rtol=1e-4)


def test_a_tenth_of_the_range_is_twenty_decibels():
    black = -np.ones((2, 4, 4, 1), "float32")
    assert float(PeakSignalToNoiseRatio()(black, black + 0.2)) == pytest.approx(20, abs=1e-3)
    assert float(PeakSignalToNoiseRatio()(black, -black)) == pytest.approx(0, abs=1e-3)


def test_equal_images_are_a_hundred_decibels():
    images = pairs()[0]
    assert float(PeakSignalToNoiseRatio()(images, images)) == pytest.approx(100, rel=1e-6)


def test_the_result_is_that_of_tensorflow():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tf = pytest.importorskip("tensorflow")
    real, fake = pairs()
    expected = tf.image.psnr(real, fake, max_val=2.0).numpy()
    ratio = ops.convert_to_numpy(peak_signal_to_noise_ratio(real, fake))
    np.testing.assert_allclose(ratio, expected, rtol=1e-4)


def test_the_result_is_the_mean_over_images_of_batches_of_different_sizes():
    real, fake = pairs(7)
    metric = PeakSignalToNoiseRatio()
    for part in (slice(0, 4), slice(4, 5), slice(5, 7)):
        metric.update_state(real[part], fake[part])
    assert float(metric.result()) == pytest.approx(by_hand(real, fake).mean(), rel=1e-4)
    metric.reset_state()
    metric.update_state(real[:1], fake[:1])
    assert float(metric.result()) == pytest.approx(by_hand(real, fake)[0], rel=1e-4)


@pytest.mark.parametrize("name", ["psnr", "decibels"])
def test_a_copy_from_its_configuration_is_the_same_metric(name):
    metric = PeakSignalToNoiseRatio(name=name, dtype="float32")
    saved = keras.saving.serialize_keras_object(metric)
    assert saved["registered_name"] == "keras_gans>PeakSignalToNoiseRatio"
    real, fake = pairs()
    for copy in (
        PeakSignalToNoiseRatio.from_config(metric.get_config()),
        keras.saving.deserialize_keras_object(saved),
    ):
        assert (type(copy), copy.name) == (PeakSignalToNoiseRatio, name)
        assert copy.get_config() == metric.get_config()
        assert float(copy(real, fake)) == float(PeakSignalToNoiseRatio()(real, fake))
