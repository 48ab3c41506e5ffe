"""Clusters of images that look alike."""

import numpy as np
import pytest

from keras_gans.data import clusters, fashion_mnist
from keras_gans.data.clusters import along_the_first_component

RNG = np.random.default_rng(0)


def test_clusters_are_equally_large_give_or_take_one():
    images = RNG.integers(0, 256, (37, 8, 8, 3), dtype="uint8")
    ids = clusters(images, 8)
    assert ids.dtype == "int32"
    assert {*np.bincount(ids)} == {4, 5}
    np.testing.assert_array_equal(ids, clusters(images, 8))


def test_images_that_look_alike_come_together():
    kinds = RNG.integers(0, 256, (4, 28, 28, 1))
    order = RNG.permutation(40)
    noise = RNG.integers(-9, 10, (40, 28, 28, 1))
    images = np.clip(kinds[order % 4] + noise, 0, 255).astype("uint8")
    ids = clusters(images, 4)
    assert len({*zip(ids.tolist(), (order % 4).tolist(), strict=True)}) == 4


def test_it_halves_along_the_first_component_of_numpy():
    images = RNG.normal(size=(20, 4, 4, 1)) * RNG.uniform(0.5, 2.0, (4, 4, 1))
    points = images.reshape(20, -1)
    points = points - points.mean(0)
    _, _, rows = np.linalg.svd(points, full_matrices=False)
    along = points @ rows[0]
    halves = along >= np.sort(along)[10]
    ids = clusters(images, 2)
    assert (ids == halves).all() or (ids == ~halves).all()


@pytest.mark.parametrize("n", [5, 40])
def test_few_points_lie_where_many_do_and_are_decomposed_by_the_smaller_matrix(n, monkeypatch):
    points = (RNG.normal(size=(n, 12)) * np.linspace(0.5, 3.0, 12)).astype("float32")
    sides, eigh = [], np.linalg.eigh
    monkeypatch.setattr(np.linalg, "eigh", lambda x: (sides.append(len(x)), eigh(x))[1])
    along = along_the_first_component(points)
    assert sides == [min(n, 12)]
    centred = points - points.mean(axis=0)
    axis = np.linalg.svd(centred.astype("float64"))[2][0]
    expected = centred @ axis * np.sign(axis[np.argmax(np.abs(axis))])
    unit = np.linalg.norm(along) / np.linalg.norm(expected)
    np.testing.assert_allclose(along / unit, expected, atol=1e-3)


def test_clusters_of_clothes_are_of_few_classes():
    images, labels = fashion_mnist((32, 32, 1))
    ids = clusters(images, 64)
    largest = sum(np.bincount(labels[ids == k]).max() for k in range(64))
    assert largest / len(labels) > 0.55  # Of equal classes at random: 0.2.


@pytest.mark.parametrize("number", [0, 3, 8])
def test_another_number_is_told(number):
    with pytest.raises(ValueError, match=f"{number} were asked for, of 5 images"):
        clusters(np.zeros((5, 8, 8, 1), "uint8"), number)


@pytest.mark.parametrize("images", [np.zeros((5, 8, 8)), np.zeros((5, 64)), [np.zeros((8, 8, 1))]])
def test_arrays_that_are_no_images_are_told(images):
    with pytest.raises(ValueError, match=r"\(n, height, width, channels\); it was a .* of shape"):
        clusters(images, 1)
