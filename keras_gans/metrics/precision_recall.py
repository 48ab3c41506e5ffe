"""Precision and recall of generated images."""

import keras

from keras_gans.engine.chunks import check_whole_number
from keras_gans.metrics.extractors import FASHION_MNIST
from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.metrics.neighbourhoods import precision_recall
from keras_gans.typing import DType, FilePath


@keras.saving.register_keras_serializable("keras_gans")
class PrecisionRecall(FeatureMetric):
    """How many generated images lie among real ones, and how many real ones among generated ones.

    About each image is a ball, in the space of features, that reaches to the k-th nearest other
    image of its set. Precision is the share of generated images in a ball about a real one: how
    good images are. Recall is the share of real images in a ball about a generated one: how much
    of what is real can be made. The result is a dict of the two, from 0 to 1; NaN where a side has
    k images or fewer.

    Both depend on how many images there are of each side, 50,000 in the paper, and other real
    images have less than 1, too. Distances are exact: float32 decides about no image that its
    rounding leaves in doubt.

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
        >>> metric = PrecisionRecall()
        >>> rng = np.random.default_rng(0)
        >>> real, fake = rng.integers(0, 256, (2, 100, 28, 28, 1), "uint8")
        >>> list(metric.compare(real, fake))
        ['precision_recall_fashion_mnist_precision', 'precision_recall_fashion_mnist_recall']

    References:
        Kynkaanniemi et al. 2019, Improved Precision and Recall Metric for Assessing Generative
        Models, arXiv:1904.06991, equations 1 and 2.
    """

    prefix = "precision_recall"
    values = ("precision", "recall")
    mode = "max"
    numbers = ("k",)

    def __init__(
        self,
        extractor: FilePath | keras.Model = FASHION_MNIST,
        resize: str = "bilinear",
        k: int = 3,
        capacity: int = 10_000,
        name: str | None = None,
        dtype: DType | None = None,
    ):
        check_whole_number("k", k, 1)
        super().__init__(extractor, resize, capacity, name, dtype)
        self.k = k

    def score_of(self, real, fake):
        if min(len(real), len(fake)) <= self.k:
            return dict.fromkeys(self.values, float("nan"))
        return dict(zip(self.values, precision_recall(real, fake, self.k), strict=True))
