"""The directions among latents along which the images change most."""

import numpy as np

from keras_gans.latents.directions import principal_directions, shrink


def linear_images(latents):
    """Images in which the first latent counts most, then the third; the others do little."""
    patterns = np.random.default_rng(1).normal(size=(latents.shape[1], 5 * 5))
    patterns[0] = abs(patterns[0])
    return (latents * [8, 0.1, 3, 0.1]) @ patterns


def test_the_directions_are_those_that_change_the_images_most():
    latents = np.random.default_rng(0).normal(size=(1000, 4))
    directions, shares = principal_directions(latents, linear_images(latents), 2)
    assert directions.shape == (2, 4)
    assert directions.dtype == "float32"
    assert directions[0, 0] > 0.98  # Towards brighter images.
    assert abs(directions[1, 2]) > 0.98
    np.testing.assert_allclose(np.linalg.norm(directions, axis=1), 1, rtol=1e-6)
    assert shares[0] > shares[1] > 0.03
    assert 0.95 < shares.sum() <= 1


def test_the_same_latents_give_the_same_directions():
    latents = np.random.default_rng(0).normal(size=(50, 4))
    first, again = (principal_directions(latents, linear_images(latents), 3)[0] for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_there_are_no_more_directions_than_ways_in_which_the_images_vary():
    latents = np.random.default_rng(0).normal(size=(100, 4))
    assert len(principal_directions(latents, linear_images(latents), 99)[0]) == 4
    one = latents[:, :1] * np.ones((1, 9))
    assert len(principal_directions(latents, one, 3)[0]) == 1
    assert principal_directions(latents, np.ones((100, 9)), 3)[0].shape == (0, 4)


def test_large_images_are_averaged():
    images = np.arange(2 * 6 * 8 * 1, dtype="uint8").reshape(2, 6, 8, 1)
    small = shrink(images, side=3)
    assert small.shape == (2, 3, 4, 1)
    assert small[0, 0, 0, 0] == np.mean([0, 1, 8, 9])
    assert shrink(images, side=5).shape == images.shape
