"""f-divergences: the bound of the paper's tables, and that it is reached."""

import numpy as np
import pytest
from keras import ops

from keras_gans import losses
from tests.losses.checks import DTYPES, HOSTILE, assert_finite, assert_it_is, value_and_gradients

E, exp, log = np.mean, np.exp, np.log

# g_f(v), f*(t), the divergence of p from q, and the scores that reach it; tables 1 and 2.
TABLE = {
    "kl": (
        lambda v: v,
        lambda t: exp(t - 1),
        lambda p, q: p * log(p / q),
        lambda p, q: 1 + log(p / q),
    ),
    "reverse_kl": (
        lambda v: -exp(-v),
        lambda t: -1 - log(-t),
        lambda p, q: q * log(q / p),
        lambda p, q: log(p / q),
    ),
    "pearson": (
        lambda v: v,
        lambda t: t**2 / 4 + t,
        lambda p, q: (q - p) ** 2 / q,
        lambda p, q: 2 * (p / q - 1),
    ),
    "squared_hellinger": (
        lambda v: 1 - exp(-v),
        lambda t: t / (1 - t),
        lambda p, q: (np.sqrt(p) - np.sqrt(q)) ** 2,
        lambda p, q: log(p / q) / 2,
    ),
    "jensen_shannon": (
        lambda v: log(2) - log(1 + exp(-v)),
        lambda t: -log(2 - exp(t)),
        lambda p, q: p * log(2 * p / (p + q)) + q * log(2 * q / (p + q)),
        lambda p, q: log(p / q),
    ),
    "non_saturating": (
        lambda v: -log(1 + exp(-v)),
        lambda t: -log(1 - exp(t)),
        lambda p, q: p * log(2 * p / (p + q)) + q * log(2 * q / (p + q)) - log(4) * (p + q) / 2,
        lambda p, q: log(p / q),
    ),
}
NAMES = pytest.mark.parametrize("name", TABLE)


@NAMES
def test_it_is_the_bound_of_the_tables(name):
    activation, conjugate, _, _ = TABLE[name]
    rng = np.random.default_rng(0)
    real, fake = rng.normal(0.3, 2, (7, 1)), rng.normal(-0.4, 2, (7, 1))
    pair = losses.get(name)
    assert_it_is(
        lambda real, fake: E(conjugate(activation(fake))) - E(activation(real)),
        pair.discriminator,
        real,
        fake,
    )
    assert_it_is(lambda fake: -E(activation(fake)), pair.generator, fake)


@NAMES
def test_the_best_scores_reach_the_divergence(name):
    """Of two outcomes, data has one in three of four draws and the generator in one."""
    *_, divergence, best = TABLE[name]
    p, q = np.array([0.75, 0.25]), np.array([0.25, 0.75])
    first, second = best(p, q)
    real, fake = [first, first, first, second], [first, second, second, second]
    loss, _ = value_and_gradients(losses.get(name).discriminator, real, fake)
    assert -loss == pytest.approx(divergence(p, q).sum(), rel=1e-5)


@DTYPES
@NAMES
def test_hostile_scores_and_zeros_stay_finite(name, dtype):
    pair = losses.get(name)
    for scores in (HOSTILE, HOSTILE[::-1]):
        assert_finite(pair.discriminator, *scores, dtype=dtype)
        assert_finite(pair.generator, scores[1], dtype=dtype)


@pytest.mark.parametrize("name", ["kl", "squared_hellinger"])
def test_exponentials_go_on_as_their_tangents(name):
    shift = 1 if name == "kl" else 0
    loss, (_, gradient) = value_and_gradients(losses.get(name).discriminator, [1e3], [20.0 + shift])
    expected = exp(10) * 11 - (1e3 if name == "kl" else 2)
    assert loss == pytest.approx(expected, rel=1e-5)
    assert gradient[0] == pytest.approx(exp(10), rel=1e-5)


@pytest.mark.parametrize("name", [name for name in TABLE if name != "pearson"])
def test_the_generator_learns_most_where_the_discriminator_wins(name):
    _, (gradient,) = value_and_gradients(losses.get(name).generator, [-3.0, 3.0])
    assert gradient[0] <= gradient[1] < 0


def test_scores_of_half_precision_are_summed_in_float32():
    scores = ops.full((20_000,), 300.0, dtype="float16")
    assert float(losses.pearson_discriminator(scores, scores)) == pytest.approx(150**2)
