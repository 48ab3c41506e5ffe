"""Failures of training are noticed, and healthy training is left in peace."""

import contextlib
import warnings

import keras
import numpy as np
import pytest

from keras_gans import losses
from keras_gans.callbacks import Checkpoint, CollapseMonitor
from keras_gans.callbacks.collapse_monitor import chance_loss, mean_nearest_distance
from keras_gans.engine import AdversarialModel
from keras_gans.engine.optimizers import restart
from keras_gans.models import GAN
from keras_gans.samples import Images
from tests.harness import (
    LATENT_DIM,
    assert_equal,
    conditional_gan,
    dense_gan,
    everything,
    images_for,
    labels,
    progressive_gan,
)


def bright_images(n=32):
    """Nothing like them comes from an untrained generator, whose images are grey."""
    return np.random.default_rng(0).integers(200, 256, (n, 4, 4, 1), dtype="uint8")


def grey_images():
    """Those of an untrained generator lie as far apart."""
    return np.random.default_rng(0).integers(96, 160, (10, 4, 4, 1), dtype="uint8")


def collapsed_gan(**arguments):
    """A GAN whose generator makes one image of all latents."""
    gan = dense_gan()
    generator = keras.Sequential(
        [keras.Input((LATENT_DIM,)), keras.layers.Rescaling(0.0), gan.generator]
    )
    return GAN(generator, gan.discriminator, LATENT_DIM, seed=3, **arguments)


def monitor_for(model, **arguments):
    return CollapseMonitor(images_for(model), **{"warmup": 0, **arguments})


@contextlib.contextmanager
def heard():
    """A list that holds the text of each warning afterwards."""
    messages = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        yield messages
    # TensorFlow and its dependencies warn about themselves in other categories.
    messages += [str(w.message) for w in caught if w.category is UserWarning]


def fit(model, callbacks, images=None, epochs=3, batch_size=None):
    """The history, and the text of each warning."""
    if not model.compiled:
        model.compile()
    images = images_for(model) if images is None else images
    with heard() as messages:
        history = model.fit(images, None, batch_size, epochs, callbacks, verbose=0)
    return history, messages


def watch(monitor, model, logs_of_epochs, ratios=None):
    """The warnings of each epoch where these are the logs and diversities; nothing is trained."""
    monitor.set_model(model)
    ratios = iter(ratios or [1.0] * len(logs_of_epochs))
    monitor.compute = lambda model: next(ratios)
    monitor.on_train_begin()
    messages = []
    for epoch, logs in enumerate(logs_of_epochs):
        with heard() as of_epoch:
            monitor.on_epoch_end(epoch, dict(logs))
        messages.append(of_epoch)
    return messages


def monitored(logs_of_epochs, ratios=None, **arguments):
    model = dense_gan()
    model.compile()
    return watch(monitor_for(model, **arguments), model, logs_of_epochs, ratios)


def epochs_of(messages):
    """The epochs, counted from 1, in which there was a warning."""
    return [epoch for epoch, of_epoch in enumerate(messages, 1) if of_epoch]


class FakeCheckpoint(keras.callbacks.Callback):
    def __init__(self, path="run/checkpoint/epoch_000001_step_000000", keep=2):
        super().__init__()
        self.path = path
        self.keep = keep
        self.asked = []

    def roll_back(self, epoch):
        self.asked.append(epoch)
        return self.path


# The three failures, planted.


def test_a_nan_in_training_is_told_in_its_first_epoch():
    model = dense_gan()
    model.compile(generator_optimizer=keras.optimizers.Adam(float("inf")))
    monitor = monitor_for(model)
    history, messages = fit(model, [monitor], epochs=3)
    values = history.history["discriminator_loss"]
    first = 1 + int(np.argmin(np.isfinite(values)))
    assert len(messages) == 1
    assert messages[0].startswith(f"In epoch {first} ")
    assert "discriminator_loss is nan" in messages[0]
    assert "clipnorm" in messages[0]


def test_a_saturated_discriminator_is_told():
    linear = keras.Sequential(
        [keras.Input((4, 4, 1)), keras.layers.Flatten(), keras.layers.Dense(1)]
    )
    model = GAN(dense_gan().generator, linear, LATENT_DIM, seed=3)
    model.compile(
        generator_optimizer=keras.optimizers.SGD(0.0),
        discriminator_optimizer=keras.optimizers.Adam(1.0),
    )
    images = bright_images()
    history, messages = fit(model, [CollapseMonitor(images)], images, epochs=4, batch_size=4)
    loss = history.history["discriminator_loss"][2]
    assert len(messages) == 1
    assert messages[0].startswith("In epochs 2 to 3 the discriminator was saturated: ")
    assert f"discriminator_loss, now {loss:.3g}, lay below 0.02 of the 1.39" in messages[0]
    assert 'penalty="r1"' in messages[0]


def test_a_generator_that_ignores_its_latents_is_told():
    model = collapsed_gan()
    history, messages = fit(model, [monitor_for(model)])
    assert history.history["sample_diversity"] == [0.0, 0.0, 0.0]
    assert len(messages) == 1
    assert messages[0].startswith("In epochs 1 to 2 the samples had lost their diversity: 10 of")
    assert "now lie 0 times as far" in messages[0]


def test_a_healthy_run_hears_nothing():
    """Warnings are errors here."""
    model = dense_gan(ema_decay=0.5)
    model.compile()
    images = grey_images()
    monitor = CollapseMonitor(images, stop=True, patience=1, warmup=0)
    history = model.fit(images, epochs=8, verbose=0, callbacks=[monitor]).history
    assert len(history["sample_diversity"]) == 8
    assert min(history["sample_diversity"]) > 0.2
    assert history["sample_diversity"][-1] == monitor.compute(model)


def test_training_is_not_changed_by_being_watched():
    def trained(watched):
        keras.utils.set_random_seed(0)
        model = dense_gan(batch_norm=True, ema_decay=0.5)
        fit(model, [monitor_for(model)] if watched else [], epochs=2)
        return everything(model)

    assert_equal(trained(True), trained(False))


# When it speaks.

LOW, FINE, NAN = ({"discriminator_loss": value} for value in (0.001, 1.0, float("nan")))


@pytest.mark.parametrize(("patience", "epochs"), [(1, [1, 4]), (2, [2, 5]), (3, [6])])
def test_patience_is_counted_and_each_streak_is_told_once(patience, epochs):
    messages = monitored([LOW, LOW, FINE, LOW, LOW, LOW, LOW], patience=patience)
    assert epochs_of(messages) == epochs
    alike = monitored([{}] * 7, [0.1, 0.1, 0.3, 0.1, 0.1, 0.1, 0.1], patience=patience)
    assert epochs_of(alike) == epochs


def test_terms_that_are_not_finite_wait_for_nothing_and_are_named():
    logs = {"discriminator_loss": 0.0, "penalty": float("nan"), "val_loss": np.float32("inf")}
    messages = monitored([FINE, logs, logs, FINE, NAN], [1.0, 0.0, 0.0, 1.0, 1.0], patience=3)
    assert epochs_of(messages) == [2, 5]
    assert messages[1][0].startswith("In epoch 2 penalty is nan, val_loss is inf.")


def test_nothing_else_is_judged_beside_terms_that_are_not_finite():
    messages = monitored([{"discriminator_loss": 0.0, "loss": float("nan")}], [0.0], patience=1)
    assert len(messages[0]) == 1


def test_two_failures_of_one_epoch_are_both_told():
    messages = monitored([LOW, LOW], [0.1, 0.1])
    assert epochs_of(messages) == [2]
    assert "saturated" in messages[1][0]
    assert "diversity" in messages[1][1]


def test_what_is_no_number_in_the_logs_is_passed_over():
    assert epochs_of(monitored([{"phase": "warm"}, {}])) == []


def test_the_penalty_does_not_hide_a_saturated_discriminator():
    logs = {"discriminator_loss": 1.0, "adversarial": 0.001, "penalty": 0.999}
    messages = monitored([logs], patience=1)
    assert "adversarial, now 0.001" in messages[0][0]


@pytest.mark.parametrize(
    ("ema_decay", "steps", "told"),
    [(None, 999, False), (None, 1000, True), (0.99, 1199, False), (0.99, 1200, True)],
)
def test_a_generator_that_has_just_begun_may_make_one_image_of_all_latents(ema_decay, steps, told):
    model = dense_gan(ema_decay=ema_decay)
    model.compile()
    model.optimizer.iterations.assign(steps)
    monitor = CollapseMonitor(images_for(model), patience=1)
    assert epochs_of(watch(monitor, model, [{}], [0.1])) == ([1] if told else [])


def test_a_model_that_grows_is_warm_by_all_its_steps():
    model = progressive_gan(ema_decay=None)
    model.compile()
    for optimizer in model.optimizer.optimizers:
        optimizer.iterations.assign(1000)
        restart(optimizer)
    monitor = CollapseMonitor(images_for(model), patience=1)
    assert epochs_of(watch(monitor, model, [{}], [0.1])) == [1]


def test_losses_that_are_zero_at_chance_have_no_saturation():
    model = dense_gan(loss="wasserstein")
    assert chance_loss(model) == 0
    logs = {"discriminator_loss": -5.0}
    assert epochs_of(watch(monitor_for(model, warmup=1, patience=1), model, [logs])) == []


@pytest.mark.parametrize(
    ("loss", "expected"),
    [
        ("non_saturating", 2 * np.log(2)),
        ("least_squares", 0.5),
        ("hinge", 2.0),
        ("relativistic", np.log(2)),
        (losses.get("minimax", label_smoothing=0.1), 2 * np.log(2)),
    ],
)
def test_chance_is_the_loss_at_scores_of_zero(loss, expected):
    assert chance_loss(dense_gan(loss=loss)) == pytest.approx(expected, rel=1e-6)


# What it does.


def test_a_failure_stops_training_and_restores_the_weights_of_before_where_asked():
    checkpoint = FakeCheckpoint()
    model = collapsed_gan()
    monitor = monitor_for(model, stop=True, restore=checkpoint)
    history, messages = fit(model, [monitor, checkpoint])
    assert len(history.epoch) == 2
    assert checkpoint.asked == [0]
    assert len(messages) == 1
    assert messages[0].endswith(
        f" Training stops, with the weights of {checkpoint.path}, from before epoch 1."
    )


@pytest.mark.parametrize("stop", [True, False])
def test_weights_stay_and_training_goes_on_unless_asked(stop):
    model = dense_gan()
    model.compile()
    model.stop_training = False
    messages = watch(monitor_for(model, stop=stop, patience=1), model, [NAN])
    assert model.stop_training is stop
    assert messages[0][0].endswith(" Training stops.") is stop


def stopped(checkpoint, logs_of_epochs, ratios):
    model = dense_gan()
    model.compile()
    checkpoint.set_model(model)
    monitor = monitor_for(model, stop=True, restore=checkpoint, patience=checkpoint.keep)
    return watch(monitor, model, logs_of_epochs, ratios)


def test_where_there_is_nothing_to_restore_it_says_so():
    messages = stopped(FakeCheckpoint(path=None), [LOW, LOW], [1.0, 1.0])
    assert messages[1][0].endswith(
        "no checkpoint was kept from before epoch 1, so the weights stay as they are."
    )


def test_two_failures_of_one_epoch_go_back_once():
    checkpoint = FakeCheckpoint(keep=2)
    messages = stopped(checkpoint, [FINE, LOW, LOW], [1.0, 0.1, 0.1])
    assert checkpoint.asked == [1]
    assert [message.endswith("before epoch 2.") for message in messages[2]] == [True, True]


def test_a_later_fit_begins_a_streak_of_its_own():
    model = dense_gan()
    model.compile()
    monitor = monitor_for(model)
    assert epochs_of(watch(monitor, model, [FINE, LOW])) == []
    assert epochs_of(watch(monitor, model, [LOW, LOW])) == [2]


# What it measures.


def distance(images):
    return mean_nearest_distance(Images().vectors(images))


def test_the_distance_to_the_nearest_neighbour_is_that_of_a_loop():
    images = np.random.default_rng(0).integers(0, 256, (5, 17, 33, 3), dtype="uint8")
    # 17x33 in squares of 2: the odd row and column are left out.
    small = images[:, :16, :32].astype("float64").reshape(5, 8, 2, 16, 2, 3).mean((2, 4))
    nearest = [
        min(np.sqrt(((a - b) ** 2).sum()) for j, b in enumerate(small) if j != i)
        for i, a in enumerate(small)
    ]
    assert distance(images) == pytest.approx(np.mean(nearest), rel=1e-12)


def test_a_few_images_again_and_again_are_not_diverse():
    rng = np.random.default_rng(0)
    real = rng.integers(0, 256, (64, 8, 8, 1), dtype="uint8").repeat(4, 1).repeat(4, 2)
    copies = real[np.arange(64) % 4].astype("float64")
    assert distance(copies) == 0
    noisy = copies + rng.normal(0, 16, copies.shape)
    assert distance(noisy) < 0.1 * distance(real)


def test_as_many_real_images_are_compared_as_generated_ones():
    images = images_for(dense_gan(), n=50)
    assert CollapseMonitor(images).num_images == 50
    few = CollapseMonitor(images, num_images=20, seed=1)
    chosen = np.random.default_rng(1).choice(50, 20, replace=False)
    assert few.real_distance == distance(images[chosen])


# What it refuses.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"images": np.zeros((1, 4, 4, 1), "uint8")}, "at least 2 real images"),
        ({"images": np.zeros((3, 4, 4, 1), "float32")}, "float32"),
        ({"images": np.zeros((3, 4, 4), "uint8")}, r"\(3, 4, 4\)"),
        ({"images": np.zeros((3, 4, 4, 1), "uint8")}, "copies"),
        ({"saturation": 0.0}, "saturation"),
        ({"saturation": float("nan")}, "saturation"),
        ({"diversity": 1.0}, "diversity"),
        ({"patience": 0}, "patience must be 1"),
        ({"num_images": 1}, "num_images must be 2"),
        ({"warmup": -1}, "warmup must be 0"),
        ({"restore": FakeCheckpoint()}, "stop=True"),
        ({"restore": FakeCheckpoint(keep=2), "stop": True, "patience": 3}, "keep=3"),
    ],
)
def test_arguments_out_of_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        CollapseMonitor(**{"images": bright_images(), **arguments})


def test_what_does_not_belong_to_the_fit_is_refused_before_training():
    model = dense_gan()
    model.compile()
    pixels = images_for(model)
    other_shape = CollapseMonitor(pixels.reshape(-1, 2, 8, 1))
    with pytest.raises(ValueError, match=r"\(2, 8, 1\).*\(4, 4, 1\)"):
        model.fit(pixels, verbose=0, callbacks=[other_shape])
    absent = CollapseMonitor(pixels, stop=True, restore=FakeCheckpoint())
    with pytest.raises(ValueError, match="does not belong to this fit"):
        model.fit(pixels, verbose=0, callbacks=[absent])
    monitor = CollapseMonitor(pixels)
    monitor.set_model(AdversarialModel())
    with pytest.raises(TypeError, match="generate from latents"):
        monitor.on_train_begin()
    assert int(keras.ops.convert_to_numpy(model.optimizer.iterations)) == 0


def test_a_streak_goes_on_in_a_resumed_run(tmp_path):
    def train(epochs):
        model = collapsed_gan()
        model.compile(run_eagerly=keras.backend.backend() != "jax")
        callbacks = [monitor_for(model), Checkpoint(tmp_path)]
        return fit(model, callbacks, epochs=epochs)[1]

    assert not train(1)
    (said,) = train(2)
    assert "In epochs 1 to 2 the samples had lost their diversity" in said


def test_a_conditional_model_is_watched_on_each_class_in_turn_or_on_those_asked_for():
    model = conditional_gan()
    pixels = images_for(model)
    usual = CollapseMonitor(pixels)
    one = CollapseMonitor(pixels, conditions={"labels": [1] * 10})
    for monitor, asked in ((usual, np.arange(10) % 3), (one, 1)):
        monitor.set_model(model)
        monitor.on_train_begin()
        made = model.generate(10, seed=0, labels=asked)
        assert monitor.compute(model) == distance(made) / monitor.real_distance


class TwoCritics(GAN):
    """Its players have names of their own."""

    @property
    def players(self):
        networks = {**super().players}
        judge = networks["discriminator"]
        return {"global_critic": judge, "local_critic": judge, "painter": networks["generator"]}


def test_every_judge_is_watched_whatever_the_players_are_called():
    plain = dense_gan()
    model = TwoCritics(plain.generator, plain.discriminator, LATENT_DIM, seed=3)
    steps = {"painter": 1000}
    object.__setattr__(model, "steps_taken", steps.__getitem__)
    logs = {"global_critic_loss": 1.3, "local_critic_loss": 1e-4, "painter_loss": 0.0}
    monitor = CollapseMonitor(images_for(model), patience=1)
    (said,) = watch(monitor, model, [logs], [0.1])
    assert len(said) == 2
    assert "the local_critic was saturated: local_critic_loss" in said[0]
    assert "lost their diversity" in said[1]


def test_a_generator_that_several_players_move_is_warm_by_the_one_that_moves_most():
    model = MovedTwice(dense_gan().generator, dense_gan().discriminator, LATENT_DIM, seed=3)
    object.__setattr__(model, "steps_taken", {"generator": 10, "encoder": 1000}.__getitem__)
    monitor = CollapseMonitor(images_for(model), patience=1)
    assert epochs_of(watch(monitor, model, [{}], [0.1])) == [1]


class MovedTwice(GAN):
    """A second player moves the generator, too."""

    @property
    def players(self):
        return {**super().players, "encoder": [self.generator]}


def test_a_generator_within_another_network_is_warm_by_the_steps_of_any_player():
    class Whole(GAN):
        @property
        def players(self):
            return {**super().players, "generator": [keras.Sequential([self.generator])]}

    model = Whole(dense_gan().generator, dense_gan().discriminator, LATENT_DIM, seed=3)
    object.__setattr__(model, "steps_taken", {"generator": 1000, "discriminator": 0}.get)
    monitor = CollapseMonitor(images_for(model), patience=1)
    assert epochs_of(watch(monitor, model, [{}], [0.1])) == [1]


@pytest.mark.parametrize(
    ("conditions", "error", "sentence"),
    [
        ({"labels": [0] * 9}, ValueError, "10 by num_images, 9 by labels"),
        ({"labels": [3] * 10}, ValueError, "3 is one"),
        ({"pose": [0] * 10}, TypeError, "reads labels; it was given 'pose'"),
    ],
)
def test_conditions_that_the_model_cannot_take_are_told_before_training(
    conditions, error, sentence
):
    model = conditional_gan()
    model.compile()
    monitor = CollapseMonitor(images_for(model), conditions=conditions)
    with pytest.raises(error, match=sentence):
        model.fit(images_for(model), labels(), verbose=0, callbacks=[monitor])
    assert model.steps_taken("generator") == 0
