"""Where the numbers come from that a source draws: a compiled step, or the host.

A source is written once, against `normal`, `uniform` and `integers`; an export brings its own.
"""

import zlib

import keras
import numpy as np


class InStep:
    """Draws in a compiled step, on any backend.

    Args:
        seed: `keras.random.SeedGenerator`, which moves on with each draw.
    """

    def __init__(self, seed):
        self.seed = seed

    def normal(self, shape):
        """float32, N(0, 1)."""
        return keras.random.normal(shape, seed=self.seed)

    def uniform(self, shape):
        """float32, U(0, 1)."""
        return keras.random.uniform(shape, seed=self.seed)

    def integers(self, shape, high):
        """int32, each of 0 to `high` - 1 equally likely."""
        return keras.random.randint(shape, 0, high, seed=self.seed)


class OnHost:
    """Draws as arrays, the same for the same seed on every backend.

    Args:
        seed: What `numpy.random.default_rng` takes.
    """

    def __init__(self, seed):
        self.rng = np.random.default_rng(seed)

    def normal(self, shape):
        """float32, N(0, 1)."""
        return self.rng.standard_normal(shape, dtype="float32")

    def uniform(self, shape):
        """float32, U(0, 1)."""
        return self.rng.random(shape, dtype="float32")

    def integers(self, shape, high):
        """int32, each of 0 to `high` - 1 equally likely."""
        return self.rng.integers(0, high, shape, dtype="int32")


def host_seed(name, seed):
    """The seed of `OnHost` for the latents of that name: each name has a stream of its own.

    Args:
        name: String; the stream of "latents" is that of `seed` itself.
        seed: Integer >= 0, or `None`.
    """
    return seed if seed is None or name == "latents" else [seed, zlib.crc32(name.encode())]
