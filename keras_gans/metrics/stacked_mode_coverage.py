"""How many of the thousand modes of stacked images generated ones cover."""

import keras
import numpy as np
from keras import ops

from keras_gans.metrics.image_features import ImageFeatures
from keras_gans.metrics.values import floats_of
from keras_gans.typing import DType, ImageArray


@keras.saving.register_keras_serializable(package="keras_gans")
class StackedModeCoverage(keras.metrics.Metric):
    """Modes of stacked images that are found, and the reverse KL divergence over them.

    A classifier tells the class of each channel: with three channels and ten classes an image
    belongs to one of 1,000 modes. Two numbers, in a dict by the names

        modes       the modes that have at least one image,
        reverse_kl  KL(p || u) = sum over modes p log(p / u), where p is the share of images that
                    belong to a mode and u = 1 / number of modes.

    They depend on the classifier and on how many images are counted: 26,000 in VEEGAN and PacGAN
    (of so many draws of 1,000 even modes `reverse_kl` is 0.02), 25,600 in Unrolled GAN. What real
    stacks have is `compare(None, stacks)`: where the classifier errs, it is above that. The state
    is counts, so batches may have any size. Of no images at all both numbers are NaN.

    Args:
        classifier: `keras.Model` from grey images in [-1, 1] to logits `(n, classes)`, such as
            `fashion_mnist_classifier()`; images of another size than its own are resized.
        channels: Integer, images in a stack.
        name: Put before the names, with an underscore, where it is given.
        dtype: As in `keras.metrics.Metric`.

    Raises:
        ValueError: Images of another number of channels.

    Example:

    ```python
    coverage = keras_gans.metrics.StackedModeCoverage(
        keras_gans.metrics.fashion_mnist_classifier()
    )
    coverage.compare(None, model.generate(26_000))  # {"modes": 1000.0, "reverse_kl": ...}
    ```

    References:
        Lin et al. 2018, arXiv:1712.04086, section 4.2.
    """

    def __init__(
        self,
        classifier: keras.Model,
        channels: int = 3,
        name: str | None = None,
        dtype: DType | None = None,
    ):
        super().__init__(name=name or "stacked_mode_coverage", dtype=dtype)
        self.classifier = classifier
        self.channels = channels
        self._prefix = f"{name}_" if name else ""
        # Keras does not look into a plain object: the classifier is no part of the metric.
        self._logits = ImageFeatures(classifier)
        self._classes = classifier.output_shape[-1]
        modes = self._classes**channels
        self.found = self.add_weight((modes,), "zeros", dtype="float32", name="found")

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Count a batch of generated images.

        Args:
            y_true: Not looked at.
            y_pred: Images `(n, height, width, channels)`, uint8 in [0, 255] or floats in [-1, 1].
            sample_weight: Must be `None`.
        """
        if sample_weight is not None:
            raise ValueError(f"{self.name} takes no sample weights: every image counts once.")
        self._check(y_pred)
        (images,) = floats_of(y_pred)
        logits = [self._logits(images[..., i : i + 1]) for i in range(self.channels)]
        modes = self._mode([ops.argmax(x, axis=-1) for x in logits])
        counted = ops.one_hot(modes, self.found.shape[0], dtype="float32")
        self.found.assign_add(ops.sum(counted, axis=0))

    def result(self):
        """Dict of both numbers; NaN of no images."""
        number = ops.sum(self.found)
        share = self.found / number
        logs = ops.log(ops.maximum(share, 1e-30) * self.found.shape[0])
        found = ops.sum(ops.cast(self.found > 0, "float32"))
        return {
            f"{self._prefix}modes": ops.where(number > 0, found, float("nan")),
            f"{self._prefix}reverse_kl": ops.sum(share * logs),
        }

    def compare(
        self, real: ImageArray, fake: ImageArray, batch_size: int = 500
    ) -> dict[str, float]:
        """The numbers of an array of images; whatever was accumulated before is cleared.

        Args:
            real: Not looked at.
            fake: Array as in `update_state`.
            batch_size: Images at a time.

        Returns:
            Dict of floats.
        """
        self._check(fake)
        classes = []
        for i in range(self.channels):
            batches = self._logits.batches(fake[..., i : i + 1], batch_size)
            classes.append(np.concatenate([np.zeros(0, int), *(x.argmax(1) for x in batches)]))
        counts = np.bincount(self._mode(classes), minlength=self.found.shape[0])
        self.found.assign(counts.astype("float32"))
        return {name: float(ops.convert_to_numpy(x)) for name, x in self.result().items()}

    def protocol(self):
        """What the numbers depend on, beside them: a dict to be written down with them."""
        return {
            **{name: float(ops.convert_to_numpy(x)) for name, x in self.result().items()},
            "classifier": self.classifier.name,
            "images": int(ops.convert_to_numpy(ops.sum(self.found))),
            "of_modes": self.found.shape[0],
        }

    def _mode(self, classes):
        mode = 0
        for number in classes:
            mode = mode * self._classes + number
        return mode

    def _check(self, images):
        if len(images.shape) != 4 or images.shape[3] != self.channels:
            raise ValueError(
                f"{self.name} was made for stacks (n, height, width, {self.channels}); these have "
                f"the shape {tuple(images.shape)}."
            )

    def get_config(self):
        return {
            "classifier": keras.saving.serialize_keras_object(self.classifier),
            "channels": self.channels,
            "name": self._prefix[:-1] or None,
            "dtype": self.dtype,
        }

    @classmethod
    def from_config(cls, config):
        classifier = keras.saving.deserialize_keras_object(config["classifier"])
        return cls(**{**config, "classifier": classifier})
