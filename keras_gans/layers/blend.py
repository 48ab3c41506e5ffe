"""Blend: from one tensor to another."""

import keras


@keras.saving.register_keras_serializable(package="keras_gans")
class Blend(keras.layers.Layer):
    """(1 - alpha) old + alpha new.

    At alpha 0 and 1 it is exactly the one or the other.

    Args:
        **arguments: Those of `keras.layers.Layer`.

    Example:

    ```python
    y = Blend()(old, new, alpha=0.25)
    ```

    References:
        Karras et al. 2018, arXiv:1710.10196, figure 2.
    """

    def __init__(self, **arguments):
        super().__init__(**arguments)
        self.built = True  # It has no weights, and need not be called before a model is whole.

    def call(self, old, new, alpha):
        alpha = keras.ops.cast(alpha, old.dtype)
        return (1.0 - alpha) * old + alpha * new

    def compute_output_shape(self, old_shape, new_shape=None):
        return old_shape
