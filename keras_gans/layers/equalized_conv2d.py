"""A convolution with equalized learning rate."""

import math

import keras


@keras.saving.register_keras_serializable(package="keras_gans")
class EqualizedConv2D(keras.layers.Conv2D):
    """A convolution by c W with W ~ N(0, 1) at the start and c = gain / sqrt(inputs).

    `inputs` is how many numbers a pixel of the output is computed from: the area of the kernel
    times the channels. See `EqualizedDense`.

    Args:
        filters: Integer, channels of the output.
        kernel_size: Integer or tuple of two.
        gain: Float, of the activation that follows: sqrt(2) for ReLU and its kin.
        padding: As in `keras.layers.Conv2D`.
        **arguments: Those of `keras.layers.Conv2D`.

    Example:

    ```python
    y = EqualizedConv2D(64, 3)(maps)  # (n, height, width, channels) -> (n, height, width, 64)
    ```

    References:
        Karras et al. 2018, arXiv:1710.10196, section 4.1.
    """

    def __init__(self, filters, kernel_size, gain=2**0.5, padding="same", **arguments):
        arguments["kernel_initializer"] = keras.initializers.RandomNormal(0.0, 1.0)
        super().__init__(filters, kernel_size, padding=padding, **arguments)
        self.gain = gain

    def build(self, input_shape):
        super().build(input_shape)
        self.scale = self.gain / math.sqrt(math.prod(self.kernel.shape[:-1]))

    def convolution_op(self, inputs, kernel):
        return super().convolution_op(inputs, kernel * self.scale)

    def get_config(self):
        config = {**super().get_config(), "gain": self.gain}
        del config["kernel_initializer"]
        return config
