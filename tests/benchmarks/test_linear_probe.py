"""The linear classifier on features whose classes are known."""

import numpy as np
import pytest

from benchmarks.linear_probe import linear_probe

RNG = np.random.default_rng(0)


def clouds(n, spread):
    """Points around three corners, far from zero and of other scales."""
    labels = RNG.integers(0, 3, n)
    centres = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
    return (centres[labels] + RNG.normal(0, spread, (n, 2))) * [1, 100] + [50, 0], labels


def test_classes_that_lines_part_are_recognized():
    assert linear_probe(*clouds(300, 0.3), *clouds(300, 0.3)) == 1.0


def test_features_that_say_nothing_are_worth_a_guess():
    (_, labels), (_, others) = clouds(600, 1.0), clouds(600, 1.0)
    noise = RNG.normal(size=(2, 600, 4))
    assert linear_probe(noise[0], labels, noise[1], others) == pytest.approx(1 / 3, abs=0.08)


def test_rings_are_not_parted_by_lines():
    angle, labels = RNG.uniform(0, 2 * np.pi, 600), RNG.integers(0, 2, 600)
    ring = (1 + labels) * np.array([np.cos(angle), np.sin(angle)])
    assert linear_probe(ring.T, labels, ring.T, labels) < 0.65
    assert linear_probe((ring**2).T, labels, (ring**2).T, labels) > 0.95


def test_a_feature_that_never_changes_does_no_harm():
    features, labels = clouds(200, 0.3)
    images = np.concatenate([features, np.full((200, 2), 7.0)], axis=1).reshape(-1, 2, 2)
    assert linear_probe(images, labels, images, labels) == 1.0
