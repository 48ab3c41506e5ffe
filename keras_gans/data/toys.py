"""Two-dimensional distributions whose modes can be counted.

Those of the toy experiments of WGAN-GP (Gulrajani et al., "Improved Training of Wasserstein
GANs", arXiv:1704.00028), with the constants of its published code; each is divided by a constant
that brings it to about unit scale.
"""

import numpy as np

_ANGLES = np.arange(8) * np.pi / 4
RING_MODES = (2 * np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=-1) / 1.414).astype("float32")
RING_STD = 0.02 / 1.414
GRID_MODES = (2 * np.stack(np.mgrid[-2:3, -2:3], axis=-1).reshape(25, 2) / 2.828).astype("float32")
GRID_STD = 0.05 / 2.828


def ring(n, seed=0):
    """8 Gaussians on a circle: radius 2 and standard deviation 0.02, both divided by 1.414.

    Args:
        n: How many points.
        seed: Non-negative int.

    Returns:
        float32 array [n, 2]; the centres are `RING_MODES` [8, 2].

    Example:

    ```python
    from keras_gans.data import ring

    points = ring(1000, seed=0)
    ```
    """
    return _mixture(RING_MODES, RING_STD, n, seed)


def grid(n, seed=0):
    """25 Gaussians on a grid: centres 2 * {-2..2}, deviation 0.05, both divided by 2.828.

    Args:
        n: How many points.
        seed: Non-negative int.

    Returns:
        float32 array [n, 2]; the centres are `GRID_MODES` [25, 2].

    Example:

    ```python
    from keras_gans.data import grid

    points = grid(1000, seed=0)
    ```
    """
    return _mixture(GRID_MODES, GRID_STD, n, seed)


def swiss_roll(n, seed=0):
    """A spiral t (cos t, sin t) with t uniform in [1.5 pi, 4.5 pi] and noise 0.25, over 7.5.

    Args:
        n: How many points.
        seed: Non-negative int.

    Returns:
        float32 array [n, 2].

    Example:

    ```python
    from keras_gans.data import swiss_roll

    points = swiss_roll(1000, seed=0)
    ```
    """
    rng = np.random.default_rng(seed)
    t = rng.uniform(1.5 * np.pi, 4.5 * np.pi, size=n)
    points = t[:, None] * np.stack([np.cos(t), np.sin(t)], axis=-1)
    return ((points + 0.25 * rng.standard_normal((n, 2))) / 7.5).astype("float32")


def _mixture(modes, std, n, seed):
    rng = np.random.default_rng(seed)
    centres = modes[rng.integers(len(modes), size=n)]
    return (centres + std * rng.standard_normal((n, 2))).astype("float32")
