"""What callbacks remember, and what `compile` was given, in a resumed run."""

import contextlib

import keras
import numpy as np
import pytest

from keras_gans.callbacks import Checkpoint
from keras_gans.callbacks.run_state import compile_settings
from tests.callbacks.test_checkpoint import BACKEND, Interrupt, built, shuffled, tiny_gan
from tests.harness import assert_equal, everything


class Scores(keras.callbacks.Callback):
    """Logs these scores, one after each epoch; breaks off after `last` of them."""

    def __init__(self, *values, last=None):
        super().__init__()
        self.values = values
        self.last = last

    def on_epoch_end(self, epoch, logs=None):
        logs["score"] = self.values[epoch]

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == self.last:
            raise KeyboardInterrupt


def trained(folder, make, *scores, last=None, more=(), save_freq="epoch", model=None):
    """The callbacks that `make` makes, after a `fit` with these scores."""
    model = built() if model is None else model
    callbacks = make()
    with contextlib.suppress(KeyboardInterrupt):
        model.fit(
            shuffled(model),
            epochs=len(scores),
            verbose=0,
            callbacks=[
                Scores(*scores, last=last),
                *callbacks,
                *more,
                Checkpoint(folder, save_freq=save_freq),
            ],
        )
    return model, callbacks


def test_the_best_file_survives_a_resume(tmp_path):
    def best():
        path = tmp_path / "best.weights.h5"
        arguments = {"monitor": "score", "mode": "min", "save_best_only": True}
        return [keras.callbacks.ModelCheckpoint(path, save_weights_only=True, **arguments)]

    trained(tmp_path / "run", best, 0.5, 9.0, 9.0, last=1)
    written = (tmp_path / "best.weights.h5").read_bytes()
    _, (checkpoint,) = trained(tmp_path / "run", best, 0.5, 9.0, 8.0)
    assert checkpoint.best == 0.5
    assert (tmp_path / "best.weights.h5").read_bytes() == written


@pytest.mark.parametrize("save_freq", ["epoch", 2])
def test_patience_and_cooldown_go_on_after_a_resume(tmp_path, save_freq):
    def make():
        arguments = {"monitor": "score", "mode": "min", "patience": 2}
        return [
            keras.callbacks.EarlyStopping(**arguments, restore_best_weights=True),
            keras.callbacks.ReduceLROnPlateau(**arguments, factor=0.5, cooldown=1),
        ]

    scores = 2.0, 1.0, 3.0, 3.0, 3.0, 3.0
    straight, (stopping, plateau) = trained(tmp_path / "straight", make, *scores)
    # In the epoch after the first one without an improvement.
    interrupt = [Interrupt(18)] if save_freq == 2 else []
    arguments = {"save_freq": save_freq, "more": interrupt}
    trained(tmp_path / "run", make, *scores, last=None if interrupt else 3, **arguments)
    resumed, (resumed_stopping, resumed_plateau) = trained(tmp_path / "run", make, *scores)
    assert stopping.stopped_epoch == resumed_stopping.stopped_epoch == 3
    assert stopping.best_epoch == resumed_stopping.best_epoch == 1
    assert (resumed_plateau.wait, resumed_plateau.cooldown_counter) == (0, 1)
    assert (plateau.wait, plateau.cooldown_counter, plateau.best) == (0, 1, 1.0)
    # `restore_best_weights` has put those of the second epoch back.
    assert_equal(everything(straight), everything(resumed))


def test_a_callback_of_one_s_own_goes_on_after_a_resume(tmp_path):
    class Streak(keras.callbacks.Callback):
        seen = ()

        def on_train_begin(self, logs=None):
            self.seen = ()

        def on_epoch_end(self, epoch, logs=None):
            self.seen = (*self.seen, epoch)

        def get_state(self):
            return {"seen": self.seen}

        def set_state(self, state):
            self.seen = tuple(state["seen"])

    trained(tmp_path, lambda: [Streak()], 1.0, 1.0, 1.0, last=2)
    _, (streak,) = trained(tmp_path, lambda: [Streak()], 1.0, 1.0, 1.0)
    assert streak.seen == (0, 1, 2)


def test_a_callback_that_the_checkpoint_does_not_know_is_told(tmp_path):
    def stopping():
        return [keras.callbacks.EarlyStopping("score", mode="min", patience=9)]

    trained(tmp_path, list, 1.0, 1.0, last=1)
    with pytest.warns(UserWarning, match="holds nothing of EarlyStopping_score_0, which begins"):
        trained(tmp_path, stopping, 1.0, 1.0)


def test_the_rows_of_a_csv_file_survive_a_resume(tmp_path):
    def logger():
        return [keras.callbacks.CSVLogger(tmp_path / "log.csv")]

    trained(tmp_path / "run", logger, 1.0, 2.0)
    trained(tmp_path / "run", logger, 1.0, 2.0, 3.0)
    _, *rows = (tmp_path / "log.csv").read_text().splitlines()
    assert [row.split(",")[0] for row in rows] == ["0", "1", "2"]


def compiled(rate, **arguments):
    model = tiny_gan()
    optimizers = [keras.optimizers.Adam(r, **arguments) for r in (rate, 1e-3)]
    model.compile(*optimizers, run_eagerly=BACKEND != "jax")
    return model


def test_another_learning_rate_is_told_and_the_run_s_goes_on(tmp_path):
    trained(tmp_path, list, 1.0, 1.0, last=1, model=compiled(1e-4))
    for epochs in (2, 3):  # Told each time, and once only.
        with pytest.warns(UserWarning, match="generator.learning_rate 0.0002, where the run has"):
            model, _ = trained(tmp_path, list, *[1.0] * epochs, model=compiled(2e-4))
        assert float(model.optimizer.generator.learning_rate) == np.float32(1e-4)


def test_another_setting_of_an_optimizer_is_told_and_the_new_one_goes_on(tmp_path):
    trained(tmp_path, list, 1.0, 1.0, last=1, model=compiled(1e-4))
    with pytest.warns(UserWarning, match="generator.beta_1 0.5, where the run has 0.9"):
        model, _ = trained(tmp_path, list, 1.0, 1.0, model=compiled(1e-4, beta_1=0.5))
    assert model.optimizer.generator.beta_1 == 0.5


def test_a_rate_that_a_callback_has_lowered_is_no_other_setting(tmp_path):
    def halved():
        return [keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate / 2)]

    model, _ = trained(tmp_path, halved, 1.0, 1.0, model=compiled(1e-4))
    trained(tmp_path, halved, 1.0, 1.0, 1.0, model=model)
    trained(tmp_path, halved, 1.0, 1.0, 1.0, 1.0, model=compiled(1e-4))


def test_settings_are_named_by_player():
    settings = compile_settings(compiled(0.25, clipnorm=1.5))
    assert settings["generator.learning_rate"] == 0.25
    assert settings["discriminator.clipnorm"] == 1.5
