"""Self-attention: each pixel of a map is told of all others."""

import keras
from keras import layers, ops

from keras_gans.layers.spectral_normalization import SpectralNormalization


@keras.saving.register_keras_serializable(package="keras_gans")
class SelfAttention(keras.layers.Layer):
    """y = x + sigma * v(softmax(f(x) g(x)') h(x)), with a sigma that is learnt, and 0 at the start.

    All four are 1x1 convolutions without bias: queries f and keys g of C / 8 channels, values h of
    C / 2, and v back to C. Keys and values are pooled by the largest of 2x2 pixels first, as in
    the authors' code, a quarter of the work. The shares are computed in float32 whatever the
    precision. Memory grows by the square of the number of pixels.

    Args:
        spectral: Bool. Whether `SpectralNormalization` is around each convolution, as in the
            paper.
        **arguments: Those of `keras.layers.Layer`.

    Input: maps `(n, height, width, C)` with C a multiple of 8. Output: the same shape.

    Raises:
        ValueError: Another number of channels.

    Example:

    ```python
    maps = SelfAttention()(maps)
    ```

    References:
        Zhang et al. 2019, arXiv:1805.08318, section 3.
    """

    def __init__(self, spectral=True, **arguments):
        super().__init__(**arguments)
        self.spectral = spectral

    def build(self, input_shape):
        *_, channels = input_shape
        if channels % 8:
            raise ValueError(
                f"SelfAttention compares an eighth of the channels; {channels} have none."
            )
        self.queries = self.convolution("queries", channels // 8, channels)
        self.keys = self.convolution("keys", channels // 8, channels)
        self.attended = self.convolution("attended", channels // 2, channels)
        self.back = self.convolution("back", channels, channels // 2)
        self.pooling = layers.MaxPooling2D(2, padding="same", dtype=self.dtype_policy)
        self.sigma = self.add_weight((), "zeros", name="sigma")

    def convolution(self, name, filters, inputs):
        layer = layers.Conv2D(filters, 1, use_bias=False, dtype=self.dtype_policy, name=name)
        layer = SpectralNormalization(layer, name=f"spectral_{name}") if self.spectral else layer
        layer.build((None, None, None, inputs))
        return layer

    def call(self, inputs, training=False):
        n, height, width, channels = ops.shape(inputs)
        queries = ops.reshape(self.queries(inputs), (n, height * width, channels // 8))
        keys = ops.reshape(self.pooling(self.keys(inputs)), (n, -1, channels // 8))
        attended = ops.reshape(self.pooling(self.attended(inputs)), (n, -1, channels // 2))
        queries, keys = ops.cast(queries, "float32"), ops.cast(keys, "float32")
        alike = ops.matmul(queries, ops.transpose(keys, (0, 2, 1)))
        # Not `ops.softmax`, which warns where there is one pixel.
        shares = ops.exp(alike - ops.logsumexp(alike, axis=-1, keepdims=True))
        shares = ops.cast(shares, self.compute_dtype)
        seen = ops.reshape(ops.matmul(shares, attended), (n, height, width, channels // 2))
        return inputs + self.sigma * self.back(seen)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "spectral": self.spectral}
