"""Orthogonal regularization: filters of a layer that are not alike."""

import keras
from keras import ops


def orthogonal(kernel, axis=-1):
    """|W^T W o (1 - I)|_F^2: squares of what the filters have in common, their norms left free.

    Args:
        kernel: Float tensor `(..., filters)`, W when it is flattened to a matrix of a column for
            each filter.
        axis: Integer, where the filters are: -2 in the kernels of transposed convolutions,
            `(height, width, filters, channels)`.

    Returns:
        float32 scalar.

    References:
        Brock et al. 2019, arXiv:1809.11096, equation 3.
    """
    filters = kernel.shape[axis]
    w = ops.reshape(ops.moveaxis(ops.cast(kernel, "float32"), axis, -1), (-1, filters))
    gram = ops.matmul(ops.transpose(w), w)
    return ops.sum(ops.square(gram * (1.0 - ops.eye(filters))))


@keras.saving.register_keras_serializable(package="keras_gans")
class Orthogonal(keras.regularizers.Regularizer):
    """`orthogonal` as the regularizer of a layer's kernel.

    It is in the loss of the player whose layer it is. The authors' PyTorch code adds half of the
    gradient of the paper's equation: its strength is twice this one.

    Args:
        strength: Float, beta; the paper's 1e-4.
        axis: Integer, where the kernel's filters are: -2 for transposed convolutions.

    Example:

    ```python
    layers.Conv2D(64, 3, kernel_regularizer=losses.Orthogonal(1e-4))
    layers.Conv2DTranspose(64, 3, kernel_regularizer=losses.Orthogonal(1e-4, axis=-2))
    ```

    References:
        Brock et al. 2019, arXiv:1809.11096, equation 3.
    """

    def __init__(self, strength=1e-4, axis=-1):
        self.strength, self.axis = strength, axis

    def __call__(self, kernel):
        return self.strength * orthogonal(kernel, self.axis)

    def get_config(self):
        return {"strength": self.strength, "axis": self.axis}
