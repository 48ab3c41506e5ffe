"""The kernel distance between real and generated images (the KID's formula)."""

import functools

import keras
import numpy as np

from keras_gans.metrics.convert_inception import INCEPTION_2015
from keras_gans.metrics.extractors import FASHION_MNIST
from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.metrics.kernels import polynomial_kernel, squared_discrepancy
from keras_gans.typing import DType, FilePath


@keras.saving.register_keras_serializable("keras_gans")
class KernelDistance(FeatureMetric):
    """Unbiased squared MMD of features under the kernel (x . y / d + 1)^3, over random subsets.

    Two numbers, in a dict by the metric's name and

        _mean  the mean over subsets of the squared discrepancy,
        _std   its deviation from subset to subset (that of one subset, not of the mean).

    Where both sets are of one distribution the mean is near 0, and may be below. Unlike the Frechet
    distance it has no bias that depends on how many images there are. It is called KID only where
    the extractor is the Inception network of the paper.

    Args:
        extractor: As in `FeatureMetric`.
        resize: As in `FeatureMetric`.
        subsets: Integer, how many.
        subset_size: Integer, images of each side in a subset, drawn without replacement; of fewer
            images all are in every subset.
        degree: Integer, the power.
        seed: Integer, of the subsets: the same images have the same distance.
        capacity: As in `FeatureMetric`.
        name: Defaults to "kid" for "inception_2015", else to "kernel_" and the extractor's name.
        dtype: As in `FeatureMetric`.

    Example:
        >>> metric = KernelDistance(subset_size=50)
        >>> rng = np.random.default_rng(0)
        >>> real, fake = rng.integers(0, 256, (2, 100, 28, 28, 1), "uint8")
        >>> sorted(metric.compare(real, fake))
        ['kernel_fashion_mnist_mean', 'kernel_fashion_mnist_std']

    References:
        Binkowski et al. 2018, Demystifying MMD GANs, arXiv:1801.01401, section 4; 100 subsets of
        1,000 are what most authors report.
    """

    prefix = "kernel"
    values = ("mean", "std")
    numbers = ("subsets", "subset_size", "degree")

    def __init__(
        self,
        extractor: FilePath | keras.Model = FASHION_MNIST,
        resize: str = "bilinear",
        subsets: int = 100,
        subset_size: int = 1000,
        degree: int = 3,
        seed: int = 0,
        capacity: int = 10_000,
        name: str | None = None,
        dtype: DType | None = None,
    ):
        super().__init__(extractor, resize, capacity, name, dtype)
        self.subsets = subsets
        self.subset_size = subset_size
        self.degree = degree
        self.seed = seed

    def name_with(self, extractor):
        return "kid" if extractor.name == INCEPTION_2015 else super().name_with(extractor)

    def score_of(self, real, fake):
        rng = np.random.default_rng(self.seed)
        # Products of float32 lose digits where all features have a large part in common.
        middle = real.mean(axis=0, dtype="float64").astype(real.dtype)
        real, fake = real - middle, fake - middle
        kernel = functools.partial(polynomial_kernel, degree=self.degree, middle=middle)
        size = min(self.subset_size, len(real), len(fake))
        # Whole sets are the same in every subset.
        number = 1 if size == len(real) == len(fake) else self.subsets
        distances = [
            squared_discrepancy(
                *(side[rng.permutation(len(side))[:size]] for side in (real, fake)), kernel
            )
            for _ in range(number)
        ]
        return {"mean": np.mean(distances), "std": np.std(distances)}

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}
