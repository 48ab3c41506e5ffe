"""MMD under Gaussian kernels: bandwidths, both estimates, awkward sets."""

import functools

import keras
import numpy as np
import pytest

from keras_gans.metrics import MaximumMeanDiscrepancy
from keras_gans.metrics.kernels import gaussian_kernel, median_distance, squared_discrepancy
from tests.backends import shown_on_tensorflow


def pixels(size=2):
    images = keras.Input((size, size, 1))
    return keras.Model(images, keras.layers.Flatten()(images), name="pixels")


RNG = np.random.default_rng(0)
REAL, FAKE = RNG.uniform(-1, 1, (2, 30, 2, 2, 1)).astype("float32")
FAKE = FAKE[:20] * np.float32(0.5) - np.float32(0.2)


def by_hand(bandwidths, biased):
    rows = (x.reshape(len(x), -1) for x in (REAL, FAKE))
    return squared_discrepancy(
        *rows, functools.partial(gaussian_kernel, bandwidths=bandwidths), biased
    )


@pytest.mark.parametrize("biased", [False, True])
def test_the_kernel_is_a_sum_over_bandwidths_or_has_the_median_of_real_distances(biased):
    metric = MaximumMeanDiscrepancy(pixels(), bandwidths=(0.5, 2.0), biased=biased)
    assert metric.name == "mmd_pixels"
    assert metric.compare(REAL, FAKE) == pytest.approx(by_hand((0.5, 2.0), biased), rel=1e-6)
    metric = MaximumMeanDiscrepancy(pixels(), biased=biased)
    median = median_distance(REAL.reshape(30, -1))
    assert metric.compare(REAL, FAKE) == pytest.approx(by_hand((median,), biased), rel=1e-6)


@shown_on_tensorflow("what the metric adds is numpy")
def test_awkward_sets_and_the_configuration():
    metric = MaximumMeanDiscrepancy(pixels(), biased=True)
    assert metric.compare(REAL, REAL) == pytest.approx(0.0, abs=1e-9)
    assert np.isnan(metric.compare(REAL[:1].repeat(4, 0), FAKE))  # No median.
    assert np.isnan(metric.compare(REAL[:0], FAKE))
    for bandwidths in (None, (1, 2.5)):
        metric = MaximumMeanDiscrepancy(pixels(), bandwidths=bandwidths)
        restored = MaximumMeanDiscrepancy.from_config(metric.get_config())
        assert restored.bandwidths == metric.bandwidths
    assert metric.protocol()["bandwidths"] == [1.0, 2.5]


@pytest.mark.parametrize("bandwidths", [(), (1.0, 0.0)])
def test_bandwidths_that_are_none_are_refused(bandwidths):
    with pytest.raises(ValueError, match="`bandwidths` are floats above 0, or None"):
        MaximumMeanDiscrepancy(pixels(), bandwidths=bandwidths)
