"""Blur: the filter [1, 2, 1] along both sides of maps."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gans")
class Blur(keras.layers.Layer):
    """Each pixel becomes half of itself and a quarter of each neighbour, along rows and columns.

    Beyond the edges are zeros. After doubling the pixels, or before taking the mean of each four,
    it makes bilinear resampling: the filter [1, 3, 3, 1] in steps of two.

    Args:
        **arguments: Those of `keras.layers.Layer`.

    Example:

    ```python
    larger = Blur()(keras.layers.UpSampling2D(2)(maps))
    smaller = keras.layers.AveragePooling2D(2)(Blur()(maps))
    ```

    References:
        Zhang 2019, arXiv:1904.11486, section 3.2.
    """

    def call(self, inputs):
        x = ops.pad(inputs, ((0, 0), (1, 1), (1, 1), (0, 0)))
        x = 0.25 * (x[:, :-2] + x[:, 2:]) + 0.5 * x[:, 1:-1]
        return 0.25 * (x[:, :, :-2] + x[:, :, 2:]) + 0.5 * x[:, :, 1:-1]

    def compute_output_shape(self, input_shape):
        return input_shape
