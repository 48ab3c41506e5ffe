"""Terms that are computed now and then, and losses that look ahead of the opponent."""

import functools

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.engine import AdversarialModel
from keras_gans.losses.penalties import r1
from keras_gans.models import GAN
from tests.engine.quadratic import Quadratic, batch
from tests.harness import (
    assert_equal,
    conditional_gan,
    dense_gan,
    images,
    images_for,
    labels,
    numpy_of,
    state_of,
)
from tests.harness.devices import two_devices
from tests.harness.promises.replicas import on_tensorflow

BACKEND = keras.backend.backend()


class Lazy(Quadratic):
    """(w - mean(x))^2 + 0.5 w^2, of which the second term is thrice as large every third move."""

    def __init__(self, **kwargs):
        super().__init__(initial=1.0, **kwargs)
        self.noise_seed = self.seed_generator("noise")
        self.track("seen")
        self.traces = 0

    def train_step(self, data):
        x = self.images(data)
        self.traces += 1

        def w():
            return ops.mean(self.network(ops.ones_like(x)))

        def penalty():
            noise = keras.random.uniform((), seed=self.noise_seed)
            self.observe(seen=w())
            return 3 * 0.5 * (w() + 0.0 * noise) ** 2

        self.minimize(
            "generator",
            lambda: {
                "distance": (w() - ops.mean(x)) ** 2,
                "offset": self.every(3, "generator", penalty),
            },
            when=ops.mean(x) < 8,
        )
        return self.logs()


def test_a_term_of_every_third_move_is_zero_in_between():
    model = Lazy()
    model.compile()
    x = [1.0, 3.0, 2.0, 9.0, 9.0, 4.0, 5.0, 2.0, 1.0]
    history = model.fit(batch(*x), batch_size=1, shuffle=False, verbose=0).history
    w, moves, terms, seen = 1.0, 0, [], []
    for value in x:
        due = moves % 3 == 0
        terms.append(3 * 0.5 * w**2 * due)
        seen += [w] if due else []
        if value < 8:  # A move that is not made is not counted: the next one is due again.
            w -= 0.1 * (2 * (w - value) + 3 * w * due)
            moves += 1
    assert len(seen) == 5
    assert moves == model.steps_taken("generator") == 7
    assert model.w == pytest.approx(w)
    # The mean of the term is over all steps; what is observed inside is over those it was in.
    assert history["offset"][0] == pytest.approx(np.mean(terms))
    assert history["seen"][0] == pytest.approx(np.mean(seen))
    assert model.traces == (len(x) if BACKEND == "torch" else 1)


def test_what_a_term_draws_goes_on_where_it_is_computed_only():
    model = Lazy()
    model.compile()
    states = []
    for x in (1.0, 3.0, 2.0, 4.0):
        model.train_on_batch(batch(x))
        states.append(state_of([model.noise_seed.state])[0].tolist())
    assert states[0] == states[1] == states[2]
    assert states[0] != states[3]


def test_a_resumed_run_goes_on_between_two_terms(tmp_path):
    x = batch(1.0, 3.0, 2.0, 4.0, 5.0, 2.0, 1.0, 0.0)
    arguments = {"batch_size": 1, "shuffle": False, "verbose": 0}
    straight, saved, resumed = (Lazy(seed=1) for _ in range(3))
    for model in (straight, saved, resumed):
        model.compile()
    straight.fit(x, **arguments)
    saved.fit(x[:5], **arguments)
    saved.save_weights(tmp_path / "model.weights.h5")
    resumed.load_weights(tmp_path / "model.weights.h5")
    resumed.fit(x[5:], **arguments)
    variables = [[*m.variables, *m.optimizer.variables] for m in (straight, resumed)]
    of_metrics = {id(v) for m in (straight, resumed) for v in m.metrics_variables}
    whole, parts = ([v for v in vs if id(v) not in of_metrics] for vs in variables)
    assert_equal(state_of(whole), state_of(parts))


def test_moves_that_accumulate_gradients_have_the_term_in_all_their_batches():
    model = Lazy()
    model.compile(keras.optimizers.SGD(0.1, gradient_accumulation_steps=2))
    model.fit(batch(*[1.0] * 14), batch_size=1, shuffle=False, verbose=0)
    w = 1.0
    for move in range(7):
        w -= 0.1 * (2 * (w - 1) + 3 * w * (move % 3 == 0))
    assert model.w == pytest.approx(w)


def gan_with(lazy, **compilation):
    """A GAN whose discriminator has R1 in its first, third, fifth move."""

    def terms(batch, fake, training=True):
        real = batch.samples
        scores = [model.discriminator(x, training=training) for x in (real, fake)]
        model.observe(real_score=ops.mean(scores[0]), fake_score=ops.mean(scores[1]))
        penalty = lambda: 20 * r1(model.discriminator, real)  # noqa: E731
        if lazy:
            penalty = model.every(2, "discriminator", penalty)
        else:
            even = ops.equal(model.optimizer.discriminator.iterations % 2, 0)
            penalty = ops.where(even, penalty(), 0.0)
        adversarial = model.adversarial_loss.discriminator_loss(*scores)
        return {"adversarial": adversarial, "penalty": penalty}

    keras.utils.set_random_seed(1)
    model = dense_gan(penalty="r1")
    object.__setattr__(model, "discriminator_terms", terms)
    sgd = functools.partial(keras.optimizers.SGD, 0.1)
    model.compile(sgd(), sgd(), **compilation)
    return model


@pytest.mark.parametrize("jit_compile", ["auto", pytest.param(True, marks=on_tensorflow)])
def test_the_gradient_of_a_lazy_penalty_is_that_of_one_that_is_always_computed(jit_compile):
    weights, logs = [], []
    for lazy in (True, False):
        model = gan_with(lazy, jit_compile=jit_compile)
        images = images_for(model, 16)
        history = model.fit(images, batch_size=4, shuffle=False, verbose=0).history
        weights.append(state_of(model.trainable_variables))
        logs.append({name: values[0] for name, values in history.items()})
    assert logs[0]["penalty"] > 0
    assert logs[0] == pytest.approx(logs[1], rel=1e-4)
    for ours, expected in zip(*weights, strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-5)


@pytest.mark.skipif(BACKEND == "torch", reason="Keras on PyTorch uses one device")
def test_a_term_of_every_third_move_on_two_devices_is_that_on_one():
    x = batch(1.0, 3.0, 2.0, 6.0, 4.0, 5.0, 2.0, 1.0)
    arguments = {"batch_size": 2, "shuffle": False, "verbose": 0}
    one = Lazy()
    one.compile()
    left = one.fit(x, **arguments).history
    with two_devices():
        two = Lazy()
        two.compile()
        right = two.fit(x, **arguments).history
        w = two.w
    assert w == pytest.approx(one.w, rel=1e-6)
    for name in ("offset", "seen"):
        assert left[name] == pytest.approx(right[name], rel=1e-6)


def test_a_term_of_every_zeroth_move_is_told():
    model = Lazy()
    model.compile()
    with pytest.raises(ValueError, match="n is a whole number from 1 on; it was 0"):
        model.every(0, "generator", lambda: 0.0)


# The game of the tests below: the discriminator w goes down A w^4 / 4 - w theta m, where m is the
# mean of the batch, and the generator theta goes down w theta + theta^2 / 2.
A, RATE, STEPS = 0.7, 0.3, 3
THETA, W = 0.8, 1.1


def scalar(name, value):
    layer = keras.layers.Dense(
        1, use_bias=False, kernel_initializer=keras.initializers.Constant(value)
    )
    return keras.Sequential([keras.Input((1,)), layer], name=name)


class Game(AdversarialModel):
    def __init__(self, steps=STEPS, **kwargs):
        super().__init__(**kwargs)
        self.steps = steps
        self.image_shape = (1,)
        self.generator, self.discriminator = scalar("generator", THETA), scalar("discriminator", W)
        self.noise_seed = self.seed_generator("noise")
        self.track("generator_loss", "discriminator_loss", "seen", "ahead")

    @property
    def players(self):
        return {"generator": [self.generator], "discriminator": [self.discriminator]}

    def default_optimizer(self, player):
        return keras.optimizers.SGD(1.0, momentum=0.9)

    def game(self, x):
        ones = ops.ones_like(x)
        return ops.mean(self.generator(ones)), ops.mean(self.discriminator(ones))

    def discriminator_loss(self, x):
        theta, w = self.game(x)
        keras.random.uniform((), seed=self.noise_seed)
        self.observe(seen=w)
        return {"a": A * w**4 / 4, "b": -w * theta * ops.mean(x)}

    def train_step(self, data):
        x = self.images(data)

        def generator_loss():
            loss = lambda: self.discriminator_loss(x)  # noqa: E731
            with self.unrolled("discriminator", loss, self.steps, RATE):
                theta, w = self.game(x)
                self.observe(ahead=w)
            return w * theta + theta**2 / 2

        self.minimize("generator", generator_loss)
        return self.logs()

    test_step = train_step


def looking_ahead(m, steps=STEPS, second_order=True):
    """The discriminator after its steps, and the generator's whole derivative: float64."""
    w, slope = np.float64(W), np.float64(0)  # d w / d theta
    for _ in range(steps):
        bend = 3 * A * w**2 if second_order else 0.0
        w, slope = w - RATE * (A * w**3 - THETA * m), slope - RATE * (bend * slope - m)
    return w, w + THETA * slope + THETA


def number(network):
    return float(numpy_of(network.weights[0])[0, 0])


@pytest.mark.parametrize("jit_compile", ["auto", pytest.param(True, marks=on_tensorflow)])
@pytest.mark.parametrize("steps", [0, 1, STEPS])
def test_the_gradient_goes_through_the_opponent_s_steps(steps, jit_compile):
    model = Game(steps)
    model.compile(jit_compile=jit_compile)
    slots = state_of(model.optimizer.discriminator.variables)
    logs = model.train_on_batch(batch(0.4, 0.8), return_dict=True)
    w, gradient = looking_ahead(0.6, steps)
    assert number(model.generator) == pytest.approx(THETA - gradient, rel=1e-6)
    assert logs["ahead"] == pytest.approx(w, rel=1e-6)
    assert logs["generator_loss"] == pytest.approx(w * THETA + THETA**2 / 2, rel=1e-6)
    if steps == STEPS:  # Without second derivatives, or through no step at all, it is another one.
        assert abs(gradient - looking_ahead(0.6, second_order=False)[1]) > 0.1
        assert abs(gradient - (w + THETA)) > 0.1
    # The opponent itself has not moved, and what its steps logged is dropped.
    assert number(model.discriminator) == np.float32(W)
    assert_equal(slots, state_of(model.optimizer.discriminator.variables))
    assert model.steps_taken("discriminator") == 0
    assert logs["seen"] == 0


def test_random_states_go_on_from_an_opponent_s_steps():
    states = []
    for steps in (0, 1, 2):
        model = Game(steps, seed=1)
        model.compile()
        model.train_on_batch(batch(0.4, 0.8))
        states.append(tuple(state_of([model.noise_seed.state])[0]))
    assert len(set(states)) == 3


def test_an_evaluation_may_look_ahead():
    model = Game()
    object.__setattr__(
        model, "minimize", lambda player, loss_fn: model.observe_losses(**{player: loss_fn()})
    )
    model.compile()
    logs = model.evaluate(batch(0.4, 0.8), verbose=0, return_dict=True)
    assert logs["ahead"] == pytest.approx(looking_ahead(0.6)[0], rel=1e-6)


@pytest.mark.skipif(BACKEND == "torch", reason="Keras on PyTorch uses one device")
def test_an_opponent_s_steps_are_down_the_loss_of_the_whole_batch():
    with two_devices():
        model = Game()
        model.compile()
        model.fit(batch(0.2, 0.4, 0.8, 1.0), batch_size=4, shuffle=False, verbose=0)
        theta, w = number(model.generator), number(model.discriminator)
    assert theta == pytest.approx(THETA - looking_ahead(0.6)[1], rel=1e-6)
    assert w == np.float32(W)


def test_steps_through_batch_normalization_have_its_second_derivatives():
    """TensorFlow stops a gradient in the moments, which is wrong from the second derivative on."""
    x = np.random.default_rng(0).normal(size=(8, 3)).astype("float32")

    class Normalized(Game):
        def __init__(self):
            super().__init__()
            self.image_shape = (3,)
            layers = keras.layers
            self.discriminator = keras.Sequential(
                [
                    keras.Input((3,)),
                    layers.Dense(4, activation="softplus"),
                    layers.BatchNormalization(),
                    layers.Dense(1),
                ]
            )

        def unrolled_loss(self, theta):
            real = ops.convert_to_tensor(x)

            def scores(images):
                return ops.tanh(self.discriminator(images, training=True))

            def loss():
                return ops.mean(scores(theta * real) ** 2 - scores(real))

            with self.unrolled("discriminator", loss, 2, 0.5):
                return ops.mean(scores(theta * real))

        def train_step(self, data):
            theta = lambda: self.generator(ops.ones((1, 1)))  # noqa: E731
            self.minimize("generator", lambda: self.unrolled_loss(theta()))
            return self.logs()

    model = Normalized()
    model.compile(keras.optimizers.SGD(1.0), run_eagerly=True)
    statistics = state_of(model.discriminator.weights)
    losses = [
        float(numpy_of(ops.stop_gradient(model.unrolled_loss(ops.full((1, 1), THETA + step)))))
        for step in (0.01, -0.01)
    ]
    model.discriminator.set_weights(statistics)  # Nothing here has said whose they are.
    model.train_on_batch(x)
    slope = (losses[0] - losses[1]) / 0.02
    assert THETA - number(model.generator) == pytest.approx(slope, rel=5e-3)
    assert_equal(statistics, state_of(model.discriminator.weights))


class LooksAhead(GAN):
    """A conditional GAN whose generator sees two steps of its discriminator ahead."""

    def generator_loss(self, batch, fake=None, training=True):
        fake = self.fake(batch) if fake is None else fake
        terms = lambda: self.discriminator_terms(batch, fake)  # noqa: E731
        with self.unrolled("discriminator", terms, 2, 0.01):
            return super().generator_loss(batch, fake, training)


def test_a_discriminator_with_an_embedding_is_unrolled():
    networks = conditional_gan()
    model = LooksAhead(networks.generator, networks.discriminator, 4, seed=3)
    model.compile()
    history = model.fit(images(8, (4, 4, 1)), labels(8), batch_size=4, verbose=0).history
    assert np.isfinite(history["generator_loss"]).all()
