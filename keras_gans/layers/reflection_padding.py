"""Reflection padding: continue an image by its mirror image."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gans")
class ReflectionPadding2D(keras.layers.Layer):
    """Pad images by mirroring them at their edges, the outermost pixels not repeated.

    Args:
        padding: Integer, pixels on each side; images must be larger than that.
        **arguments: Those of `keras.layers.Layer`.

    Example:

    ```python
    y = ReflectionPadding2D(3)(maps)  # (n, height + 6, width + 6, channels)
    ```
    """

    def __init__(self, padding=1, **arguments):
        super().__init__(**arguments)
        self.padding = padding

    def call(self, inputs):
        side = (self.padding, self.padding)
        return ops.pad(inputs, ((0, 0), side, side, (0, 0)), mode="reflect")

    def compute_output_shape(self, input_shape):
        n, height, width, channels = input_shape
        larger = [None if s is None else s + 2 * self.padding for s in (height, width)]
        return (n, *larger, channels)

    def get_config(self):
        return {**super().get_config(), "padding": self.padding}
