"""Corruptions of images, for an autoencoder that learns to undo them."""

import keras
from keras import ops

from keras_gans.engine.seeds import ReplicaSeedGenerator


class Corruption(keras.layers.Layer):
    """What corruptions share: a rate and a stream of random numbers; on in training only."""

    def __init__(self, rate, seed=0, **arguments):
        super().__init__(**{"dtype": "float32", **arguments})
        if not 0 <= rate <= 1:
            raise ValueError(f"The rate of {type(self).__name__} is a share; it was {rate!r}.")
        self.rate = rate
        self.seed = seed
        self.seed_generator = ReplicaSeedGenerator(seed)
        self.built = True

    def call(self, inputs, training=False):
        if not training:
            return inputs
        return self.corrupted(
            inputs, keras.random.uniform(ops.shape(inputs), seed=self.seed_generator)
        )

    def corrupted(self, inputs, draws):
        """Inputs, those replaced where the draws ~ U(0, 1) are below the rate."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "rate": self.rate, "seed": self.seed}


@keras.saving.register_keras_serializable(package="keras_gans")
class MaskingNoise(Corruption):
    """Sets a random share of numbers to zero, which is black where images lie in [0, 1].

    In training only. Other than dropout it leaves the rest as it is.

    Args:
        rate: Float in [0, 1], the share.
        seed: Integer >= 0.
        **arguments: Those of `keras.layers.Layer`.

    Raises:
        ValueError: A rate that is no share.

    Example:

    ```python
    corrupted = MaskingNoise(0.5)(images, training=True)
    ```

    References:
        Vincent et al. 2010, "Stacked Denoising Autoencoders", section 3.3.
    """

    def corrupted(self, inputs, draws):
        return ops.where(draws < self.rate, ops.zeros_like(inputs), inputs)


@keras.saving.register_keras_serializable(package="keras_gans")
class SaltAndPepper(Corruption):
    """Sets a random share of numbers to one end of their range or the other, both equally often.

    In training only.

    Args:
        rate: Float in [0, 1], the share.
        range: Tuple, the ends: that of the samples.
        seed: Integer >= 0.
        **arguments: Those of `keras.layers.Layer`.

    Raises:
        ValueError: A rate that is no share.

    Example:

    ```python
    corrupted = SaltAndPepper(0.1)(images, training=True)
    ```

    References:
        Vincent et al. 2010, "Stacked Denoising Autoencoders", section 3.3.
    """

    def __init__(self, rate, range=(0, 1), seed=0, **arguments):
        super().__init__(rate, seed, **arguments)
        self.range = tuple(range)

    def corrupted(self, inputs, draws):
        low, high = (ops.full_like(inputs, end) for end in self.range)
        hit = ops.where(draws < self.rate / 2, low, high)
        return ops.where(draws < self.rate, hit, inputs)

    def get_config(self):
        return {**super().get_config(), "range": self.range}
