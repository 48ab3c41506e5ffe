"""Metrics of generated images, for `evaluate`, for `fit` and alone."""

from keras_gans.metrics.extractors import fashion_mnist_extractor, get_extractor
from keras_gans.metrics.frechet_distance import FrechetDistance

__all__ = ["FrechetDistance", "fashion_mnist_extractor", "get_extractor"]
