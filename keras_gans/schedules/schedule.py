"""Schedule: a number that moves with the images or the steps of training."""

import math

import keras
from keras import ops


class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    """What the numbers of a model may be that move while it trains.

    Weights of penalties, decays of averages, probabilities of augmentation, discriminator steps:
    wherever a model takes a number that may move, it takes a schedule, of this package or of
    `keras.optimizers.schedules`. Its value is computed in the compiled step, of the counters
    `images_seen` and `steps_seen`, which are saved with the model: a resumed run goes on where it
    was. Schedules of Keras are counted in steps. Those of this package that are counted in steps
    are learning rates, too; an optimizer has no count of images.

    Args:
        images: Number over which it moves, where that is counted in images of all devices.
        steps: The same, where it is counted in train steps.

    Raises:
        ValueError: Both numbers or neither, or one that is not above 0.
    """

    def __init__(self, images=None, steps=None):
        given = [number for number in (images, steps) if number is not None]
        if len(given) != 1 or not all(b > 0 for b in keras.tree.flatten(given)):
            raise ValueError(
                f"{type(self).__name__} moves over a number of images or of steps above 0: say "
                f"one of `images` and `steps`; they were {images!r} and {steps!r}."
            )
        self.images, self.steps = images, steps

    @property
    def counts_images(self):
        return self.images is not None

    def get_config(self):
        return {"images": self.images, "steps": self.steps}


def is_schedule(number):
    """Whether a number moves: a schedule of this package, or one of Keras."""
    return isinstance(number, keras.optimizers.schedules.LearningRateSchedule)


def counts_images(number):
    """Whether it is a schedule that is counted in images."""
    return getattr(number, "counts_images", False)


class Ramp(Schedule):
    """A schedule from `start` to `end`, at which it stays.

    Args:
        start: Float.
        end: Float.
        images: See `Schedule`.
        steps: Likewise.
    """

    def __init__(self, start, end, images=None, steps=None):
        super().__init__(images, steps)
        self.start, self.end = start, end

    def __call__(self, seen):
        """The value after so many images or steps: float32 scalar."""
        way = ops.cast(seen, "float32") / (self.images or self.steps)
        return self.start + (self.end - self.start) * self.share(ops.clip(way, 0.0, 1.0))

    def share(self, way):
        """How much of the difference has been made up after that share of the way."""
        raise NotImplementedError

    def get_config(self):
        return {"start": self.start, "end": self.end, **super().get_config()}


@keras.saving.register_keras_serializable(package="keras_gans")
class Linear(Ramp):
    """From `start` to `end` along a line.

    Args:
        start: Float.
        end: Float.
        images: See `Schedule`.
        steps: Likewise.

    Example, the noise of which the discriminator's images have less and less:

    ```python
    noise = keras_gans.schedules.Linear(0.1, 0.0, images=200_000)
    float(noise(50_000))  # 0.075
    ```
    """

    def share(self, way):
        return way


@keras.saving.register_keras_serializable(package="keras_gans")
class Cosine(Ramp):
    """From `start` to `end` along half a cosine: slowly at both ends.

    Args:
        start: Float.
        end: Float.
        images: See `Schedule`.
        steps: Likewise.

    Example, a penalty that becomes a tenth:

    ```python
    gamma = keras_gans.schedules.Cosine(1.0, 0.1, images=2_000_000)
    gan = GAN(..., penalty=[Penalty("r1", gamma), Penalty("r2", gamma)])
    ```

    References:
        Huang et al. 2024, arXiv:2501.05441, appendix; Loshchilov and Hutter 2017,
        arXiv:1608.03983, equation 5, without restarts.
    """

    def share(self, way):
        return 0.5 * (1.0 - ops.cos(math.pi * way))


@keras.saving.register_keras_serializable(package="keras_gans")
class PiecewiseConstant(Schedule):
    """One value after another, each of them constant.

    Args:
        values: List of floats.
        images: List of one number less, ascending: after how many images the second value begins,
            the third, and so on.
        steps: The same in steps.

    Raises:
        ValueError: Numbers that do not ascend, or that are not one less than the values.

    Example, a critic that takes a hundred steps a time in the beginning, as the authors' of
    Wasserstein GAN does (arXiv:1701.07875):

    ```python
    critic_steps = keras_gans.schedules.PiecewiseConstant([100, 5], steps=[2_500])
    ```
    """

    def __init__(self, values, images=None, steps=None):
        super().__init__(images, steps)
        self.values = list(values)
        begins = self.begins
        if len(begins) != len(self.values) - 1 or begins != sorted(begins):
            raise ValueError(
                f"{len(self.values)} values begin at {len(self.values) - 1} ascending numbers, the "
                f"first of them at 0; these were {begins}."
            )

    @property
    def begins(self):
        return [*(self.steps if self.images is None else self.images)]

    def __call__(self, seen):
        """The value after so many images or steps: float32 scalar."""
        begun = ops.cast(ops.cast(seen, "int32") >= ops.array(self.begins, "int32"), "int32")
        return ops.take(ops.array(self.values, "float32"), ops.sum(begun))

    def get_config(self):
        return {"values": self.values, **super().get_config()}
