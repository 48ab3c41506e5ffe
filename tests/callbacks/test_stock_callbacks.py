"""The rows of docs/callbacks.md, one by one."""

import csv
import re
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import callbacks

from keras_gans.callbacks import (
    Checkpoint,
    CollapseMonitor,
    GrowthStrip,
    SampleGrid,
    Score,
    TranslationGrid,
)
from keras_gans.data import ImageDataset, SetEpoch
from keras_gans.metrics import SampleSimilarity
from keras_gans.models import GAN
from keras_gans_cli.run import Run
from tests.harness import (
    assert_equal,
    changed,
    dense_gan,
    everything,
    images,
    images_for,
    state_of,
)

Adam, SGD = keras.optimizers.Adam, keras.optimizers.SGD
ExponentialDecay = keras.optimizers.schedules.ExponentialDecay
PLAYERS = ("generator", "discriminator")


def fit(model, callbacks=(), epochs=1, n=8, **arguments):
    arguments = {"batch_size": 4, "shuffle": False, "verbose": 0, **arguments}
    return model.fit(images_for(model, n), epochs=epochs, callbacks=[*callbacks], **arguments)


def all_variables(model):
    return [*model.variables, *model.optimizer.variables]


@pytest.fixture(scope="module")
def compiled():
    """One model for most tests, so that its steps are compiled once."""
    keras.utils.set_random_seed(0)
    model = dense_gan()
    distance = keras.metrics.MeanSquaredError(name="distance")
    model.compile(Adam(1e-3, name="given"), Adam(4e-3, name="given"), metrics=[distance])
    return model, everything(model)


@pytest.fixture
def model(compiled):
    """It, as it was before any training; the generator learns at 0.001, its opponent at 0.004."""
    model, start = compiled
    reset(model, start)
    return model


def reset(model, start):
    for variable, value in zip(all_variables(model), start, strict=True):
        variable.assign(value)


def simple_gan(run_eagerly=True, **optimizers):
    """One layer per player, and no compiler unless asked for."""
    layers = keras.layers
    generator = [keras.Input((4,)), layers.Dense(16, activation="tanh"), layers.Reshape((4, 4, 1))]
    discriminator = [keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(1)]
    networks = [keras.Sequential(network) for network in (generator, discriminator)]
    model = GAN(*networks, latent_dim=4, seed=3)
    optimizers = {f"{player}_optimizer": given for player, given in optimizers.items()}
    model.compile(**optimizers, run_eagerly=run_eagerly)
    return model


def networks_of(model):
    return [(player, getattr(model, player)) for player in PLAYERS]


class Scores(callbacks.Callback):
    """Writes a score into the logs after each epoch, as `keras_gans.callbacks.Score` does."""

    def __init__(self, *values):
        super().__init__()
        self.values = values

    def on_epoch_end(self, epoch, logs=None):
        logs["score"] = self.values[epoch]


class Recorder(callbacks.Callback):
    """Keeps what `read(model)` returns after each epoch, or after each step."""

    def __init__(self, read, each_step=False):
        super().__init__()
        self.read = read
        self.each_step = each_step
        self.seen = []

    def on_train_batch_end(self, batch, logs=None):
        if self.each_step:
            self.seen.append(self.read(self.model))

    def on_epoch_end(self, epoch, logs=None):
        if not self.each_step:
            self.seen.append(self.read(self.model))


# The table.


def rows():
    text = (Path(__file__).parents[2] / "docs" / "callbacks.md").read_text()
    return dict(re.findall(r"^\| `(\w+)[^`]*` \| (\w+)", text, flags=re.MULTILINE))


def test_the_table_has_a_row_for_every_callback_of_keras():
    exported = {name for name in dir(callbacks) if isinstance(getattr(callbacks, name), type)}
    assert exported - set(rows()) == {"Callback", "CallbackList"}
    refused = {name for name, works in rows().items() if works == "no"}
    assert refused == {"SwapEMAWeights", "OrbaxCheckpoint"}


# Learning rates.


def test_learning_rate_scheduler_starts_from_each_player_s_own_rate(model):
    weights = Recorder(lambda model: state_of(model.trainable_variables))
    schedule = callbacks.LearningRateScheduler(lambda epoch, rate: 0.0 if epoch else rate / 2)
    history = fit(model, [schedule, weights], epochs=2).history
    assert history["learning_rate_generator"] == pytest.approx([5e-4, 0.0])
    assert history["learning_rate_discriminator"] == pytest.approx([2e-3, 0.0])
    assert_equal(*weights.seen, "a rate of 0 must keep the weights")


def test_reduce_lr_on_plateau_lowers_each_player_s_own_rate(model):
    plateau = callbacks.ReduceLROnPlateau("score", mode="min", factor=0.5, patience=1, min_lr=8e-4)
    history = fit(model, [Scores(2.0, 1.0, 1.0, 1.0), plateau], epochs=4).history
    assert history["learning_rate_generator"] == pytest.approx([1e-3, 1e-3, 1e-3, 8e-4])
    assert history["learning_rate_discriminator"] == pytest.approx([4e-3, 4e-3, 4e-3, 2e-3])
    assert float(model.optimizer.discriminator.learning_rate) == pytest.approx(1e-3)


@pytest.mark.parametrize(
    "callback",
    [
        callbacks.LearningRateScheduler(lambda epoch: 0.1),
        callbacks.ReduceLROnPlateau(),
    ],
    ids=lambda callback: type(callback).__name__,
)
@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: Adam(ExponentialDecay(0.1, 1, 0.5)),
        lambda: keras.optimizers.LossScaleOptimizer(Adam(ExponentialDecay(0.1, 1, 0.5))),
        lambda: Adam(lambda: 0.1),
    ],
    ids=["schedule", "loss scaling", "function"],
)
def test_a_rate_that_follows_a_schedule_is_not_set(callback, optimizer):
    model = simple_gan(generator=optimizer(), discriminator="sgd")
    with pytest.raises(ValueError, match="that of the generator is a schedule"):
        fit(model, [callback])
    assert int(model.optimizer.discriminator.iterations) == 0


# What the callbacks monitor, and files.


@pytest.mark.parametrize(
    "callback",
    [callbacks.ReduceLROnPlateau, callbacks.EarlyStopping, callbacks.ModelCheckpoint],
)
def test_a_score_without_a_direction_is_refused_before_training(callback, model):
    path = {"filepath": "unused.keras"} if callback is callbacks.ModelCheckpoint else {}
    with pytest.raises(ValueError, match=r"smaller 'val_distance' is the better.*mode=\"min\""):
        fit(model, [callback(**path, monitor="val_distance")])
    assert int(model.optimizer.iterations) == 0


@pytest.mark.parametrize("mode", ["min", "max"])
def test_model_checkpoint_keeps_the_weights_of_the_best_epoch(model, tmp_path, mode):
    path = tmp_path / "best.weights.h5"
    best = callbacks.ModelCheckpoint(
        path, monitor="val_distance", mode=mode, save_best_only=True, save_weights_only=True
    )
    state = Recorder(everything)
    data = (images_for(model, 8),)
    history = fit(model, [best, state], epochs=3, validation_data=data).history
    fit(model, [state])
    epoch = int(getattr(np, f"arg{mode}")(history["val_distance"]))
    model.load_weights(path)
    assert_equal(state.seen[epoch], everything(model))
    fit(model)
    assert_equal(state.seen[epoch + 1], everything(model))


def test_model_checkpoint_writes_a_model_that_goes_on_training(tmp_path):
    path = tmp_path / "epoch_{epoch}.keras"
    straight = simple_gan(generator=Adam(1e-3), discriminator=Adam(4e-3))
    fit(straight, [callbacks.ModelCheckpoint(path)], epochs=2)
    loaded = keras.saving.load_model(tmp_path / "epoch_1.keras")
    assert [float(o.learning_rate) for o in loaded.optimizer.optimizers] == pytest.approx(
        [4e-3, 1e-3]
    )
    fit(loaded)
    assert_equal(everything(straight), everything(loaded))


def test_a_whole_model_in_hdf5_is_refused(model, tmp_path):
    with pytest.raises(ValueError, match=r"ends in `\.keras`"):
        fit(model, [callbacks.ModelCheckpoint(tmp_path / "model.h5")])


def test_early_stopping_restores_weights_and_leaves_optimizers_where_they_are(model):
    stop = callbacks.EarlyStopping("score", mode="min", patience=1, restore_best_weights=True)
    weights = Recorder(lambda model: state_of(model.weights))
    optimizers = Recorder(lambda model: state_of(model.optimizer.variables))
    fit(model, [Scores(2.0, 1.0, 3.0, 4.0), stop, weights, optimizers], epochs=4)
    assert len(weights.seen) == 3
    assert changed(weights.seen[1], weights.seen[2])
    assert_equal(weights.seen[1], state_of(model.weights))
    assert_equal(optimizers.seen[2], state_of(model.optimizer.variables))


@pytest.mark.parametrize("player", PLAYERS)
@pytest.mark.parametrize("raise_error", [False, True])
def test_terminate_on_nan_watches_both_players(model, player, raise_error):
    network = getattr(model, player)

    def poison(epoch, logs):
        if epoch == 1:
            network.set_weights([weight * np.nan for weight in network.get_weights()])

    steps = Recorder(lambda model: int(model.optimizer.iterations), each_step=True)
    watch = callbacks.TerminateOnNaN(raise_error=raise_error)
    arguments = [callbacks.LambdaCallback(on_epoch_begin=poison), steps, watch]
    if raise_error:
        with pytest.raises(RuntimeError, match="NaN"):
            fit(model, arguments, epochs=3)
    else:
        assert len(fit(model, arguments, epochs=3).epoch) == 2
    assert steps.seen == [1, 2, 3]


def test_a_run_that_ends_in_nan_keeps_the_backup_of_the_last_good_epoch(model, tmp_path):
    def poison(epoch, logs):
        if epoch == 1:
            model.generator.set_weights([w * np.nan for w in model.generator.get_weights()])

    watch = callbacks.TerminateOnNaN(raise_error=True)
    backup = callbacks.BackupAndRestore(tmp_path / "backup")
    with pytest.raises(RuntimeError, match="NaN"):
        fit(model, [callbacks.LambdaCallback(on_epoch_begin=poison), watch, backup], epochs=3)
    model.load_weights(tmp_path / "backup" / "latest.weights.h5")
    assert all(np.isfinite(weight).all() for weight in model.get_weights())


def run_with_backup(model, folder, data, interrupt_before=None):
    def interrupt(epoch, logs):
        if epoch == interrupt_before:
            raise KeyboardInterrupt

    arguments = {"batch_size": 4, "shuffle": False} if isinstance(data, np.ndarray) else {}
    stop = callbacks.LambdaCallback(on_epoch_begin=interrupt)
    backup = callbacks.BackupAndRestore(folder)
    return model.fit(data, epochs=3, verbose=0, callbacks=[backup, stop], **arguments)


@pytest.mark.parametrize("kind", ["array", "dataset"])
def test_backup_and_restore_resumes_bit_for_bit(compiled, model, tmp_path, kind):
    def data():
        images = images_for(model, 8)
        return images if kind == "array" else ImageDataset(images, batch_size=4, seed=1)

    start = compiled[1]
    run_with_backup(model, tmp_path / "straight", data())
    straight = everything(model)
    reset(model, start)
    with pytest.raises(KeyboardInterrupt):
        run_with_backup(model, tmp_path / "resumed", data(), interrupt_before=2)
    reset(model, start)
    history = run_with_backup(model, tmp_path / "resumed", data())
    assert history.epoch == [2]
    assert_equal(straight, everything(model))
    assert not (tmp_path / "resumed").exists()
    assert fit(model).epoch == [0], "a later `fit` begins at its own first epoch"


def test_a_backup_inside_an_epoch_is_refused(model, tmp_path):
    with pytest.raises(ValueError, match=r"Checkpoint\(folder, save_freq=1\)"):
        fit(model, [callbacks.BackupAndRestore(tmp_path, save_freq=1)])


# Records.


def test_csv_logger_names_the_players_in_every_run(model, tmp_path):
    def log(append, **arguments):
        rates = callbacks.LearningRateScheduler(lambda epoch, rate: rate)
        logger = callbacks.CSVLogger(tmp_path / "log.csv", append=append)
        fit(model, [rates, logger], validation_data=(images_for(model, 8),), **arguments)

    log(append=False)
    log(append=True, epochs=2, initial_epoch=1)
    with (tmp_path / "log.csv").open() as file:
        lines = list(csv.reader(file))
    losses = ["discriminator_loss", "fake_score", "generator_loss", "loss", "real_score"]
    rates = [f"learning_rate_{player}" for player in sorted(PLAYERS)]
    validation = sorted([f"val_{name}" for name in (*losses, "distance")])
    assert lines[0] == ["epoch", *sorted([*losses, *rates]), *validation]
    assert [line[0] for line in lines[1:]] == ["0", "1"]
    assert all(np.isfinite([float(value) for line in lines[1:] for value in line]))


def summaries(folder):
    from tensorflow.python.summary.summary_iterator import summary_iterator

    files = sorted(folder.rglob("*tfevents*"))
    return [event for file in files for event in summary_iterator(str(file))]


def test_tensorboard_gets_scalars_histograms_and_samples(model, tmp_path):
    pytest.importorskip("tensorflow", reason="TensorBoard summaries are written by TensorFlow")
    pytest.importorskip("tensorboard", reason="the extra 'tensorboard' is not installed")
    board = callbacks.TensorBoard(tmp_path / "logs", histogram_freq=1, update_freq=1)
    grid = SampleGrid(tmp_path / "grids", rows=1, columns=2, tensorboard=tmp_path / "logs/samples")
    fit(model, [board, grid], validation_data=(images_for(model, 8),))
    tags = {
        kind: {
            value.tag
            for event in summaries(tmp_path / "logs" / kind)
            for value in event.summary.value
        }
        for kind in ("train", "validation", "samples")
    }
    for player in PLAYERS:
        assert f"epoch_{player}_loss" in tags["train"]
        assert f"batch_{player}_loss" in tags["train"]
        assert f"epoch_learning_rate_{player}" in tags["train"]
        assert f"epoch_{player}_loss" in tags["validation"]
        weights = getattr(model, player).weights
        assert {f"{weight.path}/histogram" for weight in weights} <= tags["train"]
    assert "epoch_distance" in tags["validation"]
    assert tags["samples"] == {"samples"}
    assert not any(event.graph_def for event in summaries(tmp_path / "logs")), "Keras has learnt it"


def test_lambda_callback_and_history_see_every_step_and_epoch(model):
    calls = []
    hooks = ("on_train_begin", "on_epoch_begin", "on_train_batch_end", "on_epoch_end")
    noted = {hook: lambda *_, hook=hook, **__: calls.append(hook) for hook in hooks}
    history = callbacks.History()
    fit(model, [callbacks.LambdaCallback(**noted), history])
    assert calls == [hooks[0], hooks[1], hooks[2], hooks[2], hooks[3]]
    assert {f"{player}_loss" for player in PLAYERS} <= set(history.history)


def test_progbar_logger_prints_each_player_s_loss(model, capsys):
    fit(model, [callbacks.ProgbarLogger()], verbose=2)
    printed = capsys.readouterr().out
    for player in PLAYERS:
        assert printed.count(f"{player}_loss: ") == 1


def test_remote_monitor_sends_each_player_s_loss(model, monkeypatch):
    requests = pytest.importorskip("requests", reason="RemoteMonitor sends with `requests`")
    sent = []
    monkeypatch.setattr(requests, "post", lambda url, json, headers: sent.append(json))
    fit(model, [callbacks.RemoteMonitor(send_as_json=True)])
    assert {"epoch", *(f"{player}_loss" for player in PLAYERS)} <= set(sent[0])


def test_keras_s_asynchronous_logs_stay_on_with_all_of_ours(tmp_path, monkeypatch):
    # On TensorFlow there are none.
    monkeypatch.setattr("keras.src.callbacks.callback_list.backend.IS_THREAD_SAFE", True)
    pixels = images(2, (8, 8, 1))
    run = Run(tmp_path / "run", {"checkpoint_every": 1, "checkpoint_minutes": 5.0})
    ours = [
        Checkpoint(tmp_path, save_freq=2, minutes=1),
        CollapseMonitor(pixels),
        GrowthStrip(tmp_path),
        SampleGrid(tmp_path),
        Score(SampleSimilarity(), pixels),
        TranslationGrid(tmp_path, pixels),
        SetEpoch(None),
        *run.history(),
        run.checkpoint(),
        run.finish(print),
    ]
    assert callbacks.CallbackList(ours)._async_train
    assert not callbacks.CallbackList([*ours, Recorder(print)])._async_train


# Refused.


@pytest.mark.parametrize("use_ema", [False, True])
def test_swap_ema_weights_is_refused(use_ema):
    model = simple_gan(generator=SGD(use_ema=use_ema), discriminator="sgd")
    swap = callbacks.SwapEMAWeights()
    for given in ([swap], [[swap]], callbacks.CallbackList([swap])):
        with pytest.raises(ValueError, match="`ema_decay="):
            model.fit(images_for(model, 8), callbacks=given, verbose=0)


def test_orbax_checkpoint_is_refused(model):
    orbax = callbacks.OrbaxCheckpoint.__new__(callbacks.OrbaxCheckpoint)  # It is not installed.
    with pytest.raises(ValueError, match=r"keras_gans\.callbacks\.Checkpoint"):
        fit(model, [orbax])


# What the optimizers of the players are given.


def test_every_optimizer_takes_the_name_of_its_player(model):
    assert [optimizer.name for optimizer in model.optimizer.optimizers] == [
        "discriminator",
        "generator",
    ]


def test_use_ema_leaves_the_average_of_each_player_in_its_weights():
    momenta = {"generator": 0.5, "discriminator": 0.75}
    optimizers = {k: SGD(0.1, use_ema=True, ema_momentum=m) for k, m in momenta.items()}
    model = simple_gan(run_eagerly=False, **optimizers)
    averages = dict.fromkeys(PLAYERS)
    for _ in range(2):  # JAX, which gives arrays away, has to survive the end of a `fit`.
        weights = Recorder(
            lambda model: {p: state_of(n.weights) for p, n in networks_of(model)}, each_step=True
        )
        fit(model, [weights])
        for player, network in networks_of(model):
            for step in weights.seen:
                averages[player] = averaged(averages[player], step[player], momenta[player])
            for weight, average in zip(network.weights, averages[player], strict=True):
                np.testing.assert_allclose(weight.numpy(), average, rtol=1e-5, atol=1e-6)


def averaged(averages, weights, momentum):
    if averages is None:
        return weights
    return [momentum * a + (1 - momentum) * w for a, w in zip(averages, weights, strict=True)]


def test_a_file_keeps_each_player_s_schedule_clipping_averages_and_accumulated_gradients(tmp_path):
    model = simple_gan(
        generator=Adam(ExponentialDecay(0.1, 1, 0.5), clipnorm=0.1, gradient_accumulation_steps=2),
        discriminator=SGD(ExponentialDecay(0.2, 1, 0.25), clipvalue=0.3, use_ema=True),
    )
    fit(model, n=4)  # One step, half of an update of the generator.
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert any(v.numpy().any() for v in loaded.optimizer.generator._accumulated_gradients)
    assert_equal(everything(model), everything(loaded))
    assert loaded.optimizer.get_config() == model.optimizer.get_config()
    for each in (model, loaded):
        fit(each, n=4)
        assert float(each.optimizer.generator.learning_rate) == pytest.approx(0.1 * 0.5**2)
        assert float(each.optimizer.discriminator.learning_rate) == pytest.approx(0.2 * 0.25**2)
    assert_equal(everything(model), everything(loaded))
    with pytest.raises(TypeError, match="not settable"):
        loaded.optimizer.learning_rate = 0.1


SHAPES = [(4, 16), (16,), (16, 1), (1,)]  # Two of the generator, two of the discriminator.
START = [np.random.default_rng(i).normal(size=s).astype("float32") for i, s in enumerate(SHAPES)]


def moves(batch_size=8, **optimizers):
    """How far the players have moved from the same start after each step on 8 images."""
    model = simple_gan(**optimizers)
    # Latents that come with the data are the same however it is cut into batches.
    object.__setattr__(model, "sample_latents", lambda like, seed=None: like[:, 0, :, 0])
    networks = (model.generator, model.discriminator)
    for network, start in zip(networks, (START[:2], START[2:]), strict=True):
        network.set_weights(start)
    weights = Recorder(
        lambda model: [w for network in networks for w in network.get_weights()], each_step=True
    )
    fit(model, [weights], batch_size=batch_size)
    distances = [[b - a for a, b in zip(w, START, strict=True)] for w in weights.seen]
    return [{"generator": d[:2], "discriminator": d[2:]} for d in distances]


def close(left, right):
    return all(np.allclose(a, b, rtol=1e-4, atol=1e-6) for a, b in zip(left, right, strict=True))


def accumulating():
    return SGD(0.5, gradient_accumulation_steps=2)


@pytest.mark.parametrize("player", PLAYERS)
def test_two_accumulated_batches_are_one_batch_of_twice_the_size(player):
    (other,) = set(PLAYERS) - {player}
    (whole,) = moves(batch_size=8, **{player: SGD(0.5), other: SGD(0.0)})
    first, second = moves(batch_size=4, **{player: accumulating(), other: SGD(0.0)})
    assert all((distance == 0).all() for distance in first[player])
    assert all(np.abs(distance).max() > 1e-3 for distance in second[player])
    assert close(whole[player], second[player])


def test_a_player_that_accumulates_after_another_meets_it_before_and_after_its_move():
    (whole,) = moves(batch_size=8, generator=SGD(0.5), discriminator=SGD(0.5))
    _, halves = moves(batch_size=4, generator=accumulating(), discriminator=accumulating())
    assert close(whole["discriminator"], halves["discriminator"])
    assert not close(whole["generator"], halves["generator"])


def by_norm(grads):
    return [g * min(1, 0.05 / np.linalg.norm(g)) for g in grads]


def by_global_norm(grads):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    return [g * min(1, 0.05 / norm) for g in grads]


def by_value(grads):
    return [np.clip(g, -0.05, 0.05) for g in grads]


@pytest.mark.parametrize("player", PLAYERS)
@pytest.mark.parametrize(
    ("argument", "clipped"),
    [("clipnorm", by_norm), ("global_clipnorm", by_global_norm), ("clipvalue", by_value)],
)
def test_gradients_are_clipped_for_each_player_alone(player, argument, clipped):
    (other,) = set(PLAYERS) - {player}
    (unclipped,) = moves(**{player: SGD(1.0), other: SGD(0.0)})
    (step,) = moves(**{player: SGD(1.0, **{argument: 0.05}), other: SGD(0.0)})
    expected = clipped(unclipped[player])
    assert not close(unclipped[player], expected)
    assert close(step[player], expected)
