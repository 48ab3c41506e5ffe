import numpy as np
import pytest

from benchmarks.sharpness import gradient_energy


def test_the_energy_is_that_of_the_differences_between_neighbours():
    images = np.zeros((1, 2, 3, 1), "uint8")
    images[0, 0, 1] = 255  # Two of four steps to the right, one of three steps below.
    assert gradient_energy(images) == pytest.approx(2 / 4 + 1 / 3)


def test_blurred_pictures_have_less_and_noisy_ones_more():
    rng = np.random.default_rng(0)
    sharp = np.kron(rng.integers(0, 256, (2, 8, 8, 3)), np.ones((1, 4, 4, 1))).astype("uint8")
    blurred = (sharp.astype("int") + np.roll(sharp, 1, axis=2)) // 2
    noisy = np.clip(sharp + rng.normal(0, 40, sharp.shape), 0, 255)
    assert gradient_energy(blurred) < gradient_energy(sharp) < gradient_energy(noisy)
