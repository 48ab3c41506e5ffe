"""ConstantThenLinear: the learning rate of CycleGAN and pix2pix."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gans")
class ConstantThenLinear(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate that stays for a while, then falls linearly to zero.

    rate(step) = r for step <= constant, r (1 - (step - constant) / decay) afterwards, 0 at the end.
    The authors' code changes the rate once an epoch, and its versions differ by one epoch in
    where the decay begins; here it follows each step.

    Args:
        learning_rate: Float, r.
        constant_steps: Integer >= 0.
        decay_steps: Integer >= 1.

    Example, 100 epochs of each with 1000 steps an epoch, as in the paper:

    ```python
    schedule = ConstantThenLinear(2e-4, 100 * 1000, 100 * 1000)
    keras.optimizers.Adam(schedule, beta_1=0.5)
    ```

    References:
        Zhu et al. 2017, arXiv:1703.10593, section 4.
    """

    def __init__(self, learning_rate, constant_steps, decay_steps):
        if constant_steps < 0 or decay_steps < 1:
            raise ValueError(
                "constant_steps must be 0 or more and decay_steps 1 or more; they were "
                f"{constant_steps} and {decay_steps}."
            )
        self.learning_rate = learning_rate
        self.constant_steps = constant_steps
        self.decay_steps = decay_steps

    def __call__(self, step):
        behind = (ops.cast(step, "float32") - self.constant_steps) / self.decay_steps
        return self.learning_rate * (1.0 - ops.clip(behind, 0.0, 1.0))

    def get_config(self):
        return {
            "learning_rate": self.learning_rate,
            "constant_steps": self.constant_steps,
            "decay_steps": self.decay_steps,
        }
