"""Virtual batch normalization: by the statistics of a reference batch that stays the same.

The activations of the reference batch are those of the present weights, so it has to run through
the network beside every batch. `ReferenceBatch` puts it in front of the batch, the normalizations
find it there, and `WithoutReference` takes it away: a network between the two is one function of
its input and its weights, in training, afterwards and in a file. Nothing has to be kept up to date,
as moving averages are, and an averaged generator has the statistics of its own weights. The price
is a run that is larger by the reference batch, of which a request for one image takes the most
notice.
"""

import keras
from keras import ops


class Reference(keras.layers.Layer):
    """What the layers around a reference batch share: how many rows it has."""

    def __init__(self, size, **arguments):
        super().__init__(**arguments)
        if not isinstance(size, int) or size < 1:
            raise ValueError(f"A reference batch has 1 or more samples; it was told {size!r}.")
        self.size = size

    def get_config(self):
        return {**super().get_config(), "size": self.size}


@keras.saving.register_keras_serializable(package="keras_gans")
class ReferenceBatch(Reference):
    """Put a fixed batch of `size` samples in front of each batch.

    It is drawn once, when the layer is built: for a generator these are latents. Where samples
    are what a network reads, `adapt` takes some before training.

    Args:
        size: Integer >= 1.
        initializer: Initializer of the reference batch: the distribution of the latents, by
            default N(0, 1).
        **arguments: Those of `keras.layers.Layer`.

    Raises:
        ValueError: Another size.

    Example:

    ```python
    x = ReferenceBatch(64)(latents)  # (n, 100) -> (64 + n, 100)
    x = VirtualBatchNormalization(64)(keras.layers.Dense(512)(x))
    x = WithoutReference(64)(x)  # (n, 512)
    ```

    References:
        Salimans et al. 2016, arXiv:1606.03498, section 3.5.
    """

    def __init__(self, size, initializer=None, **arguments):
        super().__init__(size, **arguments)
        normal = keras.initializers.RandomNormal(0, 1)
        self.initializer = keras.initializers.get(initializer or normal)

    def build(self, input_shape):
        self.reference = self.add_weight(
            (self.size, *input_shape[1:]), self.initializer, trainable=False, name="reference"
        )

    def adapt(self, samples):
        """Take the first `size` samples as the reference batch.

        Args:
            samples: Array `(size or more, ...)` of what the layer is given.

        Raises:
            ValueError: Fewer samples, or of another shape.
        """
        if len(samples) < self.size or samples.shape[1:] != tuple(self.reference.shape[1:]):
            raise ValueError(
                f"The reference batch is {tuple(self.reference.shape)}; adapt() was given "
                f"{samples.shape}."
            )
        self.reference.assign(samples[: self.size])

    def call(self, inputs):
        return ops.concatenate([ops.cast(self.reference, inputs.dtype), inputs])

    def compute_output_shape(self, input_shape):
        n, *shape = input_shape
        return (None if n is None else n + self.size, *shape)

    def get_config(self):
        initializer = keras.initializers.serialize(self.initializer)
        return {**super().get_config(), "initializer": initializer}


@keras.saving.register_keras_serializable(package="keras_gans")
class WithoutReference(Reference):
    """Take the reference batch away again; see `ReferenceBatch`.

    Args:
        size: Integer, that of the `ReferenceBatch`.
        **arguments: Those of `keras.layers.Layer`.
    """

    def call(self, inputs):
        return inputs[self.size :]

    def compute_output_shape(self, input_shape):
        n, *shape = input_shape
        return (None if n is None else n - self.size, *shape)


@keras.saving.register_keras_serializable(package="keras_gans")
class VirtualBatchNormalization(Reference):
    """y = gamma (x - mean) / std + beta, by the moments of the reference batch and of x itself.

    The moments of a sample are those of all pixels of the reference batch and of its own, in which
    it counts as one sample more; those of the reference batch are its own. So a sample does not
    depend on the batch in which it is, and neither on replicas. The gradient flows through the
    moments. They are computed in float32 whatever the precision.

    Args:
        size: Integer, that of the `ReferenceBatch`, whose samples come first.
        epsilon: Float, added to the variance.
        gamma_initializer: Initializer of gamma.
        **arguments: Those of `keras.layers.Layer`.

    Input: `(size + n, ..., channels)`. Output: the same shape.

    Example: see `ReferenceBatch`.

    References:
        Salimans et al. 2016, arXiv:1606.03498, section 3.5.
    """

    def __init__(self, size, epsilon=1e-5, gamma_initializer="ones", **arguments):
        super().__init__(size, **arguments)
        self.epsilon = epsilon
        self.gamma_initializer = keras.initializers.get(gamma_initializer)

    def build(self, input_shape):
        channels = input_shape[-1:]
        self.gamma = self.add_weight(channels, self.gamma_initializer, name="gamma")
        self.beta = self.add_weight(channels, "zeros", name="beta")

    def call(self, inputs):
        x = ops.cast(inputs, "float32")
        pixels = tuple(range(1, len(x.shape) - 1))
        # Of each sample, then of the reference batch, in which all have as many pixels.
        own_mean = ops.mean(x, pixels, keepdims=True) if pixels else x
        own_variance = ops.mean(ops.square(x - own_mean), pixels, keepdims=True) if pixels else 0.0
        mean = ops.mean(own_mean[: self.size], 0, keepdims=True)
        axes = (0, *pixels)
        variance = ops.mean(ops.square(x[: self.size] - mean), axes, keepdims=True)
        # A sample is one more beside those, but not beside itself.
        number = ops.arange(ops.shape(x)[0])
        weight = ops.where(number < self.size, 0.0, 1.0 / (self.size + 1))
        weight = ops.reshape(ops.cast(weight, "float32"), (-1, *[1] * (len(x.shape) - 1)))
        apart = own_mean - mean
        variance = (1 - weight) * (variance + weight * ops.square(apart)) + weight * own_variance
        y = (x - mean - weight * apart) * ops.rsqrt(variance + self.epsilon)
        y = y * ops.cast(self.gamma, "float32") + ops.cast(self.beta, "float32")
        return ops.cast(y, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        initializer = keras.initializers.serialize(self.gamma_initializer)
        own = {"epsilon": self.epsilon, "gamma_initializer": initializer}
        return {**super().get_config(), **own}
