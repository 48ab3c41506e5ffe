"""Runs end where their score is certainly worse."""

import types

import keras
import pytest

from keras_gans.callbacks import Checkpoint, Score, ScoreEarlyStopping
from keras_gans.metrics import FrechetDistance
from tests.backends import shown_on_tensorflow
from tests.harness import dense_gan, images_for


def metric():
    extractor = keras.Sequential([keras.Input((4, 4, 1)), keras.layers.Flatten()], name="pixels")
    return FrechetDistance(extractor)


def stopping(mode="min", patience=2):
    model = types.SimpleNamespace(stop_training=False)
    score = types.SimpleNamespace(name="score", mode=mode, repeats=10, begun=True, model=model)
    callback = ScoreEarlyStopping(score, patience)
    callback.set_model(model)
    callback.on_train_begin()
    return callback


def epochs_until_the_end(callback, values, half=1.0):
    for epoch, value in enumerate(values):
        logs = {"score": value, "score_low": value - half, "score_high": value + half}
        callback.on_epoch_end(epoch, logs)
        if callback.model.stop_training:
            return epoch + 1
    return None


NAN = float("nan")


@pytest.mark.parametrize(
    ("values", "end"),
    [
        ([5, 5.9, 5.5, 5.9, 5.9, 5.9], None),  # All within the noise.
        ([5, 6.1, 6.1, 4], 3),
        ([5, 6.1, 5.9, 6.1], 4),  # What says nothing leaves the count as it is.
        ([5, 6.1, 4.9, 6.1, 6.1], 5),  # A better one begins it anew.
        ([9, 8, 7, 6, 5], None),
        ([5, NAN, NAN], 3),
        ([NAN, 5, 4, 4.5], None),
    ],
)
def test_epochs_count_whose_interval_says_so(values, end):
    assert epochs_until_the_end(stopping(), values) == end
    assert epochs_until_the_end(stopping("max"), [-value for value in values]) == end


def test_the_count_is_kept_with_a_checkpoint():
    first, second = stopping(), stopping()
    epochs_until_the_end(first, [5, 6.1])
    second.set_state(first.get_state())
    assert epochs_until_the_end(second, [6.1]) == 1


@shown_on_tensorflow("callbacks are the same on every backend")
def test_a_run_ends_by_the_interval_that_a_score_logs(tmp_path):
    model = dense_gan()
    model.compile()
    pixels = images_for(model)
    score = Score(metric(), pixels, repeats=5)
    stop = ScoreEarlyStopping(score, patience=3)
    history = model.fit(
        pixels, epochs=2, verbose=0, callbacks=[score, stop, Checkpoint(tmp_path)]
    ).history
    for low, value, high in zip(
        *(history[f"{score.name}{end}"] for end in ("_low", "", "_high")), strict=True
    ):
        assert low < value < high
    assert stop.best == min(history[score.name])
    assert score.result.value == history[score.name][-1]
    assert score.result.protocol["weights"] == "raw"


def test_what_cannot_stop_a_run_is_told():
    with pytest.raises(TypeError, match=r"pass it the Score\(..., repeats=10\)"):
        ScoreEarlyStopping(Score(metric(), images_for(dense_gan())))
    with pytest.raises(ValueError, match="patience must be 1 or more"):
        stopping(patience=0)


@shown_on_tensorflow("callbacks are the same on every backend")
def test_a_score_that_comes_later_or_not_at_all_is_told_before_training():
    model = dense_gan()
    model.compile()
    pixels = images_for(model)
    score = Score(metric(), pixels, repeats=5)
    stop = ScoreEarlyStopping(score)
    model.fit(pixels, epochs=1, verbose=0, callbacks=[score, stop])
    steps = int(model.optimizer.generator.iterations)
    other = Score(metric(), pixels, repeats=5)
    for callbacks in ([stop, score], [stop], [other, stop]):
        with pytest.raises(ValueError, match="put its Score before it in `callbacks`"):
            model.fit(pixels, epochs=1, verbose=0, callbacks=callbacks)
    assert int(model.optimizer.generator.iterations) == steps
