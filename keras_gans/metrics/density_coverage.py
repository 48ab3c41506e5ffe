"""Density and coverage of generated images."""

import keras

from keras_gans.engine.chunks import check_whole_number
from keras_gans.metrics.extractors import FASHION_MNIST
from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.metrics.neighbourhoods import density_coverage
from keras_gans.typing import DType, FilePath


@keras.saving.register_keras_serializable("keras_gans")
class DensityCoverage(FeatureMetric):
    """How densely generated images lie about real ones, and how many of these they lie about.

    About each real image is a ball, in the space of features, that reaches to the k-th nearest
    other real image. Density is the number of balls that a generated image lies in, the mean over
    images, divided by k; coverage is the share of balls with a generated image inside. Of other
    real images density is about 1 and coverage near 1. Unlike those of `PrecisionRecall`, no ball
    is about a generated image, so a few odd ones gain nothing. The result is a dict of the two;
    NaN where there are k real images or fewer. Distances are exact, as there.

    Args:
        extractor: See `FeatureMetric`.
        resize: Likewise.
        k: Integer >= 1, which neighbour a ball reaches to.
        capacity: See `FeatureMetric`.
        name: Likewise.
        dtype: Likewise.

    Raises:
        FileNotFoundError, TypeError, ValueError: From `get_extractor`, and for another `resize` or
            `k`.

    Example:
        >>> metric = DensityCoverage()
        >>> rng = np.random.default_rng(0)
        >>> real, fake = rng.integers(0, 256, (2, 100, 28, 28, 1), "uint8")
        >>> list(metric.compare(real, fake))
        ['density_coverage_fashion_mnist_density', 'density_coverage_fashion_mnist_coverage']

    References:
        Naeem et al. 2020, Reliable Fidelity and Diversity Metrics for Generative Models,
        arXiv:2002.09797, equations 3 and 4.
    """

    prefix = "density_coverage"
    values = ("density", "coverage")
    mode = "max"
    numbers = ("k",)

    def __init__(
        self,
        extractor: FilePath | keras.Model = FASHION_MNIST,
        resize: str = "bilinear",
        k: int = 5,
        capacity: int = 10_000,
        name: str | None = None,
        dtype: DType | None = None,
    ):
        check_whole_number("k", k, 1)
        super().__init__(extractor, resize, capacity, name, dtype)
        self.k = k

    def score_of(self, real, fake):
        if len(real) <= self.k:
            return dict.fromkeys(self.values, float("nan"))
        return dict(zip(self.values, density_coverage(real, fake, self.k), strict=True))
