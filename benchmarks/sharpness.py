"""How sharp pictures are."""

import numpy as np


def gradient_energy(images):
    """Mean squared difference of neighbouring pixels, to the right plus below.

    Blurred pictures have less of it than sharp ones, noisy ones more: what counts is how near a
    method comes to the energy of real images.

    Args:
        images: uint8 `(n, height, width, channels)`.

    Returns:
        Float, for pixels scaled to [0, 1].
    """
    pixels = np.asarray(images, "float64") / 255.0
    right = np.diff(pixels, axis=2)
    below = np.diff(pixels, axis=1)
    return float(np.mean(right**2) + np.mean(below**2))
