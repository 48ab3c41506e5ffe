"""The metric is its pure function, of features of images: see test_neighbourhoods."""

import keras
import numpy as np
import pytest

from keras_gans.metrics import PrecisionRecall
from keras_gans.metrics.neighbourhoods import precision_recall
from tests.harness import dense_gan, images_for

RNG = np.random.default_rng(0)
REAL, FAKE = RNG.uniform(-1, 1, (2, 40, 2, 2, 1)).astype("float32")
FAKE = FAKE[:30] * np.float32(0.7)


def pixels(size=2):
    images = keras.Input((size, size, 1))
    return keras.Model(images, keras.layers.Flatten()(images), name="pixels")


def test_score_of_images_is_that_of_their_features():
    metric = PrecisionRecall(pixels(), k=4)
    expected = precision_recall(REAL.reshape(40, 4), FAKE.reshape(30, 4), 4)
    scores = metric.compare(REAL, FAKE, batch_size=16)
    names = ["precision_recall_pixels_precision", "precision_recall_pixels_recall"]
    assert list(scores) == metric.names == names
    assert [*scores.values()] == pytest.approx(expected, rel=1e-12)
    assert metric.protocol()["k"] == 4
    restored = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    assert restored.compare(REAL, FAKE) == scores


def test_evaluate_logs_both_numbers():
    model = dense_gan()
    metric = PrecisionRecall(pixels(model.image_shape[0]), k=2, name="of")
    model.compile(metrics=[metric])
    logs = model.evaluate(images_for(model), batch_size=4, verbose=0, return_dict=True)
    assert {name: logs[name] for name in metric.names} == pytest.approx(metric.result())
    assert np.isfinite([*metric.result().values()]).all()


def test_too_few_images_have_no_score_and_no_neighbour_is_told():
    metric = PrecisionRecall(pixels())
    assert np.isnan([*metric.compare(REAL[: metric.k], FAKE).values()]).all()
    assert np.isfinite([*metric.compare(REAL[: metric.k + 1], FAKE).values()]).all()
    with pytest.raises(ValueError, match="k is a whole number from 1 on; it was 0"):
        PrecisionRecall(pixels(), k=0)
