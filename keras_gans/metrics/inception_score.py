"""The inception score of generated images, by any classifier."""

import itertools

import keras
import numpy as np

from keras_gans.metrics.convert_inception import INCEPTION_2015
from keras_gans.metrics.extractors import (
    CIFAR10,
    FASHION_MNIST,
    cifar10_classifier,
    fashion_mnist_classifier,
    get_extractor,
)
from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.typing import DType, FilePath

CLASSIFIERS = {FASHION_MNIST: fashion_mnist_classifier, CIFAR10: cifar10_classifier}


@keras.saving.register_keras_serializable("keras_gans")
class InceptionScore(FeatureMetric):
    """exp E KL(p(y|x) || p(y)): how sure a classifier is of each image, and how varied of all.

    It lies between 1 and the number of classes; larger is better. Real images are not looked at:
    what they have among themselves is `compare(None, real)`. Two numbers, in a dict by the metric's
    name and

        _mean  the mean over splits of the images,
        _std   its deviation over them.

    Only numbers of one classifier and of equally many images compare: those of papers are by the
    Inception network (`convert_inception(path, head="logits")`), of 50,000 images in 10 splits. The
    images are put into random order before they are split, since those of a folder are often sorted
    by class.

    Args:
        extractor: The classifier: "fashion_mnist" or "cifar10" (shipped), the path of a .keras
            file, or a keras.Model from images in [-1, 1] to logits [n, classes].
        resize: As in `FeatureMetric`.
        splits: Integer.
        seed: Integer, of the order.
        capacity: As in `FeatureMetric`.
        name: Defaults to "inception_score" for "inception_2015_logits", else to this and the
            classifier's name.
        dtype: As in `FeatureMetric`.

    Raises:
        ValueError: A classifier that gives probabilities, not logits.

    Example:
        >>> metric = InceptionScore()
        >>> images = np.random.default_rng(0).integers(0, 256, (100, 28, 28, 1), "uint8")
        >>> scores = metric.compare(None, images)
        >>> 1 <= scores["inception_score_fashion_mnist_mean"] <= 10
        True

    References:
        Salimans et al. 2016, Improved Techniques for Training GANs, arXiv:1606.03498, section 4.
    """

    prefix = "inception_score"
    values = ("mean", "std")
    mode = "max"
    numbers = ("splits",)
    needs_real = False

    def __init__(
        self,
        extractor: FilePath | keras.Model = FASHION_MNIST,
        resize: str = "bilinear",
        splits: int = 10,
        seed: int = 0,
        capacity: int = 10_000,
        name: str | None = None,
        dtype: DType | None = None,
    ):
        super().__init__(extractor, resize, capacity, name, dtype)
        self.splits = splits
        self.seed = seed

    def extractor_of(self, extractor):
        return get_classifier(extractor)

    def name_with(self, extractor):
        if extractor.name == f"{INCEPTION_2015}_logits":
            return self.prefix
        return super().name_with(extractor)

    def score_of(self, real, fake):
        if fake.min() >= 0 and np.allclose(fake.sum(axis=1), 1, atol=1e-3):
            raise ValueError(
                f"{self.name} takes a classifier that gives logits, but its rows are "
                "probabilities, which add up to 1: leave out the softmax of the last layer."
            )
        if len(fake) < self.splits:
            return {"mean": np.nan, "std": np.nan}
        order = np.random.default_rng(self.seed).permutation(len(fake))
        scores = scores_of_splits(fake[order], self.splits)
        return {"mean": np.mean(scores), "std": np.std(scores)}

    def get_config(self):
        return {**super().get_config(), "seed": self.seed}


def get_classifier(classifier):
    """The keras.Model, from images to logits, that the argument of `InceptionScore` stands for."""
    if isinstance(classifier, str) and classifier in CLASSIFIERS:
        model = CLASSIFIERS[classifier]()
        return keras.Model(model.input, model.output, name=classifier)
    return get_extractor(classifier)


def scores_of_splits(logits, splits):
    """List of the inception scores of so many equal parts, give or take one row."""
    ends = [i * len(logits) // splits for i in range(splits + 1)]
    return [inception_score(logits[a:b]) for a, b in itertools.pairwise(ends)]


def inception_score(logits):
    """exp of the mean KL(p(y|x) || p(y)) of rows of logits, in float64.

    Args:
        logits: Array [n, classes].

    Returns:
        A float from 1 to the number of classes.

    Example:
        >>> round(inception_score(100 * np.eye(5)), 6)  # Sure of each, and all equally frequent.
        5.0
    """
    logits = np.asarray(logits, "float64")
    logits = logits - logits.max(axis=1, keepdims=True)
    log_p = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    p = np.exp(log_p)
    marginal = p.mean(axis=0)
    # A class that nothing belongs to has a product of zero.
    log_marginal = np.log(np.maximum(marginal, np.finfo("float64").tiny))
    return float(np.exp((p * (log_p - log_marginal)).sum(axis=1).mean()))
