"""Weight normalization: lengths and directions of a kernel are learnt apart."""

import keras
from keras import layers, ops

from keras_gans.engine.keras_internals import layers_of
from keras_gans.engine.scope import RecordingScope, reading_as
from keras_gans.layers.kernels import input_axes, kernel_of, number_of_outputs


@keras.saving.register_keras_serializable(package="keras_gans")
class WeightNormalization(layers.Wrapper):
    """The layer given, computed with g V / |V| in the place of its kernel V.

    |V| is the length of what each output is computed by: of a column of a dense kernel, of a
    filter. The kernel itself is never overwritten; lengths are computed in float32 whatever the
    precision. At the start g is 1, or what `initialize_from` finds.

    Args:
        layer: `keras.layers.Layer` with a `kernel`: dense layers, convolutions, transposed and
            depthwise ones.
        learn_gain: Bool. Whether g is learnt; else it stays what it is at the start.
        deviation: Float, the standard deviation of the outputs that `initialize_from` brings
            about.
        **arguments: Those of `keras.layers.Layer`; the dtype policy is by default that of `layer`.

    Raises:
        ValueError: A layer that has no kernel.

    Example:

    ```python
    maps = WeightNormalization(keras.layers.Conv2D(96, 3, padding="same"))(maps)
    maps = keras.layers.LeakyReLU(0.2)(maps)
    ```

    References:
        Salimans and Kingma 2016, arXiv:1602.07868, equation 2.
    """

    def __init__(self, layer, learn_gain=True, deviation=1.0, **arguments):
        super().__init__(layer, **{"dtype": layer.dtype_policy, **arguments})
        self.learn_gain = learn_gain
        self.deviation = deviation
        self.is_initializing = False

    @property
    def kernel(self):
        """The variable V."""
        return kernel_of(self.layer)

    def build(self, input_shape):
        super().build(input_shape)
        self.gain = self.add_weight(
            (number_of_outputs(self.layer),), "ones", trainable=self.learn_gain, name="gain"
        )

    def call(self, inputs):
        if self.is_initializing:
            self.initialize(inputs)
        kernel = self.directions()
        outputs = [axis not in input_axes(self.layer) for axis in range(-len(kernel.shape), 0)]
        shape = [size if kept else 1 for size, kept in zip(kernel.shape, outputs, strict=True)]
        gain = ops.reshape(ops.cast(self.gain, "float32"), shape)
        with reading_as([(self.kernel, gain * kernel)]):
            return self.layer(inputs)

    def directions(self):
        """V / |V|, as float32."""
        kernel = ops.cast(self.kernel, "float32")
        squares = ops.sum(ops.square(kernel), axis=input_axes(self.layer), keepdims=True)
        return kernel * ops.rsqrt(squares + 1e-12)

    def initialize(self, inputs):
        """Let g and the bias be such that these inputs give outputs of mean 0 and one deviation."""
        values = [(self.kernel, self.directions())]
        if self.layer.use_bias:
            values.append((self.layer.bias, ops.zeros(self.layer.bias.shape)))
        with reading_as(values):
            outputs = ops.cast(self.layer(inputs), "float32")
        axes = tuple(range(len(outputs.shape) - 1))
        deviations = ops.std(outputs, axes)
        # An output that is the same for all stays as it is.
        gain = ops.where(deviations > 1e-6, self.deviation / deviations, ops.ones_like(deviations))
        self.gain.assign(gain)
        if self.layer.use_bias:
            self.layer.bias.assign(-ops.mean(outputs, axes) * gain)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    def get_config(self):
        own = {"learn_gain": self.learn_gain, "deviation": self.deviation}
        return {**super().get_config(), **own}


def initialize_from(network, batch):
    """Start a network of `WeightNormalization`s from data, before it trains.

    The batch runs through the network once, as in training. At each of these layers on its way g
    and the bias become such that every output has a mean of 0 and the layer's `deviation` over the
    batch; what comes after sees these outputs.

    Args:
        network: `keras.Model`, built, whose normalized layers have no activation of their own.
        batch: What it takes, some hundred samples: the authors take 500.

    Raises:
        ValueError: A network without such layers, or one of them with an activation.

    Example:

    ```python
    initialize_from(model.discriminator, images[:500] / 127.5 - 1)
    ```

    References:
        Salimans and Kingma 2016, arXiv:1602.07868, equations 5 and 6.
    """
    normalized = [x for x in layers_of(network) if isinstance(x, WeightNormalization)]
    if not normalized:
        raise ValueError(
            f"{network.name} has no WeightNormalization to start from data; wrap its layers."
        )
    for layer in normalized:
        if getattr(layer.layer, "activation", None) not in (None, keras.activations.linear):
            raise ValueError(
                f"{layer.layer.name} has an activation inside, where its outputs cannot be "
                "measured before it: make it a layer of its own."
            )
    try:
        for layer in normalized:
            layer.is_initializing = True
        # In half precision a layer on PyTorch would assign to copies of its variables.
        with RecordingScope() as scope:
            network(batch, training=True)
    finally:
        for layer in normalized:
            layer.is_initializing = False
    for variable, value in scope.updates():
        variable.assign(value)
