"""The Frechet distance between real and generated images (the FID's formula)."""

import os
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.metrics.convert_inception import INCEPTION_2015
from keras_gans.metrics.extractors import FASHION_MNIST
from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.metrics.gaussians import frechet_distance as frechet_distance
from keras_gans.metrics.gaussians import gaussian_from_sums
from keras_gans.metrics.gaussians import gaussian_statistics as gaussian_statistics
from keras_gans.metrics.statistics_files import Statistics, read_statistics, write_statistics
from keras_gans.typing import DType, FilePath


@keras.saving.register_keras_serializable("keras_gans")
class FrechetDistance(FeatureMetric):
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

    Either side of `compare`, `measure` and `set_reference` may also be the path of an `.npz` file
    with a mean `mu` and a covariance `sigma`, as other tools write them, and `save_statistics`.

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

    prefix = "frechet"

    def __init__(
        self,
        extractor: FilePath | keras.Model = FASHION_MNIST,
        resize: str = "bilinear",
        name: str | None = None,
        dtype: DType | None = None,
    ):
        # JAX has no float64 unless the whole process asks for it.
        default = "float32" if keras.backend.backend() == "jax" else "float64"
        super().__init__(extractor, resize, name=name, dtype=dtype or default)
        self._config["dtype"] = dtype

    def name_with(self, extractor):
        return "fid" if extractor.name == INCEPTION_2015 else super().name_with(extractor)

    def keep(self, side, size):
        return KeptSums(self, side, size)

    def gather(self, batches):
        size = self._features.extractor.output_shape[-1]
        total = 0, np.zeros(size), np.zeros((size, size))
        for features in batches:
            total = tuple(a + b for a, b in zip(total, sums_of(features), strict=True))
        return total

    def of_features(self, features):
        return sums_of(features)

    def number_of(self, gathered):
        return gathered.number if isinstance(gathered, Statistics) else int(gathered[0])

    def score_of_gathered(self, real, fake):
        return frechet_distance(*gaussian_of(real), *gaussian_of(fake))

    def score_of(self, real, fake):
        return self.score_of_gathered(sums_of(real), sums_of(fake))

    def save_statistics(
        self, path: FilePath, images: Any, split: str | None = None, batch_size: int = 256
    ) -> None:
        """Writes the mean and the covariance of the features of images, to be compared later.

        Args:
            path: Path of an `.npz` file, whose folder exists. It holds `mu` and `sigma`, which
                other tools read, `n`, and `protocol`, a string of JSON.
            images: As in `compare`.
            split: What the images are, such as "train".
            batch_size: Images at a time.
        """
        sums = self._gathered_of(images, batch_size)
        mean, covariance = gaussian_of(sums)
        statistics = Statistics(mean, covariance, self.number_of(sums))
        write_statistics(path, statistics, {**self._how(), "split": split})

    def _gathered_of(self, images, batch_size):
        if is_statistics(images):
            return read_statistics(images, self._how())
        return super()._gathered_of(images, batch_size)

    def _all_of(self, images, batch_size):
        if is_statistics(images):
            return read_statistics(images, self._how())
        return super()._all_of(images, batch_size)

    def settings(self):
        return {"ddof": 1}

    def get_config(self):
        config = super().get_config()
        del config["capacity"]  # Sums hold any number of images.
        return config


class KeptSums:
    """The number, the sum and the summed outer products of features, in variables of a metric."""

    def __init__(self, metric, side, size):
        self.dtype = metric.dtype
        shapes = {"count": (), "sum": (size,), "outer": (size, size)}
        self.variables = [
            metric.add_weight(shape, "zeros", dtype=self.dtype, name=f"{side}_{key}")
            for key, shape in shapes.items()
        ]

    def add(self, features):
        """Add a batch of features [n, d]: of an array in numpy float64."""
        if not isinstance(features, np.ndarray):
            features = ops.cast(features, self.dtype)
        for variable, addition in zip(self.variables, sums_of(features), strict=True):
            variable.assign_add(ops.cast(addition, self.dtype))

    def read(self):
        return [ops.convert_to_numpy(variable) for variable in self.variables]


def is_statistics(images):
    """Whether it is the path of a file of statistics."""
    return isinstance(images, (str, os.PathLike)) and os.fspath(images).endswith(".npz")


def gaussian_of(side):
    """Mean and covariance of sums, or of `Statistics`."""
    return side[:2] if isinstance(side, Statistics) else gaussian_from_sums(*side)


def sums_of(features):
    """Number, sum [d] and summed outer products [d, d] of features, an array or a tensor."""
    if isinstance(features, np.ndarray):
        features = features.astype("float64")
        return len(features), features.sum(axis=0), features.T @ features
    count = ops.cast(ops.shape(features)[0], features.dtype)
    # The operator keeps float64, which `ops.matmul` rounds to float32 on PyTorch.
    return count, ops.sum(features, axis=0), ops.transpose(features) @ features
