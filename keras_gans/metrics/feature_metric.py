"""What scores of two sets of images by the features of one extractor share."""

import os
import warnings
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.data.streams import ImageFiles
from keras_gans.metrics.extractors import FASHION_MNIST, get_extractor, weights_hash
from keras_gans.metrics.feature_cache import cached_features
from keras_gans.metrics.image_features import RESIZES, ImageFeatures
from keras_gans.metrics.kept_features import KeptFeatures
from keras_gans.metrics.result import ENOUGH, Result, interval_of
from keras_gans.metrics.tracing import is_traced
from keras_gans.typing import DType, FilePath, ImageArray


class FeatureMetric(keras.metrics.Metric):
    """A score of real and of fake images by the features of one extractor; abstract.

    A subclass says what the score of two arrays of features is, and may say its names:

    ```python
    @keras.saving.register_keras_serializable("mine")
    class MeanDistance(FeatureMetric):
        prefix = "mean_distance"

        def score_of(self, real, fake):
            return float(np.linalg.norm(real.mean(0) - fake.mean(0)))
    ```

    In `compile(metrics=[...])` and `evaluate` the features of the first `capacity` images of each
    side are kept in variables; a warning says where there were more. Replicas keep rows of their
    own, so nothing is lost where they meet. `compare` takes any number of images.

    Args:
        extractor: "fashion_mnist" (shipped), the path of a .keras file, or a keras.Model from
            images in [-1, 1] to features [n, d]; see `get_extractor`. It is never trained, and its
            variables are not the metric's.
        resize: How images of another size than the extractor's are resized; see `ImageFeatures`.
        capacity: Integer, images of each side whose features are kept in `evaluate`.
        name: Defaults to `prefix` and the extractor's name.
        dtype: Of what is kept.

    Raises:
        FileNotFoundError, TypeError, ValueError: From `get_extractor`, and for another `resize`.
    """

    prefix: str | None = None
    """What the default name begins with."""

    values: tuple[str, ...] = ()
    """Names of the numbers where the score is a dict of several, the most important one first."""

    mode = "min"
    """Whether smaller ("min") or larger ("max") scores are the better ones, as callbacks ask it."""

    numbers: tuple[str, ...] = ()
    """Arguments of the score itself, kept as attributes: for its protocol and configuration."""

    needs_real = True
    """Whether real images are looked at."""

    cache = None
    """Path of a folder that keeps the features of folders and archives that are compared; set it
    on one metric, or on `FeatureMetric` for all. See `keras_gans.metrics.feature_cache`."""

    def __init__(
        self,
        extractor: FilePath | keras.Model = FASHION_MNIST,
        resize: str = "bilinear",
        capacity: int = 10_000,
        name: str | None = None,
        dtype: DType | None = None,
    ):
        model = self.extractor_of(extractor)
        super().__init__(name=name or self.name_with(model), dtype=dtype or "float32")
        self.capacity = capacity
        self._config = {"resize": resize, "name": name, "dtype": dtype}
        # A model that was passed is saved with the metric: Keras finds it here. What a name or a
        # path stands for is not: Keras does not look into the plain ImageFeatures.
        self._source = extractor if extractor is model else str(extractor)
        self._expected_weights = None
        self._features = ImageFeatures(model, resize)
        self._reference: Any = None
        self._compared: Any = None
        self._real = self.keep("real", model.output_shape[-1]) if self.needs_real else None
        self._fake = self.keep("fake", model.output_shape[-1])

    # What a subclass says.

    def score_of(self, real, fake):
        """The score of two arrays of finite features, float32 [n, d] and [m, d], n and m above 0.

        Returns:
            A float; where `values` names several, a dict of floats by these names.
        """
        raise NotImplementedError(f"{type(self).__name__} must implement `score_of`.")

    def settings(self):
        """Dict of the score's own numbers, which belong to its protocol."""
        return self._own_numbers()

    def extractor_of(self, extractor):
        """The keras.Model that the argument stands for."""
        return get_extractor(extractor)

    def _own_numbers(self):
        return {name: getattr(self, name) for name in self.numbers}

    def name_with(self, extractor):
        """The name that the score has by default."""
        return f"{self.prefix}_{extractor.name}"

    # What a score that needs only sums says differently.

    def keep(self, side, size):
        """What keeps one side in variables: an object with `add(features)` and `read()`."""
        return KeptFeatures(self, side, size)

    def gather(self, batches):
        """What `read` gives, made of batches of features, float64 arrays [b, d]."""
        size = self._features.extractor.output_shape[-1]
        batches = (features.astype("float32") for features in batches)
        return np.concatenate([np.zeros((0, size), "float32"), *batches])

    def of_features(self, features):
        """What `gather` gives, made of all features, float32 [n, d]."""
        return features

    def number_of(self, gathered):
        """How many images a side has."""
        return len(gathered)

    def score_of_gathered(self, real, fake):
        """The score of what `read` or `gather` gave of each side."""
        sides = [side for side in (real, fake) if side is not None]
        if all(len(side) and np.isfinite(side).all() for side in sides):
            return self.score_of(real, fake)
        return dict.fromkeys(self.values, float("nan")) if self.values else float("nan")

    # What all have.

    @property
    def names(self):
        """List of the names in the logs, the most important one first."""
        return [f"{self.name}_{value}" for value in self.values] or [self.name]

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Adds a batch of each side; the two need not have one size.

        Args:
            y_true: Real images, uint8 in [0, 255] or floats in [-1, 1],
                [n, height, width, channels], grey or RGB. Not looked at, and None allowed, while
                `set_reference` holds the real side.
            y_pred: Fake images, likewise.
            sample_weight: Must be None.

        Raises:
            TypeError: Images that are neither uint8 nor floats.
            ValueError: Sample weights, no real images without a reference, images that are not
                grey or RGB, or an array of floats outside [-1, 1].
        """
        if sample_weight is not None:
            raise ValueError(f"{self.name} takes no sample weights: every image counts once.")
        self._compared = None
        if self.needs_real and self._reference is None:
            self._check_real(y_true)
            self._add(self._real, y_true)
        self._add(self._fake, y_pred)

    def _add(self, kept, images):
        if isinstance(images, np.ndarray) and not is_traced(self.variables[0]):
            kept.add(np.concatenate([*self._features.batches(images, len(images) or 1)]))
        else:
            kept.add(self._features(images))

    def reset_state(self):
        """Forgets all images but those of `set_reference`."""
        self._compared = None
        super().reset_state()

    def features(self, images, batch_size=256):
        """The features of images, which `compare` and `measure` take in the place of the images.

        Args:
            images: As in `compare`.
            batch_size: Images at a time.

        Returns:
            float32 array [n, d].
        """
        return FeatureMetric.gather(self, self._batches(images, batch_size))

    def _gathered_of(self, images, batch_size):
        return self.gather(self._batches(images, batch_size))

    def _batches(self, images, batch_size):
        size = self._features.extractor.output_shape[-1]
        if isinstance(images, np.ndarray) and images.ndim == 2 and images.shape[1] == size:
            return (
                images[start : start + batch_size].astype("float64")
                for start in range(0, len(images), batch_size)
            )
        is_path = isinstance(images, (str, os.PathLike)) and images != FASHION_MNIST
        if self.cache is not None and is_path:
            chunks = cached_features(ImageFiles(images), self._features, self.cache, batch_size)
            return (features.astype("float64") for _, features in chunks)
        return self._features.stream(images, batch_size)

    def set_reference(self, images: Any, batch_size: int = 256) -> None:
        """Computes the real side once; `reset_state` then clears the fake side alone.

        Args:
            images: Real images as in `compare`, or None to forget the reference. It is not saved
                with the metric.
            batch_size: Images at a time.
        """
        self._reference = None
        if images is not None and self.needs_real:
            self._reference = self._gathered_of(images, batch_size)

    def compare(
        self, real: ImageArray, fake: ImageArray, batch_size: int = 256
    ) -> float | dict[str, float]:
        """The score of two sets; whatever was accumulated before is cleared.

        Args:
            real: Real images, replacing a reference: a numpy array as in `update_state`; the path
                of a folder or a zip archive, or an iterable of batches, as `stream_images` takes
                them, which are never all in memory; or a float array [n, d] of their `features`.
                None for the reference.
            fake: Fake images, likewise.
            batch_size: Images at a time.

        Returns:
            The score, a float, or a dict of floats by `names`.
        """
        self._check_real(real)
        self.reset_state()
        if self.needs_real and real is not None:
            self._reference = None
            real = self._gathered_of(real, batch_size)
        else:
            real = self._reference
        self._compared = real, self._gathered_of(fake, batch_size)
        return self.result()

    def measure(
        self,
        real: Any,
        fake: Any,
        split: str | None = None,
        weights: str | None = None,
        seed: int = 0,
        repeats: int = 10,
        level: float = 0.95,
        batch_size: int = 256,
    ) -> Result:
        """The score with its confidence interval and its protocol; see `Result`.

        The interval comes from random halves of both sides; see `interval_of`. A reference of
        which only sums are kept is taken as it is. What was accumulated stays as it was.

        Args:
            real: As in `compare`.
            fake: As in `compare`.
            split: What the real images are, such as "test"; written into the protocol.
            weights: Which weights of the generator made the fake ones, "averaged" or "raw";
                likewise.
            seed: Integer, of the halves, and of the latents where there were any; likewise.
            repeats: Integer, how many halves; 5 or more. Each costs less than the score itself.
            level: Float, the confidence.
            batch_size: Images at a time.

        Returns:
            A `Result`. Its interval is NaN where a side has a single image.

        Warns about fewer than 10,000 images of a side.
        """
        result = self.measured(real, fake, split, weights, seed, repeats, level, batch_size)
        sides = ("num_real", "num_fake") if self.needs_real else ("num_fake",)
        numbers = {side: result.protocol[side] for side in sides}
        if few := [name for name, n in numbers.items() if n is not None and n < ENOUGH]:
            told = ", ".join(f"{name} is {numbers[name]:,}" for name in few)
            warnings.warn(
                f"{self.name} is the score of few images: {told}. Below {ENOUGH:,} of each most "
                "scores depend much on how many there are: compare equally many only.",
                stacklevel=2,
            )
        return result

    def measured(self, real, fake, split, weights, seed, repeats, level=0.95, batch_size=256):
        """`measure` without its warning."""
        if repeats < 5:
            raise ValueError(f"An interval takes 5 or more halves; `repeats` was {repeats}.")
        self._check_real(real)
        sides = None, self._all_of(fake, batch_size)
        if self.needs_real:
            sides = self._reference if real is None else self._all_of(real, batch_size), sides[1]
        self._check_weights()
        rng = np.random.default_rng(seed)
        values = self._score_of_all(sides)
        halves = [self._score_of_all([_half(side, rng) for side in sides]) for _ in range(repeats)]
        intervals = {
            name: interval_of(value, [half[name] for half in halves], level)
            for name, value in values.items()
        }
        how = {
            "metric": type(self).__name__,
            **self._how(),
            **dict(zip(("num_real", "num_fake"), map(self._number_of, sides), strict=True)),
            "split": split,
            "weights": weights,
            "seed": seed,
        }
        return Result(values, intervals, level, how)

    def _all_of(self, images, batch_size):
        """Features, or what is known of a side in their place."""
        return self.features(images, batch_size)

    def _gathered(self, side):
        return self.of_features(side) if isinstance(side, np.ndarray) else side

    def _number_of(self, side):
        if side is None:
            return 0
        return len(side) if isinstance(side, np.ndarray) else self.number_of(side)

    def _score_of_all(self, sides):
        """Dict of floats by `names`."""
        score = self._named(self.score_of_gathered(*map(self._gathered, sides)))
        return score if self.values else {self.name: score}

    def _check_real(self, real):
        if self.needs_real and real is None and self._reference is None:
            raise ValueError(f"{self.name} has no real images: pass them, or set_reference.")

    def result(self):
        """The score so far, computed in numpy: a float, or a dict of floats by `names`.

        NaN where a side has too few images or a feature is not finite, and a NaN tensor inside a
        compiled function: `fit` and `evaluate` call it again outside for their logs.

        Raises:
            ValueError: The metric was restored without its extractor's weights.
        """
        if is_traced(self.variables[0]):
            nan = ops.full((), float("nan"), dtype="float32")
            return dict.fromkeys(self.names, nan) if self.values else nan
        self._check_weights()
        return self._named(self.score_of_gathered(*self._both_sides()))

    def _check_weights(self):
        if self._expected_weights is None:  # Hashing a large network takes time.
            return
        if self._expected_weights != self._weights_hash():
            raise ValueError(
                f'The weights of the extractor "{self._features.extractor.name}" did not come with '
                f"the configuration of {self.name}: create {type(self).__name__}(extractor) anew."
            )

    def _named(self, score):
        if not self.values:
            return score
        return {f"{self.name}_{value}": float(score[value]) for value in self.values}

    def _both_sides(self):
        if self._compared is not None:
            return self._compared
        real = self._reference
        if self.needs_real and real is None:
            real = self._real.read()
        return real, self._fake.read()

    def protocol(self):
        """What to write beside the score: all that it depends on besides the images.

        Returns:
            dict that json can hold: "score" (as of `result`), "extractor" (name),
            "extractor_weights" (the first 12 hex digits of their SHA-256), "features" (d),
            "resize", the numbers of the score itself, "num_real" and "num_fake".
        """
        real, fake = self._both_sides()
        return {
            "score": self.result(),
            **self._how(),
            "num_real": self._number_of(real),
            "num_fake": self._number_of(fake),
        }

    def _how(self):
        """What the score depends on besides the images and their number."""
        extractor = self._features.extractor
        sized = None not in extractor.input_shape[1:3]
        return {
            "extractor": extractor.name,
            "extractor_weights": self._weights_hash(),
            "features": extractor.output_shape[-1],
            "resize": RESIZES[self._features.resize] if sized else "none",
            **self.settings(),
        }

    def _weights_hash(self):
        return weights_hash(self._features.extractor)

    def get_config(self):
        config = {**self._config, **self._own_numbers()}
        config |= {"extractor": self._source, "capacity": self.capacity}
        if self._source is self._features.extractor:
            config["extractor"] = keras.saving.serialize_keras_object(self._source)
            config["extractor_weights"] = self._weights_hash()
        return config

    @classmethod
    def from_config(cls, config):
        config = dict(config)
        expected = config.pop("extractor_weights", None)
        if not isinstance(config["extractor"], str):
            config["extractor"] = keras.saving.deserialize_keras_object(config["extractor"])
        metric = cls(**config)
        metric._expected_weights = expected
        return metric


def _half(side, rng):
    """A random half of the rows; what has no rows is taken as it is."""
    if not isinstance(side, np.ndarray):
        return side
    return side[rng.permutation(len(side))[: len(side) // 2]]
