"""The inception score: its equation, its ends, its splits, its classifier."""

import math

import keras
import numpy as np
import pytest

from keras_gans.metrics import InceptionScore, fashion_mnist_classifier
from keras_gans.metrics.inception_score import inception_score
from tests.backends import shown_on_tensorflow


def written_out(logits):
    """exp of the mean over x of sum over y of p(y|x) log(p(y|x) / p(y))."""
    p = [[math.exp(v) / math.fsum(map(math.exp, row)) for v in row] for row in logits]
    marginal = [math.fsum(column) / len(p) for column in zip(*p, strict=True)]
    terms = (a * math.log(a / b) for row in p for a, b in zip(row, marginal, strict=True))
    return math.exp(math.fsum(terms) / len(p))


def logits_as_pixels(classes=4):
    images = keras.Input((classes, 1, 1))
    return keras.Model(
        images, keras.layers.Rescaling(5.0)(keras.layers.Flatten()(images)), name="p"
    )


LOGITS = np.random.default_rng(0).uniform(-1, 1, (57, 4, 1, 1)).astype("float32")


@shown_on_tensorflow("numpy alone")
def test_the_score_of_logits_is_the_equation_between_its_ends():
    rng = np.random.default_rng(1)
    logits = rng.normal(0, 3, (40, 7))
    assert inception_score(logits) == pytest.approx(written_out(logits), rel=1e-12)
    assert inception_score(logits + 1e4) == pytest.approx(written_out(logits), rel=1e-9)
    assert inception_score(1e4 * np.eye(7)) == pytest.approx(7.0)
    for alike in (np.ones((5, 7)), logits[:1]):
        assert inception_score(alike) == pytest.approx(1.0, abs=1e-15)
    assert inception_score(np.repeat(logits, 3, 0)) == pytest.approx(written_out(logits))


def test_the_score_of_images_is_the_mean_over_splits_in_an_order_of_its_own():
    metric = InceptionScore(logits_as_pixels(), splits=5)
    score = metric.compare(None, LOGITS)
    order = np.random.default_rng(0).permutation(57)
    parts = [5 * LOGITS.reshape(57, 4)[order[a * 57 // 5 : (a + 1) * 57 // 5]] for a in range(5)]
    expected = [written_out(part) for part in parts]
    assert score["inception_score_p_mean"] == pytest.approx(np.mean(expected), rel=1e-6)
    assert score["inception_score_p_std"] == pytest.approx(np.std(expected), rel=1e-4)
    assert metric.mode == "max" and metric.protocol()["splits"] == 5
    assert np.isnan([*metric.compare(None, LOGITS[:4]).values()]).all()  # One split has none.


@shown_on_tensorflow("what the metric adds is numpy")
def test_it_takes_the_shipped_classifier_by_name_and_any_other_but_no_probabilities():
    images = np.random.default_rng(0).integers(0, 256, (20, 28, 28, 1), "uint8")
    metric = InceptionScore()
    score = metric.compare(None, images)
    assert 1 < score["inception_score_fashion_mnist_mean"] < 10
    other = InceptionScore(fashion_mnist_classifier(), name="other")
    assert other.compare(None, images)["other_mean"] == pytest.approx(next(iter(score.values())))
    restored = InceptionScore.from_config(metric.get_config())
    assert restored.compare(None, images) == score
    sure = keras.Sequential([logits_as_pixels(), keras.layers.Softmax()])
    with pytest.raises(ValueError, match=r"rows are probabilities.*leave out the softmax"):
        InceptionScore(sure).compare(None, LOGITS)
