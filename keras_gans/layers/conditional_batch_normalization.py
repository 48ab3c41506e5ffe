"""Batch normalization whose gain and bias a condition decides."""

import keras
from keras import layers, ops

from keras_gans.layers.batch_normalization import BatchNormalization


@keras.saving.register_keras_serializable(package="keras_gans")
class ConditionalBatchNormalization(keras.layers.Layer):
    """y = (1 + c W) (x - mean) / std + c V, for a condition c and the moments of the whole batch.

    The condition is a vector. That of a class is its one-hot code, by which each class has a row of
    W and of V: a gain and a bias of its own for each channel.

    Args:
        momentum: Float, the share of the moving statistics that a batch keeps.
        epsilon: Float, added to the variance.
        kernel_initializer: Initializer of W and V; by "zeros" all conditions begin alike.
        **arguments: `name` and `dtype`, see `keras.layers.Layer`.

    Input: a list of maps `(n, ..., channels)` and of float vectors `(n, k)`. Output: the shape of
    the maps.

    Example:

    ```python
    code = keras.layers.CategoryEncoding(10, "one_hot")(labels)
    x = ConditionalBatchNormalization()([x, code])
    ```

    References:
        Dumoulin et al. 2017, arXiv:1610.07629, equation 5; Miyato and Koyama 2018,
        arXiv:1802.05637, section 5.
    """

    def __init__(self, momentum=0.99, epsilon=1e-3, kernel_initializer="zeros", **arguments):
        super().__init__(**arguments)
        self.kernel_initializer = keras.initializers.get(kernel_initializer)
        self.momentum, self.epsilon = momentum, epsilon
        self.normalization = BatchNormalization(
            momentum=momentum, epsilon=epsilon, center=False, scale=False, dtype=self.dtype_policy
        )

    def build(self, input_shape):
        maps, vector = input_shape
        self.gain, self.bias = (
            layers.Dense(
                maps[-1],
                use_bias=False,
                # Of one initializer all would draw the same.
                kernel_initializer=self.kernel_initializer.clone(),
                dtype=self.dtype_policy,
                name=name,
            )
            for name in ("gain", "bias")
        )
        self.normalization.build(maps)
        self.gain.build(vector)
        self.bias.build(vector)

    def call(self, inputs, training=None):
        maps, vector = inputs
        gain, bias = (
            ops.reshape(linear(vector), (-1, *[1] * (len(maps.shape) - 2), maps.shape[-1]))
            for linear in (self.gain, self.bias)
        )
        return self.normalization(maps, training=training) * (1 + gain) + bias

    def compute_output_shape(self, input_shape):
        return input_shape[0]

    def get_config(self):
        initializer = keras.initializers.serialize(self.kernel_initializer)
        numbers = {"momentum": self.momentum, "epsilon": self.epsilon}
        return {**super().get_config(), **numbers, "kernel_initializer": initializer}
