"""The Frechet distance between real and generated images (the FID's formula)."""

import hashlib

import keras
import numpy as np
from keras import ops

from keras_gans.metrics.convert_inception import INCEPTION_2015
from keras_gans.metrics.extractors import FASHION_MNIST, get_extractor
from keras_gans.metrics.gaussians import frechet_distance as frechet_distance
from keras_gans.metrics.gaussians import gaussian_from_sums
from keras_gans.metrics.gaussians import gaussian_statistics as gaussian_statistics
from keras_gans.metrics.image_features import RESIZES, ImageFeatures
from keras_gans.metrics.tracing import is_traced


@keras.saving.register_keras_serializable("keras_gans")
class FrechetDistance(keras.metrics.Metric):
    """Frechet distance between Gaussians fitted to the features of real and of fake images.

    With m and S the mean and the covariance of the features of each side,

        d = |m_real - m_fake|^2 + tr(S_real + S_fake - 2 (S_real S_fake)^(1/2)).

    It is called FID only where the extractor is the Inception network of the paper, which
    `convert_inception` makes of the published files; else it is named for its extractor.
    `protocol()` says what else the number depends on, as the resize. Only numbers of one protocol
    compare.

    The state is sums (count, features, outer products) of each side, so batches may have any size
    and replicas add up. Sums are float64 on TensorFlow and PyTorch and float32 on JAX.
    Against float64 throughout, on 5,000 and 5,000 test images of Fashion-MNIST in batches of 250,
    the distance is off by 3e-8 of itself on TensorFlow, 7e-13 on PyTorch and 1.3e-7 on JAX. On JAX
    features whose mean is a hundred times their deviation cost 0.5 %: centre such an extractor's.

    Args:
        extractor: "fashion_mnist" (shipped), the path of a .keras file, or a keras.Model from
            images in [-1, 1] to features [n, d]; see `get_extractor`. It is never trained, and its
            variables are not the metric's.
        resize: How images of another size than the extractor's are resized: "bilinear", "bicubic",
            "lanczos3" or "lanczos5", antialiased (the last two not on PyTorch); or exactly as
            published scores did it, "legacy" (TensorFlow 1's bilinear, not antialiased) or "clean"
            (Pillow's bicubic, antialiased).
        name: Defaults to "fid" for "inception_2015", else to "frechet_" and the extractor's name.
        dtype: Of the sums; the most precise that the backend has by default.

    Raises:
        FileNotFoundError, TypeError, ValueError: From `get_extractor`, and for another `resize`.

    Example:
        >>> metric = FrechetDistance()
        >>> rng = np.random.default_rng(0)
        >>> real, fake = rng.integers(0, 256, (2, 100, 28, 28, 1), "uint8")
        >>> score = metric.compare(real, fake)
        >>> metric.protocol()["extractor"]
        'fashion_mnist'

    References:
        Heusel et al. 2017, GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash
        Equilibrium, arXiv:1706.08500, equation 6.
    """

    def __init__(self, extractor=FASHION_MNIST, resize="bilinear", name=None, dtype=None):
        model = get_extractor(extractor)
        # JAX has no float64 unless the whole process asks for it.
        default = "float32" if keras.backend.backend() == "jax" else "float64"
        default_name = "fid" if model.name == INCEPTION_2015 else f"frechet_{model.name}"
        super().__init__(name=name or default_name, dtype=dtype or default)
        self._config = {"resize": resize, "name": name, "dtype": dtype}
        # A model that was passed is saved with the metric: Keras finds it here. What a name or a
        # path stands for is not: Keras does not look into the plain ImageFeatures.
        self._source = extractor if extractor is model else str(extractor)
        self._expected_weights = None
        self._features = ImageFeatures(model, resize)
        self._reference = None
        self._real = self._add_sums("real", model.output_shape[-1])
        self._fake = self._add_sums("fake", model.output_shape[-1])

    def _add_sums(self, side, size):
        shapes = {"count": (), "sum": (size,), "outer": (size, size)}
        return tuple(
            self.add_weight(shape, "zeros", dtype=self.dtype, name=f"{side}_{key}")
            for key, shape in shapes.items()
        )

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
        if self._reference is None:
            if y_true is None:
                raise ValueError(f"{self.name} has no real images: pass them, or set_reference.")
            self._add(self._real, y_true)
        self._add(self._fake, y_pred)

    def _add(self, sums, images):
        if isinstance(images, np.ndarray) and not is_traced(self._fake[0]):
            additions = self._sums_of(images, len(images) or 1)
        else:
            features = ops.cast(self._features(images), self.dtype)
            count = ops.cast(ops.shape(features)[0], self.dtype)
            # The operator keeps float64, which `ops.matmul` rounds to float32 on PyTorch.
            outer = ops.transpose(features) @ features
            additions = count, ops.sum(features, axis=0), outer
        for variable, addition in zip(sums, additions, strict=True):
            variable.assign_add(ops.cast(addition, self.dtype))

    def _sums_of(self, images, batch_size):
        """Count, sum and outer products of an array's features, in numpy float64."""
        size = self._features.extractor.output_shape[-1]
        count, total, outer = 0, np.zeros(size), np.zeros((size, size))
        for features in self._features.batches(np.asarray(images), batch_size):
            count += len(features)
            total += features.sum(axis=0)
            outer += features.T @ features
        return count, total, outer

    def set_reference(self, images, batch_size=256):
        """Computes the real side once; `reset_state` then clears the fake side alone.

        Args:
            images: Numpy array of real images as in `update_state`, or None to forget the
                reference. It is not saved with the metric.
            batch_size: Images at a time.
        """
        self._reference = None if images is None else self._sums_of(images, batch_size)

    def compare(self, real, fake, batch_size=256):
        """The distance between two arrays; whatever was accumulated before is cleared.

        Args:
            real: Numpy array of real images as in `update_state`, replacing a reference; or None
                for the reference.
            fake: Numpy array of fake images.
            batch_size: Images at a time.

        Returns:
            The distance, a float.
        """
        if real is None and self._reference is None:
            raise ValueError(f"{self.name} has no real images: pass them, or set_reference.")
        self.reset_state()
        if real is not None:
            self._reference = None
            self._assign(self._real, self._sums_of(real, batch_size))
        self._assign(self._fake, self._sums_of(fake, batch_size))
        return self.result()

    def _assign(self, sums, values):
        for variable, value in zip(sums, values, strict=True):
            variable.assign(ops.convert_to_tensor(value, self.dtype))

    def result(self):
        """The distance so far, a float computed in numpy float64.

        NaN where a side has fewer than two images or a feature is not finite, and a NaN tensor
        inside a compiled function: `fit` and `evaluate` call it again outside for their logs.

        Raises:
            ValueError: The metric was restored without its extractor's weights.
        """
        if is_traced(self._fake[0]):
            return ops.full((), float("nan"), dtype="float32")
        if self._expected_weights not in (None, self._weights_hash()):
            raise ValueError(
                f'The weights of the extractor "{self._features.extractor.name}" did not come with '
                f"the configuration of {self.name}: create FrechetDistance(extractor) anew."
            )
        real, fake = (gaussian_from_sums(*sums) for sums in self._both_sides())
        return frechet_distance(*real, *fake)

    def _both_sides(self):
        fake = [ops.convert_to_numpy(variable) for variable in self._fake]
        if self._reference is not None:
            return self._reference, fake
        return [ops.convert_to_numpy(variable) for variable in self._real], fake

    def protocol(self):
        """What to write beside the score: all that it depends on besides the images.

        Returns:
            dict that json can hold: "score", "extractor" (name), "extractor_weights" (the first 12
            hex digits of their SHA-256), "features" (d), "resize", "ddof" (of the covariance),
            "num_real" and "num_fake".
        """
        extractor = self._features.extractor
        sized = None not in extractor.input_shape[1:3]
        real, fake = self._both_sides()
        return {
            "score": self.result(),
            "extractor": extractor.name,
            "extractor_weights": self._weights_hash(),
            "features": extractor.output_shape[-1],
            "resize": RESIZES[self._features.resize] if sized else "none",
            "ddof": 1,
            "num_real": int(real[0]),
            "num_fake": int(fake[0]),
        }

    def _weights_hash(self):
        digest = hashlib.sha256()
        for weight in self._features.extractor.weights:
            digest.update(ops.convert_to_numpy(weight).tobytes())
        return digest.hexdigest()[:12]

    def get_config(self):
        config = {**self._config, "extractor": self._source}
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
