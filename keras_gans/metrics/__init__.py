"""Metrics of generated images, for `evaluate`, for `fit` and alone."""

from keras_gans.metrics.extractors import fashion_mnist_extractor as fashion_mnist_extractor
from keras_gans.metrics.extractors import get_extractor as get_extractor
from keras_gans.metrics.frechet_distance import FrechetDistance as FrechetDistance
