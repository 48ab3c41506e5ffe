"""The Frechet distance between Gaussians against closed forms."""

import numpy as np
import pytest

from keras_gans.metrics.gaussians import (
    frechet_distance,
    gaussian_from_sums,
    gaussian_statistics,
)


def random_gaussian(rng, size, rank=None):
    factor = rng.normal(size=(size, rank or 2 * size))
    return rng.normal(size=size), factor @ factor.T / factor.shape[1]


def test_distance_between_diagonal_gaussians_is_the_closed_form():
    rng = np.random.default_rng(0)
    mean1, mean2 = rng.normal(size=(2, 5))
    std1, std2 = rng.uniform(0.1, 3.0, (2, 5))
    expected = np.sum((mean1 - mean2) ** 2) + np.sum((std1 - std2) ** 2)
    distance = frechet_distance(mean1, np.diag(std1**2), mean2, np.diag(std2**2))
    assert distance == pytest.approx(expected, rel=1e-12)


def test_distance_is_the_trace_over_the_eigenvalues_of_the_product():
    rng = np.random.default_rng(1)
    (mean1, cov1), (mean2, cov2) = random_gaussian(rng, 12), random_gaussian(rng, 12)
    root = np.sum(np.sqrt(np.linalg.eig(cov1 @ cov2)[0].astype("complex128"))).real
    expected = np.sum((mean1 - mean2) ** 2) + np.trace(cov1 + cov2) - 2 * root
    assert frechet_distance(mean1, cov1, mean2, cov2) == pytest.approx(expected, rel=1e-10)


def test_distance_is_symmetric():
    rng = np.random.default_rng(2)
    first, second = random_gaussian(rng, 8), random_gaussian(rng, 8, rank=3)
    assert frechet_distance(*first, *second) == pytest.approx(frechet_distance(*second, *first))


@pytest.mark.parametrize("rank", [128, 20, 1])
def test_distance_to_itself_is_zero_also_for_singular_covariances(rank):
    mean, cov = random_gaussian(np.random.default_rng(3), 64, rank)
    assert frechet_distance(mean, 100 * cov, mean, 100 * cov) < 1e-9


def test_distance_between_orthogonal_singular_gaussians_is_the_sum_of_their_variances():
    cov1, cov2 = np.diag([1.0, 4.0, 0.0, 0.0]), np.diag([0.0, 0.0, 9.0, 1.0])
    turn = np.linalg.qr(np.random.default_rng(4).normal(size=(4, 4)))[0]
    mean = np.zeros(4)
    distance = frechet_distance(mean, turn @ cov1 @ turn.T, mean, turn @ cov2 @ turn.T)
    assert distance == pytest.approx(15.0, rel=1e-12)


def test_distance_of_features_that_are_not_finite_is_nan():
    assert np.isnan(frechet_distance([np.inf], [[1.0]], [0.0], [[1.0]]))


def test_statistics_are_those_of_numpy():
    features = np.random.default_rng(5).normal(3.0, 2.0, (50, 7))
    sums = len(features), features.sum(axis=0), features.T @ features
    mean, cov, n = gaussian_statistics(features)
    assert n == 50
    for got_mean, got_cov in [(mean, cov), gaussian_from_sums(*sums)]:
        np.testing.assert_allclose(got_mean, np.mean(features, axis=0), rtol=1e-12)
        np.testing.assert_allclose(got_cov, np.cov(features.T), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("n", [0, 1])
def test_covariance_of_fewer_than_two_features_is_nan(n):
    features = np.ones((n, 3))
    cov = gaussian_from_sums(n, features.sum(axis=0), features.T @ features)[1]
    assert np.isnan(cov).all()
