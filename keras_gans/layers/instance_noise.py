"""InstanceNoise: normal noise on whatever a discriminator sees."""

import keras
from keras import ops

from keras_gans.layers.augmentation import Augmentation
from keras_gans.schedules import is_schedule


@keras.saving.register_keras_serializable(package="keras_gans")
class InstanceNoise(Augmentation):
    """Adds a number from N(0, stddev^2) to each number of samples of any kind.

    Real and generated samples then have densities that overlap, so that their discriminator has no
    perfect answer. The authors let the noise fade. Each member of a tuple of samples has noise of
    its own. In training only; gradients pass through.

    Args:
        stddev: Float >= 0, or a schedule of `keras_gans.schedules`, whose value models see to.
        seed: Integer >= 0, or `None` to draw one.
        **arguments: Those of `keras.layers.Layer`.

    Raises:
        ValueError: Another stddev.

    Example:

    ```python
    fading = InstanceNoise(keras_gans.schedules.Linear(0.5, 0.0, images=100_000))
    model = GAN(generator, discriminator, 100, augment=fading)
    ```

    References:
        Sonderby et al. 2017, arXiv:1610.04490, section 2.4.
    """

    def __init__(self, stddev, seed=None, **arguments):
        super().__init__(seed, **arguments)
        if not is_schedule(stddev) and not stddev >= 0:
            raise ValueError(f"stddev is 0 or more, or a schedule of it; it was {stddev!r}.")
        self.stddev = stddev

    @property
    def strength(self):
        return self.stddev

    def draws(self, n, strength):
        return strength

    def transformed(self, samples, draws):
        return samples + draws * self.normal(*ops.shape(samples))

    def get_config(self):
        return super().get_config(stddev=self.stddev)
