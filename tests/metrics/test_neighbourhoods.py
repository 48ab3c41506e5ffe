"""Precision, recall, density and coverage against their definitions, pair by pair."""

import numpy as np
import pytest

from keras_gans import neighbours
from keras_gans.metrics.neighbourhoods import density_coverage, precision_recall
from tests.backends import shown_on_tensorflow

pytestmark = shown_on_tensorflow("it is numpy alone")


def by_definition(real, fake, k):
    """All four, from all distances in float64."""

    def distances(a, b):
        return np.sqrt(np.square(a[:, None].astype("float64") - b).sum(axis=-1))

    across = distances(real, fake)
    of_real, of_fake = (np.sort(distances(x, x), axis=1)[:, k] for x in (real, fake))
    inside = across < of_real[:, None]
    return [
        (across <= of_real[:, None]).any(axis=0).mean(),
        (across <= of_fake).any(axis=1).mean(),
        inside.sum() / (k * len(fake)),
        inside.any(axis=1).mean(),
    ]


def all_four(real, fake, k):
    return [*precision_recall(real, fake, k), *density_coverage(real, fake, k)]


def sets(kind, rng):
    real, fake = rng.normal(size=(60, 4)), 0.7 * rng.normal(size=(45, 4))
    if kind == "many at equal distances":
        return np.round(real), np.round(fake)
    if kind == "tiny and far from zero":
        return 1e-20 * (1e3 + real), 1e-20 * (1e3 + fake)
    if kind == "near copies":
        return real, real[:45] * (1 + 1e-9 * fake)
    if kind == "more features than samples":
        return rng.normal(size=(20, 90)), rng.normal(size=(25, 90)).astype("float32")
    if kind == "collapsed":
        return real, np.repeat(fake[:1], 30, axis=0)
    return real, fake


@pytest.mark.parametrize("k", [1, 5])
@pytest.mark.parametrize(
    "kind",
    [
        "two Gaussians",
        "many at equal distances",
        "tiny and far from zero",
        "near copies",
        "more features than samples",
        "collapsed",
    ],
)
def test_scores_are_those_of_the_definition(kind, k, monkeypatch):
    monkeypatch.setattr(neighbours, "AT_ONCE", 500)  # Blocks of a few rows.
    real, fake = sets(kind, np.random.default_rng(0))
    assert all_four(real, fake, k) == pytest.approx(by_definition(real, fake, k), rel=1e-12)


def test_a_set_has_all_four_to_itself():
    points = np.round(3 * np.random.default_rng(0).normal(size=(50, 9)), 1)
    assert all_four(points, points[::-1], 4) == [1.0, 1.0, 1.0, 1.0]


def test_constant_sets_are_in_closed_balls_about_themselves_and_in_no_open_ball():
    points = np.full((20, 3), 0.1)
    assert all_four(points, points, 3) == [1.0, 1.0, 0.0, 0.0]
    assert all_four(points, points + 1, 3) == [0.0, 0.0, 0.0, 0.0]


def test_dropped_modes_cost_recall_and_coverage_and_noise_costs_precision_and_density():
    rng = np.random.default_rng(0)
    real = np.repeat([[0.0, 0.0], [9.0, 0.0]], 100, axis=0) + rng.normal(size=(200, 2))
    one_mode, noisy = real[:100] + 0.01, real + 5 * rng.normal(size=(200, 2))
    precision, recall, density, coverage = all_four(real, one_mode, 5)
    assert precision > 0.95 and recall < 0.6 and density > 0.7 and coverage < 0.6
    precision, recall, density, coverage = all_four(real, noisy, 5)
    assert precision < 0.6 and recall > 0.9 and density < 0.5


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_of_features_that_are_not_finite_nothing_is_known(value):
    points = np.zeros((9, 2))
    broken = points.copy()
    broken[3, 1] = value
    assert np.isnan(all_four(points, broken, 2)).all()
    assert np.isnan(all_four(broken, points, 2)).all()


@pytest.mark.parametrize("score", [precision_recall, density_coverage])
@pytest.mark.parametrize(
    ("real", "fake", "k", "sentence"),
    [
        ((1, 2), (5, 2), 3, "k=3, among 1 real and 5 generated"),
        ((5, 2), (5, 2), 5, "k=5, among 5 real.*give more than k, or a smaller k"),
        ((5, 2), (5, 2), 0, "k=0"),
        ((5, 2), (0, 2), 1, "5 real and 0 generated"),
        ((5, 2), (5, 3), 1, r"the shapes \(5, 2\) and \(5, 3\)"),
    ],
)
def test_what_has_no_neighbours_is_told_in_a_sentence(score, real, fake, k, sentence):
    with pytest.raises(ValueError, match=sentence):
        score(np.zeros(real), np.zeros(fake), k)
