"""Pixel shuffle: channels become pixels."""

import keras
from keras import ops


def rearranged(maps, factor):
    """As `keras.ops.depth_to_space`."""
    n, height, width, channels = ops.shape(maps)
    channels = channels // factor**2
    maps = ops.reshape(maps, (n, height, width, factor, factor, channels))
    maps = ops.transpose(maps, (0, 1, 3, 2, 4, 5))
    return ops.reshape(maps, (n, height * factor, width * factor, channels))


depth_to_space = getattr(ops, "depth_to_space", rearranged)  # Keras 3.12 and 3.13 have none.


@keras.saving.register_keras_serializable(package="keras_gans")
class PixelShuffle(keras.layers.Layer):
    """Rearrange `factor**2 * channels` channels of each pixel into `factor` x `factor` pixels.

    Channel `(i * factor + j) * channels + c` becomes channel c of the pixel in row i, column j.

    Args:
        factor: Integer >= 2.
        **arguments: Those of `keras.layers.Layer`.

    Raises:
        ValueError: Channels that are no multiple of `factor**2`.

    Example:

    ```python
    y = PixelShuffle(2)(maps)  # (n, 2 * height, 2 * width, channels / 4)
    ```

    References:
        Shi et al. 2016, arXiv:1609.05158, equation 4.
    """

    def __init__(self, factor, **arguments):
        super().__init__(**arguments)
        self.factor = factor

    def build(self, input_shape):
        if input_shape[-1] % self.factor**2:
            raise ValueError(
                f"PixelShuffle({self.factor}) takes a multiple of {self.factor**2} channels; there "
                f"are {input_shape[-1]}."
            )

    def call(self, inputs):
        return depth_to_space(inputs, self.factor)

    def compute_output_shape(self, input_shape):
        n, height, width, channels = input_shape
        larger = [None if side is None else side * self.factor for side in (height, width)]
        return (n, *larger, channels // self.factor**2)

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


@keras.saving.register_keras_serializable(package="keras_gans")
class ICNR(keras.initializers.Initializer):
    """Initial kernel of a convolution before `PixelShuffle`: all pixels of a square alike.

    With independent kernels the pixels of each square differ from the first step on, which shows
    as a checkerboard that training hardly removes.

    Args:
        factor: Integer, that of the `PixelShuffle`.
        initializer: Name or `keras.initializers.Initializer` of the kernel that is repeated.

    Example:

    ```python
    convolution = keras.layers.Conv2D(4 * 64, 3, padding="same", kernel_initializer=ICNR(2))
    ```

    References:
        Aitken et al. 2017, arXiv:1707.02937.
    """

    def __init__(self, factor, initializer="glorot_uniform"):
        self.factor = factor
        self.initializer = keras.initializers.get(initializer)

    def __call__(self, shape, dtype=None):
        kernel = self.initializer((*shape[:-1], shape[-1] // self.factor**2), dtype=dtype)
        return ops.tile(kernel, (1, 1, 1, self.factor**2))

    def get_config(self):
        initializer = keras.saving.serialize_keras_object(self.initializer)
        return {"factor": self.factor, "initializer": initializer}

    @classmethod
    def from_config(cls, config):
        initializer = keras.saving.deserialize_keras_object(config["initializer"])
        return cls(config["factor"], initializer)
