"""The nearest are the nearest."""

import numpy as np
import pytest

from keras_gans import neighbours
from keras_gans.neighbours import (
    binary_codes,
    nearest_by_distance,
    nearest_by_hamming,
    nearest_with_distances,
    precision,
)

RNG = np.random.default_rng(0)


def test_codes_are_rounded_and_packed():
    codes = np.array([[0.9, 0.1, 0.6, 0, 0, 0, 0, 1, 0.7]])
    np.testing.assert_array_equal(binary_codes(codes), [[0b10100001, 0b10000000]])


@pytest.mark.parametrize("bits", [5, 32, 100])
def test_the_nearest_codes_differ_in_the_fewest_bits(bits, monkeypatch):
    monkeypatch.setattr(neighbours, "AT_ONCE", 100)  # Three queries at a time.
    queries, codes = RNG.random((7, bits)), RNG.random((30, bits))
    differ = ((queries[:, None] > 0.5) != (codes > 0.5)).sum(2)
    expected = np.argsort(differ, axis=1, kind="stable")[:, :4]
    found = nearest_by_hamming(binary_codes(queries), binary_codes(codes), 4)
    np.testing.assert_array_equal(found, expected)


def test_the_nearest_vectors_have_the_smallest_distance(monkeypatch):
    monkeypatch.setattr(neighbours, "AT_ONCE", 100)
    queries, vectors = RNG.standard_normal((7, 5)), RNG.standard_normal((30, 5))
    distances = np.square(queries[:, None] - vectors).sum(2)
    found = nearest_by_distance(queries, vectors, 30)
    np.testing.assert_array_equal(found, np.argsort(distances, axis=1))


@pytest.mark.parametrize("size", [1e-30, 1.0, 1e25])
@pytest.mark.parametrize("middle", [0.0, 1e6])
def test_distances_keep_their_digits_where_rows_are_nearly_equal(size, middle, monkeypatch):
    monkeypatch.setattr(neighbours, "AT_ONCE", 100)
    vectors = size * (middle + RNG.standard_normal((30, 5)))
    queries = vectors[:7] * (1 + 1e-9 * RNG.standard_normal((7, 5)))
    expected = np.linalg.norm(queries[:, None] - vectors, axis=2)
    found, distances = nearest_with_distances(queries, vectors, 4)
    np.testing.assert_array_equal(found, np.argsort(expected, axis=1)[:, :4])
    np.testing.assert_allclose(distances, np.sort(expected, axis=1)[:, :4], rtol=1e-12)


def test_equal_rows_are_at_no_distance():
    rows = np.full((40, 3), 0.1)
    assert not nearest_with_distances(rows, rows, 5)[1].any()


def test_precision_is_the_share_of_the_class_that_was_asked_for():
    labels = np.array([0, 0, 1, 1])
    assert precision(np.array([[0, 1], [0, 3]]), labels, np.array([0, 1])) == 0.75


@pytest.mark.parametrize("nearest", [nearest_by_hamming, nearest_by_distance])
@pytest.mark.parametrize(("count", "length"), [(0, 1), (31, 1), (3, 2)])
def test_what_cannot_be_sought_is_told(nearest, count, length):
    with pytest.raises(ValueError, match="equally long rows"):
        nearest(np.zeros((2, length), "uint8"), np.zeros((30, 1), "uint8"), count)
