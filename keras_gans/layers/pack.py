"""Pack: several samples as one, for a discriminator that judges them together."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gans")
class Pack(keras.layers.Layer):
    """Join `samples` samples along their channels: a discriminator that sees m of them at once.

    A generator that leaves out modes shows it in several samples sooner than in one. Of a batch of
    n, with k = n // m, pack i holds the samples i, i + k, i + 2 k, ...: k packs, and so k scores,
    the mean of which is the paper's loss. What is left over of a batch that m does not divide is
    in no pack of that batch. Fewer than m samples fill one pack by going round: batches of `fit`
    should be larger, m times the number of packs that shall be in them.

    Whatever else belongs to a sample, such as a plane of its label, is concatenated with it before
    both are packed; vectors are packed as well as maps. Under replicas of TensorFlow each packs its
    own share.

    A penalty of losses takes the gradient of each sample for itself, whose square is on average an
    m-th of that of the pack. What is left over is in no pack: a penalty that wants norms of 1 sees
    a gradient of 0 there.

    Args:
        samples: Integer m >= 1.
        **arguments: Those of `keras.layers.Layer`.

    Raises:
        ValueError: Another number.

    Example:

    ```python
    packs = Pack(2)(images)  # (n, height, width, channels) -> (n / 2, height, width, 2 * channels)
    ```

    References:
        Lin et al. 2018, arXiv:1712.04086, section 2.
    """

    def __init__(self, samples=2, **arguments):
        super().__init__(**arguments)
        if not isinstance(samples, int) or samples < 1:
            raise ValueError(f"Pack joins 1 or more samples; it was told {samples!r}.")
        self.samples = samples
        self.built = True

    def call(self, inputs):
        n = ops.shape(inputs)[0]
        packs = n // self.samples
        packs = max(packs, 1) if isinstance(n, int) else ops.maximum(packs, 1)
        members = ops.take(inputs, ops.arange(packs * self.samples) % n, axis=0)
        members = ops.reshape(members, (self.samples, packs, *inputs.shape[1:]))
        return ops.concatenate([members[i] for i in range(self.samples)], axis=-1)

    def compute_output_shape(self, input_shape):
        n, *shape, channels = input_shape
        packs = None if n is None else max(n // self.samples, 1)
        return (packs, *shape, channels * self.samples)

    def get_config(self):
        return {**super().get_config(), "samples": self.samples}
