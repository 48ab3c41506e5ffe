"""The kernel distance: its subsets, its seed, and few images."""

import keras
import numpy as np
import pytest

from keras_gans.metrics import KernelDistance
from keras_gans.metrics.kernels import polynomial_kernel, squared_discrepancy
from tests.backends import shown_on_tensorflow


def pixels(size=2, name="pixels"):
    images = keras.Input((size, size, 1))
    return keras.Model(images, keras.layers.Flatten()(images), name=name)


RNG = np.random.default_rng(0)
REAL, FAKE = RNG.uniform(-1, 1, (2, 60, 2, 2, 1)).astype("float32")
FAKE = FAKE[:40] * np.float32(0.5) - np.float32(0.2)


def scores(metric, real=REAL, fake=FAKE):
    score = metric.compare(real, fake)
    return score["kernel_pixels_mean"], score["kernel_pixels_std"]


def whole(real, fake):
    real, fake = (x.reshape(len(x), -1) for x in (real, fake))
    return squared_discrepancy(real, fake, polynomial_kernel)


def test_the_mean_of_many_subsets_is_the_discrepancy_of_all():
    metric = KernelDistance(pixels(), subsets=400, subset_size=20)
    mean, std = scores(metric)
    assert mean == pytest.approx(whole(REAL, FAKE), abs=3 * std / 20)
    assert std > 0 and scores(metric) == (mean, std)
    assert scores(KernelDistance(pixels(), subsets=400, subset_size=20, seed=1)) != (mean, std)


def test_sets_that_are_no_larger_than_a_subset_are_compared_whole():
    mean, std = scores(KernelDistance(pixels()), REAL[:40], FAKE)
    assert mean == pytest.approx(whole(REAL[:40], FAKE), rel=1e-6) and std == 0
    assert np.isnan(scores(KernelDistance(pixels()), REAL, FAKE[:1])).all()


@shown_on_tensorflow("numpy alone")
@pytest.mark.parametrize(("mean", "deviation"), [(0, 1), (1, 0.1), (10, 0.1)])
def test_float32_features_with_much_in_common_lose_nothing_of_a_distance(mean, deviation):
    rng = np.random.default_rng(0)
    real, fake = (
        (mean + deviation * (rng.normal(size=(1000, 256)) + shift)).astype("float32")
        for shift in (0.0, 0.1)
    )
    exact = squared_discrepancy(*(x.astype("float64") for x in (real, fake)), polynomial_kernel)
    metric = KernelDistance(pixels(16))
    score = metric.compare(real, fake)["kernel_pixels_mean"]
    assert score == pytest.approx(exact, rel=1e-6)


@shown_on_tensorflow("what the metric adds is numpy")
def test_equal_distributions_have_a_distance_near_zero_and_the_configuration_holds_all():
    rng = np.random.default_rng(2)
    real, fake = rng.uniform(-1, 1, (2, 300, 2, 2, 1)).astype("float32")
    metric = KernelDistance(pixels(), subsets=20, subset_size=200, degree=2, seed=5)
    mean, std = scores(metric, real, fake)
    assert abs(mean) < 2 * std < 0.05
    restored = KernelDistance.from_config(metric.get_config())
    assert scores(restored, real, fake) == (mean, std)
    assert {"subsets": 20, "subset_size": 200, "degree": 2}.items() <= metric.protocol().items()


def test_it_is_called_kid_with_the_network_of_the_paper_alone():
    assert KernelDistance(pixels()).name == "kernel_pixels"
    assert KernelDistance(pixels(name="inception_2015")).name == "kid"
