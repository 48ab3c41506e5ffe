import keras
import numpy as np
import pytest

from keras_gans.layers import MinibatchStddev


def reference(x, group_size=4):
    """The authors' arithmetic in float64: groups of every so-manieth image."""
    x = x.astype("float64")
    groups = -(-len(x) // group_size)
    statistics = np.zeros(len(x))
    for group in range(groups):
        rows = np.arange(len(x)) % groups == group
        statistics[rows] = np.sqrt(x[rows].var(axis=0) + 1e-8).mean()
    return statistics


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 8, 10])
def test_the_map_is_the_mean_deviation_of_the_group(n):
    x = np.random.default_rng(n).normal(size=(n, 3, 2, 5)).astype("float32")
    y = keras.ops.convert_to_numpy(MinibatchStddev()(x))
    assert y.shape == (n, 3, 2, 6)
    np.testing.assert_array_equal(y[..., :5], x)
    for row, expected in zip(y[..., 5], reference(x), strict=True):
        np.testing.assert_allclose(row, expected, rtol=1e-4, atol=1e-6)


def test_the_groups_of_a_multiple_are_the_authors_reshape():
    x = np.random.default_rng(0).normal(size=(8, 2, 2, 3)).astype("float32")
    grouped = x.reshape(4, 2, 2, 2, 3).astype("float64")
    statistics = np.sqrt(grouped.var(axis=0) + 1e-8).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(reference(x), np.tile(statistics, 4), rtol=1e-6)


def test_equal_images_are_told_from_different_ones():
    equal = np.ones((4, 2, 2, 3), "float32")
    assert keras.ops.convert_to_numpy(MinibatchStddev()(equal))[..., -1].max() <= 2e-4
