"""The maximum mean discrepancy of real and generated images under Gaussian kernels."""

import functools
from collections.abc import Sequence

import keras
import numpy as np

from keras_gans.metrics.extractors import FASHION_MNIST
from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.metrics.kernels import gaussian_kernel, median_distance, squared_discrepancy
from keras_gans.typing import DType, FilePath


@keras.saving.register_keras_serializable("keras_gans")
class MaximumMeanDiscrepancy(FeatureMetric):
    """Squared MMD of features under a sum of Gaussian kernels.

    With k(x, y) = sum over s of exp(-|x - y|^2 / (2 s^2)) it is

        E k(x, x') + E k(y, y') - 2 E k(x, y),

    of independent real x, x' and fake y, y': the squared distance of the mean embeddings, 0 for
    equal distributions alone. The unbiased estimate may be negative.

    Args:
        extractor: As in `FeatureMetric`.
        resize: As in `FeatureMetric`.
        bandwidths: Tuple of floats above 0, the s; or None for the median heuristic, one s that is
            the median distance of real features. Generators that are compared with the same real
            images have the same kernel then.
        biased: Bool. Whether an image is paired with itself, too; see `squared_discrepancy`.
        capacity: As in `FeatureMetric`.
        name: Defaults to "mmd_" and the extractor's name.
        dtype: As in `FeatureMetric`.

    Raises:
        ValueError: No bandwidth, or one that is not above 0.

    Example:
        >>> metric = MaximumMeanDiscrepancy(bandwidths=(5.0, 10.0))
        >>> images = np.random.default_rng(0).integers(0, 256, (100, 28, 28, 1), "uint8")
        >>> abs(metric.compare(images, images)) < 0.1
        True

    References:
        Gretton et al. 2012, A Kernel Two-Sample Test, JMLR 13, equations 3 and 5; section 8 for the
        median heuristic.
    """

    prefix = "mmd"

    def __init__(
        self,
        extractor: FilePath | keras.Model = FASHION_MNIST,
        resize: str = "bilinear",
        bandwidths: Sequence[float] | None = None,
        biased: bool = False,
        capacity: int = 10_000,
        name: str | None = None,
        dtype: DType | None = None,
    ):
        if bandwidths is not None and not (bandwidths and all(s > 0 for s in bandwidths)):
            raise ValueError(
                f"`bandwidths` are floats above 0, or None for the median; it was {bandwidths!r}."
            )
        super().__init__(extractor, resize, capacity, name, dtype)
        self.bandwidths = None if bandwidths is None else tuple(map(float, bandwidths))
        self.biased = biased

    def score_of(self, real, fake):
        bandwidths = self.bandwidths or (median_distance(real),)
        if np.isnan(bandwidths).any():  # Real images that are all the same.
            return float("nan")
        kernel = functools.partial(gaussian_kernel, bandwidths=bandwidths)
        return squared_discrepancy(real, fake, kernel, self.biased)

    def settings(self):
        bandwidths = "median of real" if self.bandwidths is None else [*self.bandwidths]
        return {"bandwidths": bandwidths, "biased": self.biased}

    def get_config(self):
        return {**super().get_config(), "bandwidths": self.bandwidths, "biased": self.biased}
