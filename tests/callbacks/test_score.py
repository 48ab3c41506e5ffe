"""Scores in the logs."""

import keras
import numpy as np
import pytest

from keras_gans.callbacks import Score
from keras_gans.metrics import FrechetDistance, SlicedWassersteinDistance
from tests.harness import dense_gan, images_for, progressive_gan


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
