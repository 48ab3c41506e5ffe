"""Metrics of generated images, for `evaluate`, for `fit` and alone."""

from keras_gans.metrics.classification_accuracy_score import classification_accuracy_score
from keras_gans.metrics.convert_inception import convert_inception
from keras_gans.metrics.density_coverage import DensityCoverage
from keras_gans.metrics.extractors import (
    cifar10_classifier,
    cifar10_extractor,
    fashion_mnist_classifier,
    fashion_mnist_extractor,
    get_extractor,
)
from keras_gans.metrics.feature_distance import FeatureDistance
from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.metrics.frechet_distance import FrechetDistance
from keras_gans.metrics.inception_score import InceptionScore
from keras_gans.metrics.kernel_distance import KernelDistance
from keras_gans.metrics.l1_distance import L1Distance
from keras_gans.metrics.maximum_mean_discrepancy import MaximumMeanDiscrepancy
from keras_gans.metrics.memorization import (
    Memorization,
    closest_pairs,
    closest_pairs_picture,
    pixel_extractor,
)
from keras_gans.metrics.mode_coverage import ModeCoverage
from keras_gans.metrics.peak_signal_to_noise_ratio import PeakSignalToNoiseRatio
from keras_gans.metrics.perceptual_path_length import perceptual_path_length
from keras_gans.metrics.precision_recall import PrecisionRecall
from keras_gans.metrics.rank import Rank, rank
from keras_gans.metrics.result import Result
from keras_gans.metrics.sample_similarity import SampleSimilarity
from keras_gans.metrics.sliced_wasserstein_distance import SlicedWassersteinDistance
from keras_gans.metrics.stacked_mode_coverage import StackedModeCoverage
from keras_gans.metrics.structural_similarity import (
    MultiScaleStructuralSimilarity,
    StructuralSimilarity,
)

__all__ = [
    "DensityCoverage",
    "FeatureDistance",
    "FeatureMetric",
    "FrechetDistance",
    "InceptionScore",
    "KernelDistance",
    "L1Distance",
    "MaximumMeanDiscrepancy",
    "Memorization",
    "ModeCoverage",
    "MultiScaleStructuralSimilarity",
    "PeakSignalToNoiseRatio",
    "PrecisionRecall",
    "Rank",
    "Result",
    "SampleSimilarity",
    "SlicedWassersteinDistance",
    "StackedModeCoverage",
    "StructuralSimilarity",
    "cifar10_classifier",
    "cifar10_extractor",
    "classification_accuracy_score",
    "closest_pairs",
    "closest_pairs_picture",
    "convert_inception",
    "fashion_mnist_classifier",
    "fashion_mnist_extractor",
    "get_extractor",
    "perceptual_path_length",
    "pixel_extractor",
    "rank",
]
