"""Augmentation: what layers that transform samples before a discriminator sees them share."""

import random

import keras
from keras import ops

from keras_gans.engine.seeds import ReplicaSeedGenerator
from keras_gans.schedules import is_schedule


class Augmentation(keras.layers.Layer):
    """A random transformation of samples, for the argument `augment` of models.

    In training only. A subclass says what it draws for a batch, and what that does to samples. A
    tuple of samples is transformed by one set of draws, each pair of images alike.

    Args:
        seed: Integer >= 0, or `None` to draw one (from Python's generator, as Keras does).
        **arguments: Those of `keras.layers.Layer`.
    """

    # What a model may move while it trains: a number or a schedule of the subclass, if any.
    strength = None

    def __init__(self, seed=None, **arguments):
        super().__init__(**{"dtype": "float32", **arguments})
        self.seed = random.randint(0, 2**31 - 1) if seed is None else seed
        self.seed_generator = ReplicaSeedGenerator(self.seed)
        self.built = True

    def call(self, samples, training=False, strength=None):
        """Samples as a discriminator is to see them.

        Args:
            samples: Tensor `(n, ...)`, or a tuple of them.
            training: Bool. Whether anything is done to them.
            strength: Scalar: the present value of `strength`, where that is a schedule.
        """
        if not training:
            return samples
        strength = self.strength if strength is None else strength
        if is_schedule(strength):
            raise ValueError(
                f"{type(self).__name__} follows {type(strength).__name__}(...), whose value a "
                "model knows: give the layer to a model as `augment`, or call it with "
                "`strength=`, a number."
            )
        draws = self.draws(ops.shape(keras.tree.flatten(samples)[0])[0], strength)

        def transformed(samples):
            made = self.transformed(ops.cast(samples, "float32"), draws)
            return ops.cast(made, samples.dtype)

        return keras.tree.map_structure(transformed, samples)

    def draws(self, n, strength):
        """What decides how each of `n` samples is transformed: tensors with `n` rows."""
        raise NotImplementedError

    def transformed(self, samples, draws):
        """Samples, float32, transformed as the draws say."""
        raise NotImplementedError

    def uniform(self, n, numbers):
        """`(n, numbers)` draws from U(0, 1)."""
        return keras.random.uniform((n, numbers), dtype="float32", seed=self.seed_generator)

    def normal(self, *shape):
        """Draws from N(0, 1)."""
        return keras.random.normal(shape, dtype="float32", seed=self.seed_generator)

    def check_images(self, samples):
        """Raise a sentence if samples are no images."""
        if len(samples.shape) != 4:
            raise ValueError(
                f"{type(self).__name__} transforms images (n, height, width, channels); it was "
                f"given samples of shape {tuple(samples.shape)}. For samples of other kinds there "
                "is InstanceNoise."
            )

    def compute_output_shape(self, samples_shape):
        return samples_shape

    def get_config(self, **strength):
        serialize = keras.saving.serialize_keras_object
        strength = {n: serialize(v) if is_schedule(v) else v for n, v in strength.items()}
        return {**super().get_config(), "seed": self.seed, **strength}

    @classmethod
    def from_config(cls, config):
        deserialize = keras.saving.deserialize_keras_object
        return cls(**{n: deserialize(v) if isinstance(v, dict) else v for n, v in config.items()})
