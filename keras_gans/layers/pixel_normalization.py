"""Pixelwise normalization of feature vectors."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gans")
class PixelNormalization(keras.layers.Layer):
    """b = a / sqrt(mean(a^2) + epsilon) over the channels of each pixel.

    Computed in float32 whatever the precision. Latents `(n, d)` are normalized likewise.

    Args:
        epsilon: Float.
        **arguments: Those of `keras.layers.Layer`.

    Example:

    ```python
    y = PixelNormalization()(maps)
    ```

    References:
        Karras et al. 2018, arXiv:1710.10196, section 4.2.
    """

    def __init__(self, epsilon=1e-8, **arguments):
        super().__init__(**arguments)
        self.epsilon = epsilon

    def build(self, input_shape):
        pass

    def call(self, inputs):
        x = ops.cast(inputs, "float32")
        mean_square = ops.mean(ops.square(x), axis=-1, keepdims=True)
        return ops.cast(x * ops.rsqrt(mean_square + self.epsilon), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
