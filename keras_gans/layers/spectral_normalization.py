"""Spectral normalization: a layer whose kernel has a largest singular value of 1."""

import keras
from keras import layers, ops

from keras_gans.engine.scope import reading_as
from keras_gans.layers.kernels import as_matrix, kernel_of, number_of_outputs


def unit(vector, epsilon):
    return vector / ops.maximum(ops.norm(vector), epsilon)


@keras.saving.register_keras_serializable(package="keras_gans")
class SpectralNormalization(layers.Wrapper):
    """The layer given, computed with W / sigma(W) in the place of its kernel W.

    sigma is estimated by one power iteration in each call, from the vector u on:

        v <- W u / |W u|,  u <- W' v / |W' v|,  sigma = v' W u

    with W as a matrix whose columns are the outputs of the layer (for a transposed convolution,
    too, and for each depthwise filter). The gradient flows through sigma with u and v constant. In
    training u is kept, as float32 under every dtype policy; W itself is never overwritten. A second
    call of a train step thus has the same W, and a sigma that is one iteration nearer to the
    largest singular value: the two differ as long as u has not converged, which by the steps of a
    slowly moving W it does. At inference, and where the layer is frozen, u stays as it is; inside
    of a penalty what it becomes is dropped.

    Under replicas each computes the same u of the same W.

    Args:
        layer: `keras.layers.Layer` with a `kernel` (dense layers, convolutions, transposed and
            depthwise ones) or with `embeddings`.
        epsilon: Float, the smallest sigma and length to divide by: a kernel of zeros stays zero.
        **arguments: Those of `keras.layers.Layer`; the dtype policy is by default that of `layer`.

    Raises:
        ValueError: A layer that has neither.

    Example:

    ```python
    maps = SpectralNormalization(keras.layers.Conv2D(64, 3, padding="same"))(maps)
    ```

    References:
        Miyato et al. 2018, arXiv:1802.05957, algorithm 1.
    """

    def __init__(self, layer, epsilon=1e-6, **arguments):
        super().__init__(layer, **{"dtype": layer.dtype_policy, **arguments})
        self.epsilon = epsilon

    @property
    def kernel(self):
        """The variable that is normalized."""
        return kernel_of(self.layer)

    def build(self, input_shape):
        super().build(input_shape)
        self.u = keras.Variable(
            keras.initializers.RandomNormal(0, 1),
            shape=(number_of_outputs(self.layer), 1),
            dtype="float32",
            trainable=False,
            autocast=False,
            name="u",
            # Replicas have the same W and u: each goes on by itself.
            synchronization="on_read",
            aggregation="only_first_replica",
        )

    def call(self, inputs, training=False):
        with reading_as([(self.kernel, self.normalized(training))]):
            return self.layer(inputs)

    def normalized(self, training=False):
        """W / sigma(W) as float32, after which u is kept in training."""
        kernel = ops.cast(self.kernel, "float32")
        matrix = as_matrix(self.layer, kernel)
        fixed = ops.stop_gradient(matrix)
        v = unit(ops.matmul(fixed, self.u), self.epsilon)
        u = unit(ops.matmul(ops.transpose(fixed), v), self.epsilon)
        if training and self.trainable:
            self.u.assign(u)
        sigma = ops.sum(v * ops.matmul(matrix, u))
        return kernel / ops.maximum(sigma, self.epsilon)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}
