"""Adam whose second decay follows a schedule."""

import keras

from keras_gans.schedules import counts_images, is_schedule


@keras.saving.register_keras_serializable(package="keras_gans")
class ScheduledAdam(keras.optimizers.Adam):
    """`keras.optimizers.Adam` with a beta_2 that moves with its updates.

    In update t, from 1 on, both moments move by the present betas, and the correction of their bias
    is by the present beta_2, too: 1 - beta_2(t - 1)^t. So does the optimizer of PyTorch into which
    the authors of R3GAN write beta_2 at each step.

    Args:
        learning_rate: Float, or a schedule counted in steps.
        beta_1: Float.
        beta_2: Float, or a schedule counted in steps, which here are the optimizer's updates.
        **arguments: Those of `keras.optimizers.Adam`.

    Raises:
        ValueError: A schedule that is counted in images.

    Example:

    ```python
    beta_2 = keras_gans.schedules.Cosine(0.9, 0.99, steps=40_000)
    optimizer = ScheduledAdam(2e-4, beta_1=0.0, beta_2=beta_2)
    ```

    References:
        Kingma and Ba 2015, arXiv:1412.6980, algorithm 1; Huang et al. 2024, arXiv:2501.05441,
        appendix.
    """

    def __init__(self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, **arguments):
        if counts_images(beta_2):
            raise ValueError(
                "beta_2 is a schedule in images, which no optimizer counts. Count it in its "
                "updates: Cosine(0.9, 0.99, steps=images // batch_size), say."
            )
        super().__init__(learning_rate, beta_1, beta_2, **arguments)

    @property
    def beta_2(self):
        """What it is in the next update: a number, or a float32 scalar."""
        given = self.given_beta_2
        return given(self.iterations) if is_schedule(given) else given

    @beta_2.setter
    def beta_2(self, value):
        self.given_beta_2 = value

    def get_config(self):
        given = self.given_beta_2
        if is_schedule(given):
            given = keras.saving.serialize_keras_object(given)
        return {**super().get_config(), "beta_2": given}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        if isinstance(config["beta_2"], dict):
            beta_2 = keras.saving.deserialize_keras_object(config["beta_2"], custom_objects)
            config = {**config, "beta_2": beta_2}
        return super().from_config(config, custom_objects)
