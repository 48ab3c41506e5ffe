"""Score: how generated images compare with real ones, in the logs of every epoch."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np

from keras_gans.callbacks.pictures import (
    at_one_size,
    check_positive,
    check_shown,
    shown,
    shown_weights,
)
from keras_gans.metrics.result import Result
from keras_gans.typing import ImageArray


class Score(keras.callbacks.Callback):
    """Compare generated images with real ones after each epoch and log the result.

    Put it before the callbacks that read it, such as
    `ModelCheckpoint(..., monitor=score.name, mode=score.mode)`; Keras cannot know by itself that a
    smaller distance is the better one. The images are generated from the same latents every time,
    by the averaged generator where there is one, so that epochs compare, and of each class in turn
    where the model reads labels. Those of a model that still grows are enlarged, pixel by pixel.
    Between two scores the last one stands in the logs, so that every epoch has one: the patience of
    callbacks counts epochs.

    Args:
        metric: A metric with `compare(real, fake)`: a `keras_gans.metrics.FeatureMetric` such as
            `FrechetDistance` or `KernelDistance`, `SlicedWassersteinDistance` or
            `SampleSimilarity`.
        images: uint8 array `(n, height, width, channels)` of real images; for a `FeatureMetric`
            their features are computed once.
        num_images: Integer, images to generate; by default as many as there are real ones.
        seed: Integer, of the latents.
        every: Integer, epochs from one score to the next; the first epoch has one, too.
        conditions: Dict from the names of what the networks read, such as `labels`, to arrays of
            `num_images` rows; by default each class in turn. Real images whose classes are not
            equally many compare with samples of their own labels.
        repeats: Integer, 5 or more: a `FeatureMetric` is scored on so many random halves, too, and
            the logs have its interval of 95 %, by `score.name` and `_low` and `_high`, for
            `ScoreEarlyStopping`. The last `Result` is at `score.result`. `None` for no interval.

    Raises:
        TypeError: A metric that compares pairs, or `repeats` for one that measures nothing; at the
            start of `fit`, a model without latents, or conditions that it does not read.
        ValueError: At the start of `fit`, images that the metric cannot compare, and conditions
            that are missing or wrong.

    Example:

    ```python
    score = Score(FrechetDistance(), images, num_images=2000)
    best = keras.callbacks.ModelCheckpoint(
        "best.keras", monitor=score.name, mode=score.mode, save_best_only=True
    )
    model.fit(images, epochs=20, callbacks=[score, best])
    ```
    """

    def __init__(
        self,
        metric: Any,
        images: ImageArray,
        num_images: int | None = None,
        seed: int = 0,
        every: int = 1,
        conditions: Mapping[str, Any] | None = None,
        repeats: int | None = None,
    ):
        super().__init__()
        if not hasattr(metric, "compare"):
            raise TypeError(
                "Score compares a set of generated images with a set of real ones, by metrics that "
                f"have `compare`; {type(metric).__name__} compares pairs: pass it to "
                "compile(metrics=[...]), and validation_data to fit."
            )
        if repeats is not None and not hasattr(metric, "measured"):
            raise TypeError(
                "`repeats` asks for the interval of a score of features, such as FrechetDistance; "
                f"{type(metric).__name__} has none. Leave `repeats` out."
            )
        self.metric = metric
        self.images = images
        self.num_images = len(images) if num_images is None else num_images
        check_positive(num_images=self.num_images, every=every)
        self.seed = seed
        self.every = every
        self.conditions = conditions
        self.repeats = repeats
        self.result: Result | None = None
        self.begun = False
        self._last = {}
        self._referenced = False
        self._real()

    def __getstate__(self):
        # Keras copies a metric by its configuration, which holds no real images.
        return {**self.__dict__, "_referenced": False}

    @property
    def name(self):
        """The key of the score in the logs, or of the first of its numbers."""
        return getattr(self.metric, "names", [self.metric.name])[0]

    @property
    def mode(self):
        """ "min" or "max": which scores are the better ones."""
        return getattr(self.metric, "mode", "min")

    def set_model(self, model):
        super().set_model(model)
        self.begun = False  # All callbacks get their model before the first one begins.

    def on_train_begin(self, logs=None):
        self.begun = True
        self._last = {}
        if not hasattr(self.model, "generate"):
            raise TypeError(
                "Score compares images that are generated from latents; "
                f"{type(self.model).__name__} generates none: pass metrics to its compile()."
            )
        shape = tuple(self.model.image_shape)
        real = self._real()
        # A few do, but all where the numbers differ: some metrics want equal ones.
        few = None if real is not None and len(real) != self.num_images else 4
        kind = self.model.samples
        rng = np.random.default_rng(0)
        noise = rng.uniform(*(kind.range or (-1, 1)), (few or self.num_images, *shape))
        check_shown(self.model, self.num_images, self.seed, self.conditions)
        try:
            noise = kind.to_outside(noise.astype("float32"))
            self.metric.compare(None if real is None else real[:few], noise)
        except Exception as error:
            raise ValueError(
                f"{type(self.metric).__name__} cannot compare {self.num_images} images of shape "
                f"{shape}, as the model makes them, with {len(self.images)} of shape "
                f"{self.images.shape[1:]}: {error}"
            ) from error

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0 or not self._last:
            score = self.compute(self.model)
            self._last = score if isinstance(score, dict) else {self.name: score}
        if logs is not None:
            logs.update(self._last)

    def get_state(self):
        """What `Checkpoint` keeps: the last score."""
        return self._last

    def set_state(self, state):
        self._last = state

    def compute(self, model: keras.Model) -> Any:
        """The score of `model` as it is now: a float, or a dict of them by their names.

        With `repeats` it is a dict that has the ends of intervals, too.
        """
        images = shown(model, self.num_images, self.seed, self.conditions)
        if hasattr(model, "growth"):
            images = at_one_size(images, model.image_shape[0])
        if self.repeats is None:
            return self.metric.compare(self._real(), images)
        result = self.metric.measured(
            self._real(),
            images,
            split=None,
            weights=shown_weights(model),
            seed=self.seed,
            repeats=self.repeats,
        )
        self.result = result
        return result.logs()

    def _real(self):
        """What to compare with: the images, or `None` for a metric that knows them."""
        if not hasattr(self.metric, "set_reference"):
            return self.images
        if not self._referenced:
            self.metric.set_reference(self.images)
            self._referenced = True
        return None
