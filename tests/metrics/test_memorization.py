"""Copies are told from images that are only of the same kind."""

import keras
import numpy as np
import pytest

from keras_gans.metrics import (
    Memorization,
    closest_pairs,
    closest_pairs_picture,
    pixel_extractor,
)
from keras_gans.metrics.memorization import memorization
from tests.backends import shown_on_tensorflow

numpy_alone = shown_on_tensorflow("it is numpy alone")
RNG = np.random.default_rng(0)
TRAINING, HELD_OUT, FAKE = RNG.normal(size=(3, 600, 5))


@numpy_alone
def test_samples_of_the_same_kind_are_no_copies():
    scores = memorization(TRAINING, HELD_OUT, FAKE)
    assert scores["ratio"] == pytest.approx(1, abs=0.05)
    assert scores["copies"] < 0.03


@numpy_alone
@pytest.mark.parametrize("noise", [0.0, 1e-3])
def test_copies_are_counted_and_lower_the_ratio(noise):
    fake = FAKE.copy()
    fake[:150] = TRAINING[:150] + noise * RNG.normal(size=(150, 5))
    scores = memorization(TRAINING, HELD_OUT, fake)
    assert scores["copies"] == pytest.approx(0.25, abs=0.02)
    assert scores["ratio"] == pytest.approx(0.75, abs=0.05)


@numpy_alone
def test_scores_are_those_of_the_definition():
    training, held_out, fake = TRAINING[:60], HELD_OUT[:60], 0.8 * FAKE[:40]

    def nearest(a, b):
        return np.linalg.norm(a[:, None] - b, axis=2).min(axis=1)

    limit = np.quantile(nearest(held_out, training), 0.01)
    assert memorization(training, held_out, fake) == pytest.approx(
        {
            "ratio": nearest(fake, training).mean() / nearest(fake, held_out).mean(),
            "copies": np.mean(nearest(fake, training) < limit),
        },
        rel=1e-12,
    )


@numpy_alone
def test_many_training_images_are_no_memorization():
    few = memorization(TRAINING, HELD_OUT[:60], FAKE)
    assert few["ratio"] == pytest.approx(1, abs=0.15)


@numpy_alone
def test_of_equal_images_nothing_is_known():
    same = np.ones((9, 3))
    scores = memorization(same, same, same)
    assert np.isnan(scores["ratio"]) and scores["copies"] == 0


@numpy_alone
def test_closest_pairs_are_the_closest_first():
    fake = np.concatenate([FAKE, TRAINING[7:8] + 1e-6, TRAINING[3:4]])
    i, j, distances = closest_pairs(fake, TRAINING, 2)
    assert i.tolist() == [601, 600] and j.tolist() == [3, 7]
    np.testing.assert_allclose(distances, [0, 1e-6 * np.sqrt(5)], rtol=1e-6)
    assert len(closest_pairs(fake[:3], TRAINING, 10)[0]) == 3


def images(n, seed):
    return np.random.default_rng(seed).integers(0, 256, (n, 6, 6, 3), "uint8")


def test_the_metric_compares_with_held_out_images():
    metric = Memorization(pixel_extractor((6, 6, 3)))
    training, fake = images(40, 0), images(30, 1)
    with pytest.raises(ValueError, match=r"not trained on: name them by set_held_out"):
        metric.compare(training, fake)
    metric.set_held_out(images(40, 2))
    scores = metric.compare(training, fake)
    assert scores["memorization_pixels_ratio"] == pytest.approx(1, abs=0.1)
    fake[:15] = training[:15]
    scores = metric.compare(training, fake)
    assert scores["memorization_pixels_copies"] == pytest.approx(0.5, abs=0.05)
    assert metric.protocol()["num_held_out"] == 40
    restored = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    restored.set_held_out(images(40, 2))
    assert restored.compare(training, fake) == scores


def test_the_picture_has_each_sample_above_its_nearest():
    metric = Memorization(pixel_extractor((6, 6, 3)))
    training, fake = images(40, 0), images(30, 1)
    fake[9] = training[4]
    plain = closest_pairs_picture(fake, training, metric, count=3)
    metric.set_held_out(images(40, 2))
    picture = closest_pairs_picture(fake, training, metric, count=3)
    assert picture.dtype == np.uint8 and picture.shape[2] == 3
    assert picture.shape[0] == plain.shape[0]
    large = training[4].repeat(10, axis=0).repeat(10, axis=1)
    found = [
        (row, column)
        for row in range(picture.shape[0] - 60)
        for column in range(picture.shape[1] - 60)
        if (picture[row, column] == large[0, 0]).all()
        and (picture[row : row + 60, column : column + 60] == large).all()
    ]
    (above, left), (below, same) = found
    assert left == same and below - above == 80  # With a gap of two enlarged pixels.
