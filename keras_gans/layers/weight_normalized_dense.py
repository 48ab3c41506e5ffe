"""A dense layer whose weights have one length."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gans")
class WeightNormalizedDense(keras.layers.Layer):
    """y = gain x V / |V| + b, with |V| the length of each of V's columns.

    Only their directions are learnt, so that noise added to x keeps its share: the network cannot
    outgrow it by larger weights.

    Args:
        units: Integer.
        gain: Float, the length of the columns: sqrt(2) before a ReLU, whose outputs then have the
            size of the inputs.
        **arguments: Those of `keras.layers.Layer`.

    Example:

    ```python
    y = WeightNormalizedDense(250)(x)  # (n, inputs) -> (n, 250)
    ```

    References:
        Salimans and Kingma 2016, arXiv:1602.07868, equation 2, with a fixed g.
    """

    def __init__(self, units, gain=2**0.5, **arguments):
        super().__init__(**arguments)
        self.units = units
        self.gain = gain

    def build(self, input_shape):
        self.kernel = self.add_weight(
            (input_shape[-1], self.units),
            keras.initializers.RandomNormal(0, 0.1),
            name="kernel",
        )
        self.bias = self.add_weight((self.units,), "zeros", name="bias")

    def call(self, inputs):
        # In float32: the squares of small weights are nothing in float16.
        kernel = ops.cast(self.kernel, "float32")
        lengths = ops.sqrt(ops.sum(ops.square(kernel), axis=0) + 1e-12)
        return ops.matmul(inputs, ops.cast(self.gain / lengths * kernel, inputs.dtype)) + self.bias

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {**super().get_config(), "units": self.units, "gain": self.gain}
