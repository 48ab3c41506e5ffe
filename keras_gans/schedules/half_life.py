"""HalfLife: how much of an average a step keeps, said in images."""

import keras
from keras import ops

from keras_gans.schedules.schedule import Schedule


@keras.saving.register_keras_serializable(package="keras_gans")
class HalfLife:
    """The decay of an average that forgets half of what it knew in so many images.

    decay = 0.5 ^ (batch / min(half-life, ramp * images seen)): the same average whatever the batch
    size is. With a ramp it starts short: what the first steps made is forgotten sooner.

    Args:
        images: Number above 0, or a `Schedule` counted in images. A schedule may be at 0 for a
            while, in which the average is the network itself; a number may not.
        ramp: Float > 0, or `None` for no ramp: the half-life is at most that share of the images
            seen. StyleGAN2 with adaptive augmentation has 0.05 for small data sets.

    Raises:
        ValueError: A number that is not above 0, or a schedule in steps.

    Example:

    ```python
    gan = GAN(..., ema_decay=HalfLife(10_000, ramp=0.05))
    ```

    References:
        Karras et al. 2020, arXiv:2006.06676, and its code; Karras et al. 2018, arXiv:1710.10196,
        has a constant decay of 0.999.
    """

    def __init__(self, images, ramp=None):
        scheduled = isinstance(images, Schedule)
        if (scheduled and not images.counts_images) or not (scheduled or images > 0):
            raise ValueError(
                "A half-life is a number of images above 0, or a schedule counted in images; it "
                f"was {images!r}."
            )
        if ramp is not None and not ramp > 0:
            raise ValueError(f"ramp is above 0, or None for no ramp; it was {ramp!r}.")
        self.images, self.ramp = images, ramp

    def decay(self, images_seen, batch):
        """What a step of `batch` images keeps when so many were seen before: float32 scalar."""
        seen = ops.cast(images_seen, "float32")
        half_life = self.images(seen) if isinstance(self.images, Schedule) else self.images
        if self.ramp is not None:
            half_life = ops.minimum(half_life, self.ramp * seen)
        half_lives = ops.cast(batch, "float32") / ops.maximum(half_life, 1e-8)
        return ops.power(0.5, half_lives)

    def get_config(self):
        images = self.images
        if isinstance(images, Schedule):
            images = keras.saving.serialize_keras_object(images)
        return {"images": images, "ramp": self.ramp}

    @classmethod
    def from_config(cls, config):
        images = config["images"]
        if isinstance(images, dict):
            images = keras.saving.deserialize_keras_object(images)
        return cls(images, config["ramp"])
