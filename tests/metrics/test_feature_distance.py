"""The distance in the features of a network, against numpy."""

import keras
import numpy as np
import pytest

from keras_gans.metrics import FeatureDistance


def extractor(outputs=1):
    keras.utils.set_random_seed(0)
    images = keras.Input((None, None, 3))
    maps = [keras.layers.Conv2D(4, 3, strides=i + 1)(images) for i in range(outputs)]
    return keras.Model(images, maps if outputs > 1 else maps[0])


def pairs(n=3):
    return np.random.default_rng(0).uniform(-1, 1, (2, n, 8, 8, 3)).astype("float32")


@pytest.mark.parametrize("outputs", [1, 2])
def test_it_is_the_equation(outputs):
    network, (real, fake) = extractor(outputs), pairs()
    maps = [network.predict(images, verbose=0) for images in (real, fake)]
    maps = [x if outputs > 1 else [x] for x in maps]
    expected = []
    for a, b in zip(*maps, strict=True):
        a, b = (
            x.astype("float64") / np.linalg.norm(x.astype("float64"), axis=-1, keepdims=True)
            for x in (a, b)
        )
        expected.append(((a - b) ** 2).sum(axis=-1).mean())
    metric = FeatureDistance(network)
    metric.update_state(real[:2], fake[:2])
    metric.update_state(real[2:], fake[2:])
    assert float(metric.result()) == pytest.approx(np.mean(expected), rel=1e-4)
    metric.reset_state()
    assert float(metric(real, real)) == 0.0


def test_a_copy_from_its_configuration_has_the_same_network():
    metric = FeatureDistance(extractor())
    copy = FeatureDistance.from_config(metric.get_config())
    copy.extractor.set_weights(metric.extractor.get_weights())
    real, fake = pairs()
    assert float(copy(real, fake)) == pytest.approx(float(metric(real, fake)), rel=1e-6)


def test_half_precision_features_are_compared_in_float32():
    images = keras.Input((None, None, 3))
    halves = keras.layers.Rescaling(400.0, dtype="float16")(images)  # 400^2 is beyond float16.
    wholes = keras.layers.Rescaling(400.0, dtype="float32")(images)
    half, whole = (FeatureDistance(keras.Model(images, maps)) for maps in (halves, wholes))
    real, fake = pairs()
    assert float(half(real, fake)) == pytest.approx(float(whole(real, fake)), rel=1e-3)
