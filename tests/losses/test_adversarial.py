"""Every loss and its gradient against its equation in numpy float64, for scores of any shape."""

import keras
import numpy as np
import pytest

from keras_gans.losses import adversarial
from tests.losses.checks import DTYPES, HOSTILE, assert_finite, assert_it_is


def s(x):
    return 1 / (1 + np.exp(-x))


E = np.mean


def tensors(*arrays):
    return [keras.ops.convert_to_tensor(array, "float32") for array in arrays]


DISCRIMINATOR = {
    "minimax": lambda r, f: -E(np.log(s(r))) - E(np.log(1 - s(f))),
    "non_saturating": lambda r, f: -E(np.log(s(r))) - E(np.log(1 - s(f))),
    "least_squares": lambda r, f: 0.5 * E((r - 1) ** 2) + 0.5 * E(f**2),
    "hinge": lambda r, f: E(np.maximum(0, 1 - r)) + E(np.maximum(0, 1 + f)),
    "wasserstein": lambda r, f: -E(r) + E(f),
    "relativistic": lambda r, f: -E(np.log(s(r - f))),
    "relativistic_average": lambda r, f: -E(np.log(s(r - E(f)))) - E(np.log(1 - s(f - E(r)))),
}
GENERATOR = {
    "minimax": lambda r, f: E(np.log(1 - s(f))),
    "non_saturating": lambda r, f: -E(np.log(s(f))),
    "least_squares": lambda r, f: 0.5 * E((f - 1) ** 2),
    "hinge": lambda r, f: -E(f),
    "wasserstein": lambda r, f: -E(f),
    "relativistic": lambda r, f: -E(np.log(s(f - r))),
    "relativistic_average": lambda r, f: -E(np.log(s(f - E(r)))) - E(np.log(1 - s(r - E(f)))),
}
NAMES = tuple(DISCRIMINATOR)


@pytest.mark.parametrize("shape", [(6,), (6, 1), (2, 3, 3, 1)])
@pytest.mark.parametrize("name", NAMES)
def test_it_is_its_equation(name, shape):
    rng = np.random.default_rng(0)
    real, fake = rng.normal(0.3, 2, shape), rng.normal(-0.4, 2, shape)
    assert_it_is(DISCRIMINATOR[name], getattr(adversarial, f"{name}_discriminator"), real, fake)
    generator = getattr(adversarial, f"{name}_generator")
    assert_it_is(GENERATOR[name], lambda real, fake: generator(fake, real), real, fake)


@DTYPES
@pytest.mark.parametrize("name", NAMES)
def test_hostile_scores_and_zeros_stay_finite(name, dtype):
    for scores in (HOSTILE, HOSTILE[::-1]):
        for half in ("discriminator", "generator"):
            assert_finite(getattr(adversarial, f"{name}_{half}"), *scores, dtype=dtype)


def smoothed_cross_entropy(smoothing, real, fake):
    a, b = smoothing
    on_real = (1 - a) * np.log(s(real)) + a * np.log(1 - s(real))
    return -E(on_real) - E((1 - b) * np.log(1 - s(fake)) + b * np.log(s(fake)))


def smoothed_squares(smoothing, real, fake):
    a, b = smoothing
    return 0.5 * E((real - 1 + a) ** 2) + 0.5 * E((fake - b) ** 2)


SMOOTHED = {
    "minimax": smoothed_cross_entropy,
    "non_saturating": smoothed_cross_entropy,
    "least_squares": smoothed_squares,
}


@pytest.mark.parametrize("name", SMOOTHED)
@pytest.mark.parametrize("smoothing", [0.1, (0.1, 0.0), (0.0, 0.2), (0.3, 0.2)])
def test_smoothing_is_one_sided_or_two_sided(name, smoothing):
    pair = smoothing if isinstance(smoothing, tuple) else (smoothing, 0)

    def loss(real, fake):
        half = getattr(adversarial, f"{name}_discriminator")
        return half(real, fake, label_smoothing=smoothing)

    real, fake = np.array([0.5, -1.0]), np.array([0.2, 2.0])
    assert_it_is(lambda *scores: SMOOTHED[name](pair, *scores), loss, real, fake)
    assert_finite(loss, *HOSTILE)


def test_an_undecided_discriminator_has_the_value_of_the_game():
    (zeros,) = tensors(np.zeros((3, 1)))
    assert float(adversarial.minimax_discriminator(zeros, zeros)) == pytest.approx(np.log(4))


@pytest.mark.parametrize("name", NAMES)
def test_half_precision_scores_of_a_large_map_are_computed_in_float32(name):
    """Squares of 300 and the sum of 20,000 scores are beyond float16."""
    rng = np.random.default_rng(0)
    # The equations' sigmoids allow no larger differences, nor large scores of fakes by themselves.
    means = [[300], [280 if "relativistic" in name else -320]]
    real, fake = rng.normal(means, 2, (2, 20_000)).astype("float16")
    scores = [keras.ops.convert_to_tensor(x) for x in (real, fake)]
    real, fake = (np.longdouble(x) for x in (real, fake))
    for half, expected, arguments in (
        ("discriminator", DISCRIMINATOR, scores),
        ("generator", GENERATOR, scores[::-1]),
    ):
        loss = getattr(adversarial, f"{name}_{half}")(*arguments)
        assert keras.backend.standardize_dtype(loss.dtype) == "float32"
        assert float(loss) == pytest.approx(float(expected[name](real, fake)), rel=1e-4, abs=1e-6)
