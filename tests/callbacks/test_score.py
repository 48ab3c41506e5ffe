"""Scores in the logs."""

import copy
import csv

import keras
import numpy as np
import pytest

from keras_gans.callbacks import Checkpoint, Score
from keras_gans.metrics import (
    FrechetDistance,
    InceptionScore,
    KernelDistance,
    MaximumMeanDiscrepancy,
    PeakSignalToNoiseRatio,
    SampleSimilarity,
    SlicedWassersteinDistance,
)
from tests.harness import (
    conditional_gan,
    dense_gan,
    images,
    images_for,
    labels,
    pix2pix,
    progressive_gan,
)


def metric():
    extractor = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()], name="pixels")
    return FrechetDistance(extractor)


def test_later_callbacks_read_the_score_of_each_epoch(tmp_path):
    model = dense_gan()
    model.compile()
    score = Score(metric(), images_for(model))
    best = keras.callbacks.ModelCheckpoint(
        tmp_path / "best.keras", monitor=score.name, mode="min", save_best_only=True
    )
    history = model.fit(images_for(model), epochs=2, verbose=0, callbacks=[score, best]).history
    assert score.name == "frechet_pixels"
    assert len(history["frechet_pixels"]) == 2
    assert history["frechet_pixels"][-1] == pytest.approx(score.compute(model))
    loaded = keras.saving.load_model(tmp_path / "best.keras")
    assert score.compute(loaded) == pytest.approx(min(history["frechet_pixels"]), rel=1e-6)


def test_evaluate_gives_the_score_too():
    model = dense_gan()
    model.compile(metrics=[metric()])
    pixels = images_for(model)
    history = model.fit(pixels, verbose=0, validation_data=(pixels,)).history
    assert np.isfinite(history["val_frechet_pixels"]).all()
    assert "frechet_pixels" not in history
    first = model.evaluate(pixels, batch_size=4, verbose=0, return_dict=True)
    again = model.evaluate(pixels, batch_size=4, verbose=0, return_dict=True)
    assert first["frechet_pixels"] == again["frechet_pixels"] > 0


def test_a_compiled_score_survives_a_file(tmp_path):
    model = dense_gan()
    model.compile(metrics=[FrechetDistance()])
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert [m.name for m in loaded._compilation.scores] == ["frechet_fashion_mnist"]


def test_images_of_a_model_that_grows_are_enlarged():
    model = progressive_gan()
    assert model.generate(2, seed=0).shape == (2, 8, 8, 1)
    pixels = images_for(model)
    score = Score(SlicedWassersteinDistance(model.image_shape, patches_per_image=8), pixels)
    enlarged = model.generate(10, seed=0).repeat(2, axis=1).repeat(2, axis=2)
    assert score.compute(model) == score.metric.compare(pixels, enlarged)


def fit(score, *more, epochs=1, model=None):
    keras.utils.set_random_seed(0)
    model = dense_gan() if model is None else model
    model.compile(run_eagerly=keras.backend.backend() != "jax")
    x = images_for(model)
    return model.fit(x, epochs=epochs, verbose=0, callbacks=[score, *more]).history


def test_every_epoch_has_the_last_score_and_a_csv_file_its_column(tmp_path):
    score = Score(metric(), images_for(dense_gan()), every=2)
    logger = keras.callbacks.CSVLogger(tmp_path / "log.csv")
    scores = fit(score, logger, epochs=5)["frechet_pixels"]
    assert len(set(scores)) == 3
    assert (scores[1], scores[3]) == (scores[2], scores[4])
    with (tmp_path / "log.csv").open() as file:
        assert [float(row["frechet_pixels"]) for row in csv.DictReader(file)] == scores


def test_a_resumed_run_goes_on_with_the_last_score(tmp_path):
    def scores(folder, epochs):
        score = Score(metric(), images_for(dense_gan()), every=3)
        return fit(score, Checkpoint(folder), epochs=epochs)["frechet_pixels"]

    straight = scores(tmp_path / "straight", 4)
    scores(tmp_path / "run", 3)
    assert scores(tmp_path / "run", 4) == straight[3:]


def test_a_copy_scores_as_the_original_does():
    model = dense_gan()
    score = Score(metric(), images_for(model))
    copied = copy.deepcopy([score])[0]  # As KerasTuner does.
    assert copied.metric is not score.metric
    assert copied.compute(model) == score.compute(model)
    assert fit(copied)["frechet_pixels"] == fit(score)["frechet_pixels"]


def test_a_metric_of_pairs_is_refused():
    with pytest.raises(TypeError, match="PeakSignalToNoiseRatio compares pairs: pass it to comp"):
        Score(PeakSignalToNoiseRatio(), images(2))


def test_a_model_that_translates_is_refused_before_training():
    model = pix2pix()
    model.compile()
    with pytest.raises(TypeError, match="Pix2Pix generates none: pass metrics to its compile"):
        model.fit(
            images(4, (8, 8, 1)),
            images(4, (8, 8, 3)),
            verbose=0,
            callbacks=[Score(metric(), images(2))],
        )


@pytest.mark.parametrize(
    ("make", "shape", "arguments"),
    [
        (lambda: SlicedWassersteinDistance((8, 8, 1)), (8, 8, 1), {}),
        (SampleSimilarity, (4, 4, 1), {}),
        (lambda: SlicedWassersteinDistance((16, 16, 1)), (16, 16, 1), {"num_images": 6}),
        (metric, (4, 4, 2), {}),
    ],
)
def test_images_that_the_metric_cannot_compare_are_told_before_training(make, shape, arguments):
    model = dense_gan(side=16 if shape[0] == 16 else 4)
    model.generate = None  # It is never called.
    with pytest.raises(ValueError, match=r"(cannot compare \d+ images of shape|channels)"):
        fit(Score(make(), images(8, shape), **arguments), model=model)


@pytest.mark.parametrize("argument", ["every", "num_images"])
def test_numbers_below_one_are_refused(argument):
    with pytest.raises(ValueError, match=f"{argument} must be 1 or more; it was 0"):
        Score(SampleSimilarity(), images(2), **{argument: 0})


def test_a_conditional_model_is_scored_on_each_class_in_turn_or_on_those_asked_for():
    model = conditional_gan()
    model.compile()
    pixels, ids = images_for(model), labels()
    usual = Score(metric(), pixels)
    as_real = Score(metric(), pixels, conditions={"labels": ids})
    model.fit(pixels, ids, verbose=0, callbacks=[usual, as_real])
    for score, asked in ((usual, np.arange(10) % 3), (as_real, ids)):
        made = model.generate(10, seed=0, labels=asked)
        assert score.compute(model) == pytest.approx(score.metric.compare(None, made))


@pytest.mark.parametrize(
    ("conditions", "error", "sentence"),
    [
        ({"labels": [0] * 9}, ValueError, "10 by num_images, 9 by labels"),
        ({"labels": [3] * 10}, ValueError, "3 is one"),
        ({"labels": [-1] * 10}, ValueError, "-1 stands for no label"),
        ({"pose": [0] * 10}, TypeError, "reads labels; it was given 'pose'"),
        ({}, ValueError, "labels is missing"),
    ],
)
def test_conditions_that_the_model_cannot_take_are_told_before_training(
    conditions, error, sentence
):
    model = conditional_gan()
    model.compile()
    score = Score(metric(), images_for(model), conditions=conditions)
    with pytest.raises(error, match=sentence):
        model.fit(images_for(model), labels(), verbose=0, callbacks=[score])
    assert model.steps_taken("generator") == 0


def test_validation_keeps_the_best_epoch_by_a_score(tmp_path):
    model = dense_gan()
    score = MaximumMeanDiscrepancy(
        keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()]), name="mmd"
    )
    model.compile(metrics=[score])
    pixels = images_for(model)
    best = keras.callbacks.ModelCheckpoint(
        tmp_path / "best.keras", monitor="val_mmd", mode=score.mode, save_best_only=True
    )
    history = model.fit(
        pixels, epochs=3, verbose=0, validation_data=(pixels,), callbacks=[best]
    ).history
    loaded = keras.saving.load_model(tmp_path / "best.keras")
    scores = loaded.evaluate(pixels, verbose=0, return_dict=True)
    assert scores["mmd"] == pytest.approx(min(history["val_mmd"]), rel=1e-4)


def test_scores_of_several_numbers_are_logged_by_their_names():
    extractor = metric()._features.extractor
    score = Score(KernelDistance(extractor), images_for(dense_gan()))
    assert score.name == "kernel_pixels_mean" and score.mode == "min"
    logs = fit(score)
    assert {"kernel_pixels_mean", "kernel_pixels_std"} < set(logs)
    logits = Score(InceptionScore(extractor, splits=2), images_for(dense_gan()))
    assert logits.mode == "max"
    assert fit(logits)[logits.name][0] >= 1


def test_an_interval_is_asked_of_scores_of_features_only():
    with pytest.raises(TypeError, match=r"SampleSimilarity has none\. Leave `repeats` out"):
        Score(SampleSimilarity(), images(2), repeats=10)
