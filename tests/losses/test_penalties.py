"""Penalties against closed forms and finite differences."""

import keras
import numpy as np
import pytest
from keras import layers as stock
from keras import ops

from keras_gans import layers, losses
from keras_gans.engine.backend import backend
from keras_gans.losses import penalties
from tests.losses.checks import assert_finite, assert_it_is

RNG = np.random.default_rng(0)
REAL, FAKE = RNG.normal(size=(2, 5, 3)).astype("float32")
PENALTIES = pytest.mark.parametrize("penalty", [losses.gradient_penalty, losses.r1, losses.r2])


def norms(x):
    return np.sqrt(np.square(np.float64(x)).sum(1))


# Of D(x) = k/2 |x|^2, whose gradient is k x, with every random number a half.
HALFWAY, AROUND = (REAL + FAKE) / 2, REAL + REAL.std() / 8
EQUATIONS = {
    losses.gradient_penalty: lambda k: np.mean((k * norms(HALFWAY) - 1) ** 2),
    losses.one_sided_gradient_penalty: lambda k: np.mean(
        np.maximum(0, k * norms(HALFWAY) - 1) ** 2
    ),
    losses.zero_centered_gradient_penalty: lambda k: np.mean((k * norms(HALFWAY)) ** 2),
    losses.dragan: lambda k: np.mean((k * norms(AROUND) - 1) ** 2),
    losses.r1: lambda k: np.mean((k * norms(REAL)) ** 2) / 2,
    losses.r2: lambda k: np.mean((k * norms(FAKE)) ** 2) / 2,
    losses.drift: lambda k: np.mean((k / 2 * norms(REAL) ** 2) ** 2),
}
ALL = pytest.mark.parametrize("penalty", EQUATIONS)


def number(tensor):
    return float(keras.ops.convert_to_numpy(keras.ops.stop_gradient(tensor)))


def of_a_paraboloid(penalty):
    """The penalty as a function of k."""

    def loss(k):
        return penalty(lambda x, training: k / 2 * ops.sum(x * x, axis=1), REAL, FAKE, seed=0)

    return loss


@ALL
def test_values_and_second_derivatives_are_those_of_the_equation(penalty, one_alpha):
    for k in (0.7, 2.0):
        assert_it_is(EQUATIONS[penalty], of_a_paraboloid(penalty), k)


@ALL
def test_hostile_critics_and_flat_ones_stay_finite(penalty):
    for k in (1e4, 0.0):
        assert_finite(of_a_paraboloid(penalty), k)


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


@ALL
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


def test_noise_of_dragan_is_a_share_of_the_deviation_and_positive(monkeypatch):
    seen = []

    def norms_of(discriminator, points, epsilon):
        seen.append(keras.ops.convert_to_numpy(points))
        return keras.ops.ones(len(points))

    monkeypatch.setattr(penalties, "gradient_norms", norms_of)
    real = np.float32(RNG.normal(1.0, 3.0, (400, 5)))
    losses.dragan(None, real, seed=0)
    noise = (seen[0] - real) / (real.std() / 2)
    assert noise.min() > -1e-5
    assert noise.max() < 1
    # The product of two uniform numbers, of which one is shared by the numbers of an image.
    assert noise.mean() == pytest.approx(1 / 4, abs=0.03)
    assert np.corrcoef(noise[:, 0], noise[:, 1])[0, 1] == pytest.approx(3 / 7, abs=0.12)


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


@ALL
def test_a_penalty_touches_no_statistics_and_no_seed(penalty):
    critic = network(
        keras.layers.Dense(4), keras.layers.BatchNormalization(), keras.layers.Dropout(0.5, seed=1)
    )
    before = [v.numpy().copy() for v in critic.variables]
    penalty(critic, REAL, FAKE, seed=0)
    for a, v in zip(before, critic.variables, strict=True):
        np.testing.assert_array_equal(a, v.numpy())


def test_half_precision_networks_are_penalized_in_float32():
    keras.config.set_dtype_policy("mixed_float16")
    critic = network(keras.layers.Dense(1))
    critic.set_weights([np.full((3, 1), 3.0), np.zeros(1)])
    penalty = losses.gradient_penalty(critic, REAL, FAKE, seed=0)
    assert keras.backend.standardize_dtype(penalty.dtype) == "float32"
    assert number(penalty) == pytest.approx((27**0.5 - 1) ** 2, rel=1e-2)


# Second derivatives through every normalization, against numpy in float64: each is written here
# once more, such that complex numbers go through it.


def over(axes, epsilon=1e-3):
    def normalized(x):
        centred = x - x.mean(axes, keepdims=True)
        return centred / np.sqrt((centred**2).mean(axes, keepdims=True) + epsilon)

    return normalized


def in_two_groups(x):
    """Each sample's statistics over its positions and over half of its channels."""
    grouped = x.reshape(len(x), -1, 2, x.shape[-1] // 2)
    return over((1, 3))(grouped).reshape(x.shape)


def by_root_mean_square(epsilon):
    return lambda x: x / np.sqrt((x**2).mean(-1, keepdims=True) + epsilon)


def with_deviation(x):
    """Three images are one group: the mean deviation of all features is one more map."""
    deviation = np.sqrt(((x - x.mean(0)) ** 2).mean(0) + 1e-8).mean()
    return np.concatenate([x, deviation * np.ones((*x.shape[:-1], 1))], axis=-1)


NORMALIZATIONS = {
    "batch, points": (stock.BatchNormalization, (4, 5), over(0)),
    "batch, maps": (stock.BatchNormalization, (3, 3, 3, 2), over((0, 1, 2))),
    "own batch, points": (layers.BatchNormalization, (4, 5), over(0)),
    "own batch, maps": (layers.BatchNormalization, (3, 3, 3, 2), over((0, 1, 2))),
    "layer, points": (stock.LayerNormalization, (4, 5), over(-1)),
    "layer, maps": (lambda: stock.LayerNormalization((1, 2, 3)), (3, 3, 3, 2), over((1, 2, 3))),
    "group, points": (lambda: stock.GroupNormalization(2), (4, 5), in_two_groups),
    "group, maps": (lambda: stock.GroupNormalization(2), (3, 3, 3, 2), in_two_groups),
    "layer of a critic": (lambda: stock.GroupNormalization(1), (3, 3, 3, 2), over((1, 2, 3))),
    "a group a channel": (lambda: stock.GroupNormalization(-1), (3, 3, 3, 2), over((1, 2))),
    "instance": (layers.InstanceNormalization, (3, 3, 3, 2), over((1, 2), 1e-5)),
    "root mean square": (stock.RMSNormalization, (4, 5), by_root_mean_square(1e-6)),
    "pixel": (layers.PixelNormalization, (3, 3, 3, 2), by_root_mean_square(1e-8)),
    "unit": (
        stock.UnitNormalization,
        (4, 5),
        lambda x: x / np.sqrt((x**2).sum(-1, keepdims=True)),
    ),
    "minibatch deviation": (layers.MinibatchStddev, (3, 3, 3, 2), with_deviation),
}


def in_float64(penalty, normalized, samples, kernel, last, weigh=lambda kernel: kernel):
    """The gradient of a penalty by the kernel of tanh(normalized(tanh(samples kernel))) last.

    The first derivative is a complex step's, exact to the last digits, the second a difference of
    such first ones. `weigh` is what the kernel goes through before it is multiplied with.
    """

    def value(kernel):
        gradient = np.empty(samples.shape)
        for place in np.ndindex(samples.shape):
            moved = samples.astype("complex128")
            moved[place] += 1e-20j
            scores = np.tanh(normalized(np.tanh(moved @ weigh(kernel)))) @ last
            gradient[place] = scores.sum().imag / 1e-20
        squares = (gradient**2).reshape(len(samples), -1).sum(1)
        if penalty is losses.gradient_penalty:
            return np.mean((np.sqrt(squares) - 1) ** 2)
        return 0.5 * np.mean(squares)

    gradient = np.empty(kernel.shape)
    for place in np.ndindex(kernel.shape):
        step = np.zeros(kernel.shape)
        step[place] = 1e-6
        gradient[place] = (value(kernel + step) - value(kernel - step)) / 2e-6
    return gradient


def assert_the_gradient_is(expected, penalty, critic, samples, kernel, tolerance=1e-4):
    # Between equal images there are only these: the interpolates of the penalty are known.
    images = keras.ops.convert_to_tensor(samples, "float32")
    _, (gradient,) = backend.gradients(
        lambda: (penalty(critic, images, images, seed=0), None), [kernel]
    )
    error = keras.ops.convert_to_numpy(gradient) - expected
    assert np.linalg.norm(error) < tolerance * np.linalg.norm(expected)


def check(name, penalty, tolerance=1e-4):
    make, shape, normalized = NORMALIZATIONS[name]
    rng = np.random.default_rng(1)
    samples = rng.normal(0.5, 1.0, shape)
    kernel = rng.normal(size=(shape[-1], 4))
    last = rng.normal(size=5 if name == "minibatch deviation" else 4)
    first = stock.Dense(4, activation="tanh", use_bias=False)
    rest = make(), stock.Activation("tanh"), stock.Dense(1, use_bias=False)
    critic = keras.Sequential([keras.Input(shape[1:]), first, *rest])
    first.set_weights([kernel])
    rest[-1].set_weights([last[:, None]])
    expected = in_float64(penalty, normalized, samples, kernel, last)
    assert_the_gradient_is(expected, penalty, critic, samples, first.kernel, tolerance)


@PENALTIES
@pytest.mark.parametrize("name", NORMALIZATIONS)
def test_the_gradient_of_a_penalty_through_a_normalization_is_that_of_float64(name, penalty):
    check(name, penalty)


@pytest.mark.parametrize("name", ["batch, maps", "own batch, maps", "instance", "group, maps"])
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_costs_its_rounding_and_no_more(policy, name):
    keras.config.set_dtype_policy(policy)
    check(name, losses.gradient_penalty, 0.01 if policy == "mixed_float16" else 0.05)


@PENALTIES
def test_the_gradient_of_a_penalty_through_a_spectral_norm_is_that_of_float64(penalty):
    rng = np.random.default_rng(1)
    samples, kernel = rng.normal(0.5, 1.0, (4, 5)), rng.normal(size=(5, 4))
    last, start = rng.normal(size=4), rng.normal(size=(1, 4))
    first = stock.Dense(4, use_bias=False)
    spectral = stock.SpectralNormalization(first)
    tanh, out = stock.Activation("tanh"), stock.Dense(1, use_bias=False)
    critic = keras.Sequential([keras.Input((5,)), spectral, tanh, stock.Activation("tanh"), out])
    first.set_weights([kernel])
    spectral.vector_u.assign(start)
    out.set_weights([last[:, None]])
    # One power iteration, whose vectors are constants.
    v = start @ kernel.T / np.linalg.norm(start @ kernel.T)
    u = v @ kernel / np.linalg.norm(v @ kernel)
    expected = in_float64(
        penalty, lambda x: x, samples, kernel, last, lambda kernel: kernel / (v @ kernel @ u.T)
    )
    assert_the_gradient_is(expected, penalty, critic, samples, first.kernel)
