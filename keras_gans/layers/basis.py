"""Learned maps between vectors and the smallest maps of a network."""

import keras
from keras import ops


class LearnedMaps(keras.layers.Layer):
    """A layer with a learned map for each channel.

    Args:
        size: Tuple `(height, width)` of the maps.
        stddev: Float, that of their first numbers, which are normal.
        **arguments: Those of `keras.layers.Layer`.
    """

    def __init__(self, size, stddev, **arguments):
        super().__init__(**arguments)
        self.size = tuple(size)
        self.stddev = stddev

    def build(self, input_shape):
        initial = keras.initializers.RandomNormal(0, self.stddev)
        self.maps = self.add_weight((*self.size, input_shape[-1]), initial, name="maps")

    def get_config(self):
        return {**super().get_config(), "size": self.size}


@keras.saving.register_keras_serializable(package="keras_gans")
class GenerativeBasis(LearnedMaps):
    """Maps of vectors: channel c is the c-th number of a vector times the c-th learned map.

    Args:
        size: Tuple `(height, width)` of the maps, which start from N(0, 1).
        **arguments: Those of `keras.layers.Layer`.

    Example:

    ```python
    maps = GenerativeBasis((4, 4))(vectors)  # (n, channels) -> (n, 4, 4, channels)
    ```

    References:
        Huang et al. 2024, arXiv:2501.05441, and its code.
    """

    def __init__(self, size, **arguments):
        super().__init__(size, 1.0, **arguments)

    def call(self, inputs):
        return inputs[:, None, None, :] * self.maps

    def compute_output_shape(self, input_shape):
        return (input_shape[0], *self.size, input_shape[-1])


@keras.saving.register_keras_serializable(package="keras_gans")
class DiscriminativeBasis(LearnedMaps):
    """Vectors of maps: number c is the product of channel c, as a vector, with a learned map.

    It is a depthwise convolution by kernels as large as the maps.

    Args:
        size: Tuple `(height, width)` of the maps that it takes; the learned ones start from a
            normal distribution, of a length of about 1.
        **arguments: Those of `keras.layers.Layer`.

    Example:

    ```python
    vectors = DiscriminativeBasis((4, 4))(maps)  # (n, 4, 4, channels) -> (n, channels)
    ```

    References:
        Huang et al. 2024, arXiv:2501.05441, and its code.
    """

    def __init__(self, size, **arguments):
        super().__init__(size, (size[0] * size[1]) ** -0.5, **arguments)

    def call(self, inputs):
        return ops.sum(inputs * self.maps, axis=(1, 2))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[-1])
