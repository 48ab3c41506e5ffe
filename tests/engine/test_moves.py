"""The moves of a train step; that each moves only its player is in the harness."""

import functools

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.callbacks import Checkpoint
from keras_gans.engine import AdversarialModel
from keras_gans.models import GAN
from tests.engine.quadratic import Quadratic, batch
from tests.harness import assert_equal, changed, dense_gan, images_for, state_of
from tests.harness.devices import two_devices
from tests.harness.promises.replicas import on_tensorflow

BACKEND = keras.backend.backend()


def test_the_sum_of_the_terms_is_minimized_and_each_is_logged():
    model = Quadratic()
    model.compile()
    logs = model.train_on_batch(batch(1, 3), return_dict=True)
    assert model.w == pytest.approx(0.1 * 2 * 2)
    assert logs == pytest.approx({"generator_loss": 4.5, "distance": 4, "offset": 0.5, "loss": 4.5})


def test_weight_regularizers_take_part():
    model = Quadratic(regularizer=keras.regularizers.L2(0.5), initial=2.0)
    model.compile()
    logs = model.train_on_batch(batch(2, 2), return_dict=True)
    assert model.w == pytest.approx(2 - 0.1 * 2 * 0.5 * 2)
    assert logs["generator_loss"] == pytest.approx(0.5 + 0.5 * 4)


def test_gradient_accumulation_is_the_optimizer_s():
    plain, accumulating = Quadratic(), Quadratic()
    plain.compile()
    accumulating.compile(keras.optimizers.SGD(0.1, gradient_accumulation_steps=2))
    plain.fit(batch(1, 2, 3, 6), batch_size=4, shuffle=False, verbose=0)
    accumulating.fit(batch(1, 2, 3, 6), batch_size=2, shuffle=False, verbose=0)
    assert accumulating.w == pytest.approx(plain.w, rel=1e-6)


def test_an_infinite_gradient_skips_and_halves_the_scale_of_its_own_player_only():
    keras.config.set_dtype_policy("mixed_float16")
    model = dense_gan()
    model.compile()
    model.fit(images_for(model, 4), verbose=0)
    networks = (model.generator, model.discriminator)
    before = [state_of(network.trainable_variables) for network in networks]
    scales = [float(optimizer.dynamic_scale) for optimizer in model.optimizer.optimizers]
    loss = model.generator_loss
    object.__setattr__(model, "generator_loss", lambda *a, **k: loss(*a, **k) * float("inf"))
    model.make_train_function(force=True)
    model.train_on_batch(images_for(model, 4))
    after = [state_of(network.trainable_variables) for network in networks]
    assert_equal(before[0], after[0], "the generator moved")
    assert changed(before[1], after[1])
    halved = [float(optimizer.dynamic_scale) for optimizer in model.optimizer.optimizers]
    assert halved == [scales[0], scales[1] / 2]


@pytest.mark.parametrize("through", [False, True])
def test_a_loss_that_depends_on_nothing_is_told(through):
    if BACKEND == "jax":
        pytest.skip("JAX has zeros for missing gradients")
    model = dense_gan(resample_latents=not through)
    model.compile()
    object.__setattr__(model, "generator_loss", lambda *_, **__: keras.ops.sum(keras.ops.ones(2)))
    with pytest.raises(ValueError, match="does not depend on any of the"):
        model.fit(images_for(model), verbose=0)


@pytest.mark.parametrize("resample_latents", [False, True])
def test_a_player_may_be_frozen_whole(resample_latents):
    model = dense_gan(resample_latents=resample_latents)
    model.generator.trainable = False
    model.compile()
    before = state_of(model.generator.weights), state_of(model.discriminator.weights)
    history = model.fit(images_for(model), batch_size=5, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert_equal(before[0], state_of(model.generator.weights))
    assert changed(before[1], state_of(model.discriminator.weights))


class SeveralOutputs(Quadratic):
    """One run gives w, 2 w and 3 w; the loss is of the first two."""

    def train_step(self, data):
        x = self.images(data)

        def run():
            w = ops.mean(self.network(ops.ones_like(x)))
            return {"once": w, "more": (2 * w, 3 * w)}

        def terms(w):
            once, (twice, _), target = w["once"], w["more"], ops.mean(x)
            return {"distance": (once - target) ** 2, "offset": (twice - target) ** 2}

        w = self.forward_once("generator", run)
        assert set(w.output) == {"once", "more"}
        self.minimize("generator", terms, through=w)
        return self.logs()


def test_gradients_go_back_through_all_outputs_of_one_run():
    model = SeveralOutputs(initial=1.0)
    model.compile()
    logs = model.train_on_batch(batch(1, 3), return_dict=True)
    assert logs["generator_loss"] == pytest.approx((1 - 2) ** 2 + (2 - 2) ** 2)
    assert model.w == pytest.approx(1 - 0.1 * (2 * (1 - 2) + 4 * (2 - 2)))
    model.train_on_batch(batch(4, 4))
    assert model.w == pytest.approx(1.2 - 0.1 * (2 * (1.2 - 4) + 4 * (2.4 - 4)))


def test_a_term_without_a_tracker_is_told():
    model = Quadratic()
    model.compile()
    with pytest.raises(ValueError, match="logs 'novelty', which has no tracker; it has generator"):
        model.observe(novelty=1.0)


class Gated(Quadratic):
    """Its player moves where the mean of the batch is above zero."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.network = keras.Sequential(
            [
                keras.Input((1,)),
                keras.layers.Dense(3),
                keras.layers.BatchNormalization(),
                keras.layers.Dense(1, dtype="float32"),
            ]
        )

    def condition(self, x):
        return ops.mean(x) > 0

    def train_step(self, data):
        x = self.images(data)

        def terms():
            return {"distance": ops.mean((self.network(x, training=True) - 1) ** 2), "offset": 0.5}

        self.minimize("generator", terms, when=self.condition(x))
        return self.logs()


ADAM = functools.partial(keras.optimizers.Adam, 0.01)
OPTIMIZERS = {
    "momentum": functools.partial(keras.optimizers.SGD, 0.1, momentum=0.9),
    "adam": ADAM,
    "what_adam_can": functools.partial(ADAM, clipnorm=0.1, weight_decay=0.1, use_ema=True),
    "accumulation": functools.partial(ADAM, gradient_accumulation_steps=2),
    # A scale from which nothing overflows: every move is made.
    "mixed_float16": lambda: keras.optimizers.LossScaleOptimizer(ADAM(), initial_scale=4.0),
}
POSITIVE = np.random.default_rng(0).uniform(0.1, 1, (4, 4, 1)).astype("float32")


def gated_run(batches, optimizer, **compilation):
    """A model that was fitted on these batches of four, in order, and the history."""
    keras.utils.set_random_seed(1)
    model = Gated()
    model.compile(optimizer(), **compilation)
    data = np.concatenate(batches)
    history = model.fit(data, batch_size=len(batches[0]), shuffle=False, verbose=0).history
    return model, history


@pytest.mark.parametrize(
    ("case", "jit_compile"),
    [
        *((case, "auto") for case in OPTIMIZERS),
        pytest.param("adam", True, marks=on_tensorflow),
        pytest.param("mixed_float16", True, marks=on_tensorflow),
    ],
)
def test_where_a_player_does_not_move_nothing_of_it_changes(case, jit_compile):
    if case == "mixed_float16":
        keras.config.set_dtype_policy(case)
    a, b, c, d = POSITIVE
    run = functools.partial(gated_run, optimizer=OPTIMIZERS[case], jit_compile=jit_compile)
    moved, _ = run([a, b, c, d])
    gated, _ = run([-a, a, b, -b, c, d, -d])
    assert_equal(state_of(moved.trainable_variables), state_of(gated.trainable_variables))
    assert_equal(state_of(moved.optimizer.variables), state_of(gated.optimizer.variables))
    assert gated.steps_taken("generator") == (2 if case == "accumulation" else 4)
    # The forward was run: its loss is logged, and the statistics have seen it.
    losses = [run([-a])[1]["distance"][0], run([a])[1]["distance"][0]]
    assert run([-a, a])[1]["distance"][0] == pytest.approx(np.mean(losses))
    assert changed(*(state_of(m.non_trainable_variables) for m in (moved, gated)))


def test_a_player_that_never_moves_stays_as_it_is():
    still, _ = gated_run([-POSITIVE[0]] * 2, ADAM)
    keras.utils.set_random_seed(1)
    new = Gated()
    new.compile(ADAM())
    assert_equal(state_of(new.trainable_variables), state_of(still.trainable_variables))
    assert_equal(state_of(new.optimizer.variables), state_of(still.optimizer.variables))
    assert still.steps_taken("generator") == 0


def test_an_infinite_gradient_of_a_move_that_is_not_made_keeps_the_scale():
    keras.config.set_dtype_policy("mixed_float16")
    infinite = np.full((4, 1), -np.inf, "float32")
    keras.utils.set_random_seed(1)
    model = Gated()
    model.compile(ADAM())
    before = state_of(model.trainable_variables), state_of(model.optimizer.variables)
    object.__setattr__(model, "check_first_batch", lambda x, *_: x)
    model.train_on_batch(infinite)
    assert_equal(before[0], state_of(model.trainable_variables))
    assert_equal(before[1], state_of(model.optimizer.variables))


@pytest.mark.skipif(BACKEND == "torch", reason="Keras on PyTorch uses one device")
@pytest.mark.parametrize("case", ["adam", "mixed_float16"])
def test_several_devices_move_where_all_would(case):
    if case == "mixed_float16":
        keras.config.set_dtype_policy(case)
    a, b, c, _ = POSITIVE
    # Of the batch that has 2 on one device and -1 on the other only one would move; JAX sees one.
    split = np.array([[2.0], [2.0], [-1.0], [-1.0]], "float32")
    stays = -a if BACKEND == "jax" else split
    models = []
    for batches in ([a, b, c], [stays, a, b, stays, c]):
        with two_devices():
            models.append(gated_run(batches, OPTIMIZERS[case])[0])
    with two_devices():
        moved, gated = (state_of([*m.trainable_variables, *m.optimizer.variables]) for m in models)
    assert_equal(moved, gated)
    assert models[1].steps_taken("generator") == 3


@on_tensorflow
def test_a_mean_that_a_variable_keeps_is_that_of_all_replicas():
    class Remembers(Gated):
        """As the discriminator of 3D-GAN: moved by what was seen in the batch before."""

        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.last = keras.Variable(1.0, trainable=False, aggregation="mean")

        def condition(self, x):
            before = ops.copy(self.last)
            self.last.assign(ops.mean(x))
            return before > 0

    a, *_ = POSITIVE
    split = np.array([[2.0], [2.0], [-1.0], [-1.0]], "float32")
    for batches, moves in (([a, split, a], 3), ([a, -split, a], 2)):
        with two_devices():
            model = Remembers()
            model.compile(ADAM())
            model.fit(np.concatenate(batches), batch_size=4, shuffle=False, verbose=0)
        assert model.steps_taken("generator") == moves


def test_a_condition_for_each_image_is_told():
    class PerImage(Gated):
        def condition(self, x):
            return x[:, 0] > 0

    model = PerImage()
    model.compile(run_eagerly=True)
    with pytest.raises(ValueError, match=r"given a tensor of shape \(4,\)"):
        model.train_on_batch(POSITIVE[0])


class Twice(Quadratic):
    """One player that moves twice in a step, down two losses."""

    def train_step(self, data):
        x = self.images(data)
        w = lambda: ops.mean(self.network(ops.ones_like(x)))  # noqa: E731
        self.minimize("generator", lambda: {"distance": (w() - ops.mean(x)) ** 2})
        self.minimize("generator", lambda: {"offset": w()})
        return self.logs()


def test_a_player_may_move_several_times_in_a_step():
    model = Twice()
    model.compile()
    history = model.fit(batch(1, 3, 5, 7), batch_size=2, shuffle=False, verbose=0).history
    w, distances, offsets = 0.0, [], []
    for x in (2.0, 6.0):
        distances.append((w - x) ** 2)
        w -= 0.1 * 2 * (w - x)
        offsets.append(w)
        w -= 0.1
    assert model.w == pytest.approx(w)
    assert model.steps_taken("generator") == 4
    means = {name: values[0] for name, values in history.items()}
    every = np.mean([*distances, *offsets])  # A mean is over all that was observed.
    assert means == pytest.approx(
        {
            "distance": np.mean(distances),
            "offset": np.mean(offsets),
            "generator_loss": every,
            "loss": every,
        }
    )


@keras.saving.register_keras_serializable(package="tests")
class Several(AdversarialModel):
    """Any number of players of one weight each; each one nears the batch less the one before."""

    def __init__(self, names, **kwargs):
        super().__init__(**kwargs)
        self.names = list(names)
        self.networks = [
            keras.Sequential(
                [
                    keras.Input((1,)),
                    keras.layers.Dense(1, name=f"of_{name}"),
                    keras.layers.Dropout(0.2, seed=1),
                ]
            )
            for name in names
        ]
        self.image_shape = (1,)
        self.track(*(f"{name}_loss" for name in names))

    @property
    def players(self):
        return {name: [network] for name, network in zip(self.names, self.networks, strict=True)}

    def default_optimizer(self, player):
        return keras.optimizers.Adam(0.1)

    def train_step(self, data):
        x = self.images(data)
        target = x
        for name, network in zip(self.names, self.networks, strict=True):
            loss = lambda: ops.mean((network(x, training=True) - target) ** 2)  # noqa: E731
            self.minimize(name, loss)
            target = x - network(x)
        return self.logs()


PLAYERS = [
    ("autoencoder",),
    ("encoder", "generator", "discriminator"),
    ("generator", "realism_critic", "text_critic", "code"),
]


@pytest.mark.parametrize("names", PLAYERS, ids=lambda names: str(len(names)))
def test_any_number_of_players_train_save_load_and_resume(names, tmp_path):
    x = np.random.default_rng(0).normal(size=(8, 1)).clip(-1, 1).astype("float32")
    arguments = {"batch_size": 2, "shuffle": False, "verbose": 0}
    first, last = names[0], names[-1]

    def build():
        keras.utils.set_random_seed(1)
        model = Several(names, seed=1)
        model.compile(**{f"{last}_optimizer": keras.optimizers.SGD(0.05, momentum=0.9)})
        return model

    halve = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.5)
    straight = build()
    history = straight.fit(x, epochs=3, callbacks=[halve], **arguments).history
    assert {f"{name}_loss" for name in names} <= set(history)
    assert all(np.isfinite(values).all() for values in history.values())
    sums = np.sum([history[f"{name}_loss"] for name in names], axis=0)
    np.testing.assert_allclose(history["loss"], sums, rtol=1e-6)
    assert [o.name for o in straight.optimizer.optimizers] == list(names)
    assert straight.steps_taken(first) == straight.steps_taken(last) == 12
    assert float(straight.optimizer.optimizers[-1].learning_rate) == pytest.approx(0.05 / 8)

    saved = build()
    saved.fit(x, epochs=2, callbacks=[halve], **arguments)
    saved.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    loaded.fit(x, initial_epoch=2, epochs=3, callbacks=[halve], **arguments)

    for epochs in (2, 3):
        resumed = build()
        checkpoint = Checkpoint(tmp_path / "run")
        resumed.fit(x, epochs=epochs, callbacks=[halve, checkpoint], **arguments)

    whole = state_of([*straight.variables, *straight.optimizer.variables])
    for model in (loaded, resumed):
        assert_equal(whole, state_of([*model.variables, *model.optimizer.variables]))


def test_a_move_of_no_player_is_told():
    model = Several(("autoencoder",))
    model.compile()
    with pytest.raises(ValueError, match="no player 'encoder'; it has autoencoder"):
        model.minimize("encoder", lambda: 0.0)


def test_an_optimizer_of_no_player_is_told():
    model = Several(("autoencoder",))
    with pytest.raises(TypeError, match="takes autoencoder_optimizer, metrics"):
        model.compile("sgd")


@on_tensorflow
@pytest.mark.parametrize("hidden", [0, 4])
def test_weights_are_read_for_a_loss_before_they_are_updated(hidden):
    """Of a loss that is linear in the scores, whose gradient does not need the last kernel."""

    def logs(eagerly):
        layers = keras.layers
        generator = keras.Sequential([keras.Input((2,)), layers.Dense(3)])
        first = [layers.Dense(hidden, "tanh")] if hidden else []
        last = layers.Dense(1, use_bias=False)
        critic = keras.Sequential([keras.Input((3,)), *first, last])
        model = GAN(generator, critic, 2, loss="wasserstein", discriminator_steps=5, seed=0)
        for network in (generator, critic):
            rng = np.random.default_rng(0)
            network.set_weights([rng.normal(size=w.shape) for w in network.get_weights()])
        rates = keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1)
        model.compile(*rates, run_eagerly=eagerly)
        x = np.random.default_rng(1).normal(size=(20, 3)).astype("float32")
        return keras.tree.map_structure(float, model.train_on_batch(x, return_dict=True))

    one_by_one = logs(eagerly=True)
    for _ in range(6):
        assert logs(eagerly=False) == pytest.approx(one_by_one, rel=1e-4)
