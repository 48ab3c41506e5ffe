"""Random seeds: one stream per purpose and per replica."""

import functools
import inspect
import random
import zlib

import keras
import numpy as np

from keras_gans.engine.backend import backend


@keras.saving.register_keras_serializable(package="keras_gans")
class ReplicaSeedGenerator(keras.random.SeedGenerator):
    """A `keras.random.SeedGenerator` whose draws differ from replica to replica."""

    def next(self, ordered=True):
        return backend.fold_in_replica(super().next(ordered))


def seed_for(purpose, seed):
    """An integer seed for one purpose, far from those of other purposes and other seeds.

    Neighbouring seeds would not do: on PyTorch, Keras adds a counter to the seed, so that the
    streams of 1 and 2 are the same stream, one draw apart.

    Args:
        purpose: String, such as "latents".
        seed: Integer >= 0.
    """
    sequence = np.random.SeedSequence([seed, zlib.crc32(purpose.encode())])
    return int(sequence.generate_state(1)[0] >> 1)


def seeded(build):
    """Let the argument `seed` of `build` fix the initial weights, too, where it is a number.

    Layers and initializers without a seed of their own draw one from Python's generator, which
    is put back afterwards: whoever draws from it next gets what they would have got anyway.
    """

    @functools.wraps(build)
    def build_seeded(*args, **kwargs):
        seed = inspect.signature(build).bind(*args, **kwargs).arguments.get("seed")
        if seed is None:
            return build(*args, **kwargs)
        state = random.getstate()
        random.seed(seed_for("weights", seed))
        try:
            return build(*args, **kwargs)
        finally:
            random.setstate(state)

    return build_seeded
