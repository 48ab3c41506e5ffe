"""A dense layer with equalized learning rate."""

import math

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gans")
class EqualizedDense(keras.layers.Layer):
    """y = x (c W) + b with W ~ N(0, 1) at the start and c = gain / sqrt(inputs).

    He's scale is applied at every call instead of once to the initial weights. Adam's steps do not
    depend on the scale of a gradient, and so every layer learns at the same speed, whatever its
    size.

    Args:
        units: Integer; or a tuple `(height, width, channels)` for maps, which have one bias per
            channel.
        gain: Float, of the activation that follows: sqrt(2) for ReLU and its kin.
        **arguments: Those of `keras.layers.Layer`.

    Example:

    ```python
    y = EqualizedDense(512)(x)  # (n, inputs) -> (n, 512)
    maps = EqualizedDense((4, 4, 512))(x)  # (n, inputs) -> (n, 4, 4, 512)
    ```

    References:
        Karras et al. 2018, arXiv:1710.10196, section 4.1.
    """

    def __init__(self, units, gain=2**0.5, **arguments):
        super().__init__(**arguments)
        self.units = units
        self.gain = gain

    @property
    def unit_shape(self):
        return (self.units,) if isinstance(self.units, int) else tuple(self.units)

    def build(self, input_shape):
        inputs = input_shape[-1]
        self.kernel = self.add_weight(
            (inputs, math.prod(self.unit_shape)),
            keras.initializers.RandomNormal(0, 1),
            name="kernel",
        )
        self.bias = self.add_weight((self.unit_shape[-1],), "zeros", name="bias")
        self.scale = self.gain / math.sqrt(inputs)

    def call(self, inputs):
        outputs = ops.matmul(inputs, self.kernel * self.scale)
        return ops.reshape(outputs, (-1, *self.unit_shape)) + self.bias

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.unit_shape)

    def get_config(self):
        return {**super().get_config(), "units": self.units, "gain": self.gain}
