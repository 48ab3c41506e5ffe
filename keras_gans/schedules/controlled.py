"""Controlled: a number that training itself moves, within bounds."""

import keras
from keras import ops

from keras_gans.engine.backend import backend


@keras.saving.register_keras_serializable(package="keras_gans")
class Controlled(keras.layers.Layer):
    """A number in a closed loop: a step measures how far off it is and moves it that way.

    Where a schedule is known before training, this follows from what training does: BEGAN's k
    and the probability of adaptive augmentation. It is a float32 weight, whatever the dtype
    policy is, so kept as an attribute of a model or layer it is saved and resumed.

    Args:
        start: Float in [low, high], its value before training.
        low: Float.
        high: Float, which may be infinite.
        **arguments: Those of `keras.layers.Layer`.

    Raises:
        ValueError: A start out of its bounds.

    Example:

    ```python
    self.k = Controlled(0.0, low=0.0, high=1.0)  # In `__init__`.
    loss = real_loss - self.k.value * fake_loss  # In the train step.
    self.k.move(0.001 * (0.5 * real_loss - fake_loss))
    ```

    References:
        Berthelot et al. 2017, arXiv:1703.10717, section 3.4 (proportional control of k); Karras et
        al. 2020, arXiv:2006.06676, section 3.1 (steps of p by a sign).
    """

    def __init__(self, start, low, high, **arguments):
        if not low <= start <= high:
            raise ValueError(
                f"A controlled number starts between its bounds, {low!r} and {high!r}; start was "
                f"{start!r}."
            )
        super().__init__(**{**arguments, "dtype": "float32", "trainable": False})
        self.start, self.low, self.high = start, low, high
        self.number = self.add_weight(
            (),
            keras.initializers.Constant(start),
            trainable=False,
            aggregation="only_first_replica",
            name="number",
        )
        self.built = True  # Nothing waits for a first call.

    @property
    def value(self):
        """What it is now: float32 scalar tensor."""
        return ops.convert_to_tensor(self.number)

    def move(self, by):
        """number <- clip(number + mean(by), low, high).

        Args:
            by: Float tensor of any shape. The mean is over the whole batch, the parts of all
                replicas together: one number per image weighs every image alike.
        """
        by = backend.replica_mean(ops.stop_gradient(ops.cast(by, "float32")))
        self.number.assign(ops.clip(self.number + by, self.low, self.high))

    def get_config(self):
        return {**super().get_config(), "start": self.start, "low": self.low, "high": self.high}
