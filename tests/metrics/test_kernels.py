"""Kernels and discrepancies against sums written out, closed forms, and sets that are awkward."""

import itertools
import math

import numpy as np
import pytest

from keras_gans.metrics import kernels
from keras_gans.metrics.kernels import (
    gaussian_kernel,
    median_distance,
    polynomial_kernel,
    squared_discrepancy,
    squared_distances,
)
from tests.backends import shown_on_tensorflow

pytestmark = shown_on_tensorflow("numpy alone")

RNG = np.random.default_rng(0)
X, Y = RNG.normal(0, 1, (13, 3)), RNG.normal(0.5, 1.2, (9, 3))


def polynomial(x, y):
    return (sum(a * b for a, b in zip(x, y, strict=True)) / len(x) + 1) ** 3


def gaussian(x, y, bandwidths=(0.7, 2.0)):
    square = sum((a - b) ** 2 for a, b in zip(x, y, strict=True))
    return sum(math.exp(-square / (2 * s**2)) for s in bandwidths)


def written_out(x, y, kernel, biased):
    """Equations 3 and 5 of Gretton et al. 2012, pair by pair."""

    def mean(pairs):
        pairs = list(pairs)
        return math.fsum(kernel(a, b) for a, b in pairs) / len(pairs)

    def within(z):
        every = itertools.product(range(len(z)), repeat=2)
        return ((z[i], z[j]) for i, j in every if biased or i != j)

    return mean(within(x)) + mean(within(y)) - 2 * mean(itertools.product(x, y))


KERNELS = [
    (polynomial, polynomial_kernel),
    (gaussian, lambda x, y: gaussian_kernel(x, y, (0.7, 2.0))),
]


@pytest.mark.parametrize("block", [4, 1024])
@pytest.mark.parametrize("biased", [False, True])
@pytest.mark.parametrize(("by_pairs", "kernel"), KERNELS)
def test_discrepancies_are_the_sums_of_the_paper_in_blocks_of_any_size(
    monkeypatch, by_pairs, kernel, biased, block
):
    monkeypatch.setattr(kernels, "BLOCK", block)
    expected = written_out(X, Y, by_pairs, biased)
    assert squared_discrepancy(X, Y, kernel, biased) == pytest.approx(expected, rel=1e-9)


def test_discrepancy_of_gaussians_is_the_closed_form():
    """E k(x, y) = sqrt(s^2 / (s^2 + a^2 + b^2)) exp(-(m - n)^2 / (2 (s^2 + a^2 + b^2)))."""

    def mean_kernel(gap, variances, s=1.5):
        total = s**2 + variances
        return math.sqrt(s**2 / total) * math.exp(-(gap**2) / (2 * total))

    rng = np.random.default_rng(1)
    x, y = rng.normal(0, 1, (4000, 1)), rng.normal(2, 0.5, (4000, 1))
    expected = mean_kernel(0, 2) + mean_kernel(0, 0.5) - 2 * mean_kernel(2, 1.25)
    got = squared_discrepancy(x, y, lambda a, b: gaussian_kernel(a, b, (1.5,)))
    assert got == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize(("by_pairs", "kernel"), KERNELS)
def test_a_set_and_itself(by_pairs, kernel):
    assert squared_discrepancy(X, X, kernel, biased=True) == pytest.approx(0.0, abs=1e-12)
    # What is unbiased is below zero: no image is paired with itself, but with its double.
    got = squared_discrepancy(X, X, kernel)
    assert got == pytest.approx(written_out(X, X, by_pairs, False), rel=1e-9) and got < 0


@pytest.mark.parametrize(("by_pairs", "kernel"), KERNELS)
def test_constants_and_duplicates(by_pairs, kernel):
    same = np.full((5, 3), 0.3)
    assert squared_discrepancy(same, same, kernel) == pytest.approx(0.0, abs=1e-12)
    doubled = np.repeat(X, 2, axis=0)
    expected = written_out(doubled, Y, by_pairs, False)
    assert squared_discrepancy(doubled, Y, kernel) == pytest.approx(expected, rel=1e-9)


def test_one_image_has_a_biased_discrepancy_alone():
    kernel = KERNELS[1][1]
    assert np.isnan(squared_discrepancy(X[:1], Y, kernel))
    assert np.isnan(squared_discrepancy(X, Y[:0], kernel, biased=True))
    expected = written_out(X[:1], Y, gaussian, True)
    assert squared_discrepancy(X[:1], Y, kernel, biased=True) == pytest.approx(expected)


def test_distances_of_far_away_vectors_are_exact():
    far = X + 1e5
    expected = [[math.dist(a, b) ** 2 for b in far] for a in far]
    np.testing.assert_allclose(squared_distances(far, far), expected, rtol=1e-9, atol=1e-9)


def test_the_median_is_that_of_pairs_that_are_no_duplicates():
    expected = np.median([math.dist(a, b) for a, b in itertools.combinations(X, 2)])
    assert median_distance(X) == pytest.approx(expected)
    assert median_distance([[0.0], [0.0], [0.0], [2.0]]) == 2.0
    assert np.isnan(median_distance(np.zeros((4, 2)))) and np.isnan(median_distance(X[:1]))


def test_the_median_of_many_is_that_of_some(monkeypatch):
    monkeypatch.setattr(kernels, "OF_MEDIAN", 50)
    many = RNG.normal(size=(500, 3))
    assert median_distance(many) == median_distance(many) != median_distance(many, seed=1)
    assert median_distance(many) == pytest.approx(2.15, abs=0.3)


def test_products_of_float32_features_lose_nothing_of_a_distance():
    rng = np.random.default_rng(0)
    real = np.maximum(rng.normal(size=(1000, 256)), 0).astype("float32")
    fake = np.maximum(rng.normal(size=(1000, 256)) + 0.05, 0).astype("float32")
    exact = squared_discrepancy(real.astype("float64"), fake.astype("float64"), polynomial_kernel)
    assert squared_discrepancy(real, fake, polynomial_kernel) == pytest.approx(exact, rel=1e-6)
