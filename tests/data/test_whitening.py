"""Whitened patches have the covariance that was asked for."""

import numpy as np
import pytest

from keras_gans.data import whiten

RNG = np.random.default_rng(0)


def patches(n=500, size=4):
    """Sums along both axes, whose neighbours are alike."""
    rows = RNG.standard_normal((n, size, size, 1)).cumsum(1).cumsum(2)
    return (40 * rows + 128).clip(0, 255).astype("uint8")


def centred(some):
    flat = some.reshape(len(some), -1).astype("float64")
    flat = flat - flat.mean(1, keepdims=True)
    return flat - flat.mean(0)


def test_the_covariance_is_near_the_identity_beside_the_mean_of_each_patch():
    made = whiten(patches(), noise=1e-9)
    assert made.dtype == "float32" and made.shape == (500, 16)
    np.testing.assert_allclose(made.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(made.mean(1), 0, atol=1e-5)
    # A patch without its mean has no part in the direction of flat patches.
    np.testing.assert_allclose(np.cov(made.T, bias=True), np.eye(16) - 1 / 16, atol=1e-4)


def test_directions_of_little_variance_stay_small():
    some = patches()
    variances = np.linalg.eigvalsh(np.cov(centred(some).T, bias=True))
    made = np.linalg.eigvalsh(np.cov(whiten(some, noise=0.2).T, bias=True))
    expected = variances / (variances + 0.2 * variances.mean())
    np.testing.assert_allclose(np.sort(made), np.sort(expected), atol=1e-5)


def test_it_keeps_its_phase():
    """Of all matrices that whiten it is the symmetric one: each pixel stays where it is."""
    some = patches()
    flat, made = centred(some), whiten(some, noise=0.2)
    assert (np.sum(flat * made, axis=0) > 0).all()
    matrix = np.linalg.lstsq(flat, made, rcond=None)[0]
    np.testing.assert_allclose(matrix, matrix.T, atol=1e-6)


def test_other_patches_are_whitened_like_those():
    some, others = patches(), patches(20)
    together = whiten(np.concatenate([some, others]), like=some)
    np.testing.assert_allclose(together[:500], whiten(some), atol=1e-5)
    np.testing.assert_allclose(together[500:], whiten(others, like=some), atol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"like": patches(9, 3)}, "the size of those in `like`, 9 numbers each, but they have 16"),
        ({"like": np.full((9, 4, 4, 1), 7, "uint8")}, "two patches that differ"),
        ({"like": np.repeat(patches(1), 9, axis=0)}, "two patches that differ"),
        ({"like": np.full((9, 16), np.nan)}, "of finite numbers"),
        ({"like": patches(9)[:0]}, r"shape is \[0, 4, 4, 1\]"),
        ({"like": np.ones(9)}, r"shape is \[9\]"),
        ({"noise": 0}, "`noise` to be a number above 0, but it is 0"),
        ({"noise": float("nan")}, "but it is nan"),
    ],
)
def test_what_cannot_be_whitened_is_told(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        whiten(patches(5), **arguments)


def test_one_patch_cannot_be_whitened():
    with pytest.raises(ValueError, match="two patches that differ"):
        whiten(patches(1))
