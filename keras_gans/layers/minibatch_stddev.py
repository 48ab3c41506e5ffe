"""Minibatch standard deviation: how much the images of a batch differ, as a feature."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gans")
class MinibatchStddev(keras.layers.Layer):
    """Append a map with the mean standard deviation of the features over a group of images.

    A generator that repeats itself gives itself away by it. A batch of n images makes
    ceil(n / group_size) groups of every so-manieth image, as in the authors' code, which takes
    multiples of the group's size only; here some groups of another batch have one image less.
    Computed in float32 whatever the precision.

    Args:
        group_size: Integer, images in a group.
        epsilon: Float under the square root.
        **arguments: Those of `keras.layers.Layer`.

    Example:

    ```python
    y = MinibatchStddev()(maps)  # (n, height, width, channels) -> (..., channels + 1)
    ```

    References:
        Karras et al. 2018, arXiv:1710.10196, section 3.
    """

    def __init__(self, group_size=4, epsilon=1e-8, **arguments):
        super().__init__(**arguments)
        self.group_size = group_size
        self.epsilon = epsilon

    def build(self, input_shape):
        pass

    def call(self, inputs):
        n, (height, width, channels) = ops.shape(inputs)[0], inputs.shape[1:]
        # n x groups, 1 where an image is in a group: sums over groups are products with it.
        groups = (n + self.group_size - 1) // self.group_size
        member = ops.equal(ops.arange(n)[:, None] % groups, ops.arange(groups)[None])
        member = ops.cast(member, "float32")
        share = member / ops.sum(member, axis=0)

        x = ops.reshape(ops.cast(inputs, "float32"), (-1, height * width * channels))
        mean = ops.matmul(ops.transpose(share), x)
        deviation = ops.square(x - ops.matmul(member, mean))
        variance = ops.matmul(ops.transpose(share), deviation)
        statistic = ops.mean(ops.sqrt(variance + self.epsilon), axis=1, keepdims=True)
        maps = ops.reshape(ops.matmul(member, statistic), (-1, 1, 1, 1))
        maps = ops.cast(maps, inputs.dtype) * ops.ones_like(inputs[..., :1])
        return ops.concatenate([inputs, maps], axis=-1)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], input_shape[-1] + 1)

    def get_config(self):
        own = {"group_size": self.group_size, "epsilon": self.epsilon}
        return {**super().get_config(), **own}
