"""What is measured of a BiGAN, and the rates it is trained at."""

import numpy as np
import pytest

from benchmarks.bigan import rate, share_of_baseline

IMAGES = np.array([[0, 0], [0, 255], [255, 255]], "uint8").reshape(3, 1, 2, 1)


def test_perfect_reconstructions_have_no_distance():
    assert share_of_baseline(IMAGES, IMAGES) == (0.0, 0.0)


def test_the_share_is_that_of_the_distances_to_the_next_image():
    made = np.zeros_like(IMAGES)
    made[2] = 255
    # Distances 0, 1, 0 to the images, and 1, sqrt(2), sqrt(2) to the next ones.
    share, distance = share_of_baseline(IMAGES, made)
    assert distance == pytest.approx(1 / 3)
    assert share == pytest.approx(1 / (1 + 2 * 2**0.5))


def test_one_picture_for_all_is_as_near_to_the_next_image():
    assert share_of_baseline(IMAGES, np.full_like(IMAGES, 128))[0] == pytest.approx(1)


def test_the_rate_is_constant_and_then_falls_to_a_hundredth():
    rates = [rate(epoch, 8) for epoch in range(8)]
    assert rates[:4] == [2e-4] * 4
    ratios = np.divide(rates[4:], rates[3:-1])
    assert ratios == pytest.approx(0.01**0.25)
    assert rates[-1] == pytest.approx(2e-6)
