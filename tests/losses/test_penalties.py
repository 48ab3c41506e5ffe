"""Penalties against closed forms and finite differences."""

import keras
import numpy as np
import pytest

from keras_gans import losses
from keras_gans.engine.backend import backend

RNG = np.random.default_rng(0)
REAL, FAKE = RNG.normal(size=(2, 5, 3)).astype("float32")


def number(tensor):
    return float(keras.ops.convert_to_numpy(keras.ops.stop_gradient(tensor)))


def network(*layers):
    return keras.Sequential([keras.Input((3,)), *layers])


def linear(weight):
    model = network(keras.layers.Dense(1))
    model.set_weights([np.asarray(weight, "float32").reshape(3, 1), np.zeros(1)])
    return model


@pytest.mark.parametrize("target", [1.0, 0.0, 2.5])
def test_the_gradient_of_a_linear_critic_is_its_weight(target):
    penalty = losses.gradient_penalty(linear([2, 3, 6]), REAL, FAKE, seed=0, target=target)
    assert number(penalty) == pytest.approx((7 - target) ** 2, rel=1e-5)


def test_r1_and_r2_look_at_their_own_side():
    def square(x, training):  # Its gradient is x.
        return 0.5 * keras.ops.sum(x * x, axis=1)

    for penalty, side in ((losses.r1, REAL), (losses.r2, FAKE)):
        expected = 0.5 * np.mean(np.sum(np.float64(side) ** 2, axis=1))
        assert number(penalty(square, REAL, FAKE)) == pytest.approx(expected, rel=1e-5)


def test_interpolates_lie_on_the_lines_one_alpha_per_image():
    seen = []

    def critic(x, training):
        if not hasattr(x, "aval"):
            seen.append(keras.ops.convert_to_numpy(keras.ops.stop_gradient(x)))
        return keras.ops.sum(x, axis=1)

    if keras.backend.backend() == "jax":
        pytest.skip("JAX hands the critic a tracer; the numbers are compared above")
    losses.gradient_penalty(critic, REAL, FAKE, seed=3)
    alpha = (seen[0] - REAL) / (FAKE - REAL)
    np.testing.assert_allclose(alpha, alpha[:, :1].repeat(3, axis=1), rtol=1e-3)
    assert len({round(float(a), 4) for a in alpha[:, 0]}) == 5
    assert ((alpha > 0) & (alpha < 1)).all()


@pytest.mark.parametrize("penalty", [losses.gradient_penalty, losses.r1, losses.r2])
def test_its_gradient_agrees_with_finite_differences(penalty):
    keras.utils.set_random_seed(1)
    critic = network(keras.layers.Dense(4, activation="softplus"), keras.layers.Dense(1))
    kernel = critic.trainable_variables[0]

    def value():
        return penalty(critic, REAL, FAKE, seed=7)

    _, (gradient,) = backend.gradients(lambda: (value(), None), [kernel])
    gradient = keras.ops.convert_to_numpy(gradient)
    start, step = kernel.numpy(), 1e-2
    for i, j in ((0, 0), (1, 2), (2, 3)):
        ends = []
        for sign in (1, -1):
            moved = start.copy()
            moved[i, j] += sign * step
            kernel.assign(moved)
            ends.append(number(value()))
        assert gradient[i, j] == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=0.02, abs=2e-4)
        kernel.assign(start)


@pytest.mark.parametrize("penalty", [losses.gradient_penalty, losses.r1])
def test_a_constant_critic_gives_finite_values_and_gradients(penalty):
    critic = network(keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1))
    critic.set_weights([np.zeros_like(w) for w in critic.get_weights()])
    variables = critic.trainable_variables
    value, grads = backend.gradients(
        lambda: (lambda p: (p, p))(penalty(critic, REAL, FAKE, seed=0)), variables
    )
    expected = 1.0 if penalty is losses.gradient_penalty else 0.0
    assert number(value) == pytest.approx(expected, abs=1e-5)
    for gradient in grads:
        assert gradient is None or np.isfinite(keras.ops.convert_to_numpy(gradient)).all()


def test_a_critic_blind_to_its_input_has_no_gradient():
    assert number(losses.r1(lambda x, training: keras.ops.ones((5, 1)), REAL)) == 0.0


def test_a_penalty_touches_no_statistics_and_no_seed():
    critic = network(
        keras.layers.Dense(4), keras.layers.BatchNormalization(), keras.layers.Dropout(0.5, seed=1)
    )
    before = [v.numpy().copy() for v in critic.variables]
    losses.gradient_penalty(critic, REAL, FAKE, seed=0)
    for a, v in zip(before, critic.variables, strict=True):
        np.testing.assert_array_equal(a, v.numpy())


def test_half_precision_networks_are_penalized_in_float32():
    keras.config.set_dtype_policy("mixed_float16")
    critic = network(keras.layers.Dense(1))
    critic.set_weights([np.full((3, 1), 3.0), np.zeros(1)])
    penalty = losses.gradient_penalty(critic, REAL, FAKE, seed=0)
    assert keras.backend.standardize_dtype(penalty.dtype) == "float32"
    assert number(penalty) == pytest.approx((27**0.5 - 1) ** 2, rel=1e-2)
