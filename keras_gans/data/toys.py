"""Distributions of points whose modes can be counted.

| | modes | where | deviation |
|---|---:|---|---:|
| `ring` | 8 | on a circle of radius 1.414 | 0.0141 |
| `grid` | 25 | at {-1.414, -0.707, 0, 0.707, 1.414} in both coordinates | 0.0177 |
| `pacgan_ring` | 8 | on a circle of radius 1 | 0.01 |
| `pacgan_grid` | 25 | at {-4, -2, 0, 2, 4} in both coordinates | 0.05 |

`ring` and `grid` are those of the toy experiments of WGAN-GP (Gulrajani et al. 2017,
arXiv:1704.00028), with the constants of its published code, which divides each by a constant that
brings it to about unit scale. `pacgan_ring` and `pacgan_grid` are those of PacGAN (Lin et al. 2018,
arXiv:1712.04086, section 4.1), and of VEEGAN, in whose tables modes are counted: the same shapes in
another size, a ring of radius 1 in place of 1.414, a grid from -4 to 4 in place of -1.414 to 1.414.
Learning rates and penalties do not carry over between sizes.

The ring of Unrolled GAN's published code, eight angles from 0 to 2 pi with both ends, has seven
different modes, one of which is twice as frequent.
"""

import numpy as np


class Mixture:
    """Gaussians of one width, each as frequent as the others, in any dimension.

    Args:
        modes: Centres, floats [k, d].
        std: Float, the deviation of each coordinate from its centre.

    Raises:
        ValueError: Centres that are no such array, or a deviation that is not positive.

    Example:

    ```python
    from keras_gans.data import Mixture

    line = Mixture([[-2], [0], [2]], std=0.1)
    points = line(1000, seed=0)  # (1000, 1)
    ```
    """

    def __init__(self, modes: np.ndarray, std: float):
        self.modes = np.asarray(modes, "float32")
        self.std = std
        if self.modes.ndim != 2 or not self.modes.size or not std > 0:
            raise ValueError(
                "A mixture has centres [k, d] and a deviation above 0; they were of shape "
                f"{self.modes.shape} and {std!r}. Centres of one coordinate are [[-2], [0], [2]]."
            )

    def __repr__(self):
        k, d = self.modes.shape
        return f"<Mixture of {k} modes in {d} dimensions, deviation {self.std:.3g}>"

    def __call__(self, n, seed=0):
        """Draw points.

        Args:
            n: How many points, 0 or more.
            seed: Non-negative int, or a list of them.

        Returns:
            float32 array [n, d].

        Raises:
            ValueError: Fewer points than none.
        """
        if n < 0:
            raise ValueError(f"A mixture is asked for 0 points or more; it was asked for {n}.")
        rng = np.random.default_rng(seed)
        centres = self.modes[rng.integers(len(self.modes), size=n)]
        return (centres + self.std * rng.standard_normal(centres.shape)).astype("float32")


_ANGLES = np.arange(8) * np.pi / 4
_CIRCLE = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=-1)
_SQUARE = 2 * np.stack([*np.mgrid[-2:3, -2:3]], axis=-1).reshape(25, 2)

# 8 Gaussians on a circle: radius 2 and deviation 0.02, both divided by 1.414.
ring = Mixture(2 * _CIRCLE / 1.414, 0.02 / 1.414)
# 25 Gaussians on a grid: centres 2 * {-2..2}, deviation 0.05, both divided by 2.828.
grid = Mixture(_SQUARE / 2.828, 0.05 / 2.828)
# 8 Gaussians on a circle: radius 1, deviation 0.01.
pacgan_ring = Mixture(_CIRCLE, 0.01)
# 25 Gaussians on a grid: centres {-4, -2, 0, 2, 4}, deviation 0.05.
pacgan_grid = Mixture(_SQUARE, 0.05)

RING_MODES, RING_STD = ring.modes, ring.std
GRID_MODES, GRID_STD = grid.modes, grid.std


def swiss_roll(n: int, seed: int = 0) -> np.ndarray:
    """A spiral t (cos t, sin t) with t uniform in [1.5 pi, 4.5 pi] and noise 0.25, over 7.5.

    Args:
        n: How many points.
        seed: Non-negative int, or a list of them.

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
