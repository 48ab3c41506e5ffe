"""Inception-v3 of Keras; the graph of 2015 is tested with its weights: test_convert_inception."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gans.metrics import FrechetDistance, get_extractor
from keras_gans.networks import inception_keras
from keras_gans.networks.inception import FILE
from tests.backends import counted_once


@counted_once
def test_the_extractor_of_keras_is_named_so_and_its_distance_is_no_fid():
    extractor = inception_keras(weights=None)
    assert get_extractor(extractor) is extractor
    assert sum(int(np.prod(x.shape)) for x in extractor.weights) == 21_802_784
    assert not extractor.trainable_weights
    assert FrechetDistance(extractor).name == "frechet_inception_keras"


def test_the_extractor_of_keras_has_a_name_for_metrics(monkeypatch):
    def refuse(*arguments, **keywords):
        raise Exception("URL fetch failure")

    monkeypatch.setattr(keras.applications, "InceptionV3", refuse)
    with pytest.raises(OSError, match=FILE):
        get_extractor("inception_keras")


def test_an_average_counts_no_padding():
    pooled = layers.AveragePooling2D(3, 1, "same")(np.ones((1, 3, 4, 1), "float32"))
    np.testing.assert_allclose(ops.convert_to_numpy(pooled), 1.0, rtol=1e-6)
