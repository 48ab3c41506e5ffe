"""Maxout: the largest of each few neighbouring channels."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gans")
class Maxout(keras.layers.Layer):
    """h_i = max over j of x_(i, j), of `pieces` neighbouring channels j at a time.

    After a dense layer or a convolution it is the maxout unit of those linear pieces.

    Args:
        pieces: Integer >= 1, by which the number of channels is divided.
        **arguments: Those of `keras.layers.Layer`.

    Raises:
        ValueError: Channels that do not fall into groups of `pieces`.

    Example:

    ```python
    y = Maxout(2)(layers.Dense(512)(x))  # (n, 256)
    ```

    References:
        Goodfellow et al. 2013, arXiv:1302.4389, section 2.
    """

    def __init__(self, pieces=2, **arguments):
        super().__init__(**arguments)
        self.pieces = pieces

    def build(self, input_shape):
        if input_shape[-1] % self.pieces:
            raise ValueError(
                f"Maxout takes the largest of each {self.pieces} channels; {input_shape[-1]} "
                "channels do not fall into such groups."
            )

    def call(self, inputs):
        *_, channels = inputs.shape
        shape = (*ops.shape(inputs)[:-1], channels // self.pieces, self.pieces)
        return ops.max(ops.reshape(inputs, shape), axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] // self.pieces)

    def get_config(self):
        return {**super().get_config(), "pieces": self.pieces}
