"""Minibatch discrimination: how near a sample is to the others of its batch, as features."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gans")
class MinibatchDiscrimination(keras.layers.Layer):
    """Append o(x_i)_b = sum over j != i of exp(-|M_ib - M_jb|_1), of rows of M_i = x_i T.

    A generator that repeats itself gives itself away by it. T has `kernels` slices of
    `dimensions` columns, of length 1 or so at the start. The paper's sum has the sample itself,
    too, which is 1; here it is without, as in the authors' code: a batch of one has zeros. The
    distances are computed in float32 whatever the precision, and take memory by the square of the
    batch.

    A sample's features depend on how large its batch is. Under replicas of TensorFlow each
    compares the samples of its own share; on JAX those of the whole batch are compared.

    Args:
        kernels: Integer B, how many features are appended.
        dimensions: Integer C, of the vectors that are compared.
        **arguments: Those of `keras.layers.Layer`.

    Raises:
        ValueError: Inputs that are not vectors.

    Example:

    ```python
    y = MinibatchDiscrimination(100)(features)  # (n, d) -> (n, d + 100)
    ```

    References:
        Salimans et al. 2016, arXiv:1606.03498, section 3.2.
    """

    def __init__(self, kernels=100, dimensions=5, **arguments):
        super().__init__(**arguments)
        self.kernels, self.dimensions = kernels, dimensions

    def build(self, input_shape):
        if len(input_shape) != 2:
            raise ValueError(
                f"MinibatchDiscrimination compares vectors (n, d); it was given {input_shape}. "
                "Put a Flatten, or a pooling of all positions, before it."
            )
        shape = (input_shape[-1], self.kernels * self.dimensions)
        self.kernel = self.add_weight(shape, "lecun_normal", name="kernel")

    def call(self, inputs):
        x = ops.cast(inputs, "float32")
        m = ops.matmul(x, ops.cast(self.kernel, "float32"))
        m = ops.reshape(m, (-1, self.kernels, self.dimensions))
        distances = ops.sum(ops.abs(m[:, None] - m[None]), axis=-1)
        others = ops.sum(ops.exp(-distances), axis=1) - 1.0
        return ops.concatenate([inputs, ops.cast(others, inputs.dtype)], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + self.kernels)

    def get_config(self):
        own = {"kernels": self.kernels, "dimensions": self.dimensions}
        return {**super().get_config(), **own}
