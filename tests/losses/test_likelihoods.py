"""Losses of reconstructions and the divergence against their equations in float64."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans import losses
from keras_gans.samples import Images
from tests.harness import numpy_of
from tests.losses.checks import DTYPES, assert_finite, assert_it_is

RNG = np.random.default_rng(0)
X, Y = RNG.uniform(0.05, 0.95, (2, 3, 4, 4, 1))


def of(loss, *arrays, dtype="float32"):
    return float(loss(*(ops.convert_to_tensor(array, dtype) for array in arrays)))


def test_the_squared_error_is_a_sum_over_pixels_and_a_mean_over_images():
    assert of(losses.squared_error, X, Y) == pytest.approx(np.square(X - Y).sum() / 3, rel=1e-6)


def test_bernoulli_is_the_cross_entropy_in_nats_of_an_image():
    nats = -(X * np.log(Y) + (1 - X) * np.log(1 - Y)).sum() / 3
    assert of(losses.bernoulli, X, Y) == pytest.approx(nats, rel=1e-6)


@pytest.mark.parametrize("sigma", [0.1, 1.0])
def test_gaussian_is_the_log_density_of_every_pixel(sigma):
    density = np.exp(-np.square(X - Y) / (2 * sigma**2)) / (sigma * np.sqrt(2 * np.pi))
    nats = -np.log(density).sum() / 3
    assert of(losses.Gaussian(sigma), X, Y) == pytest.approx(nats, rel=1e-5)


def test_the_divergence_is_that_of_the_paper_and_of_its_integral():
    m, s = np.array([[0.5, -2.0], [0.0, 1.0]]), np.array([[0.3, 1.5], [1.0, 0.1]])
    paper = -0.5 * (1 + np.log(s**2) - m**2 - s**2).sum(1).mean()
    made = of(losses.normal_divergence, m, np.log(s**2))
    assert made == pytest.approx(paper, rel=1e-5)
    z = np.linspace(-12, 12, 200_001)[:, None, None]
    log_q = -0.5 * ((z - m) / s) ** 2 - np.log(s)
    q = np.exp(log_q) / np.sqrt(2 * np.pi)
    integral = (q * (log_q + 0.5 * z**2)).sum(0) * (z[1, 0, 0] - z[0, 0, 0])
    assert made == pytest.approx(integral.sum(1).mean(), rel=1e-4)
    assert of(losses.normal_divergence, 0 * m, 0 * m) == 0


def test_a_small_divergence_is_not_rounded_away():
    log_s2 = np.full((1, 1), 1e-3)
    exact = 0.5 * (np.expm1(1e-3) - 1e-3)
    assert of(losses.normal_divergence, 0 * log_s2, log_s2) == pytest.approx(exact, rel=1e-3)


def test_probabilities_of_zero_and_one_cost_a_finite_number_of_nats():
    assert of(losses.bernoulli, np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])) == pytest.approx(
        -2 * np.log(1e-7), rel=0.01
    )
    right = np.array([[0.0, 1.0]])
    assert 0 <= of(losses.bernoulli, right, right) < 1e-6


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_a_thousand_pixels_fit_half_precision(dtype):
    x, y = np.zeros((2, 64, 64, 3)), np.full((2, 64, 64, 3), 255 / 256)
    for loss in (losses.squared_error, losses.bernoulli, losses.Gaussian(0.01)):
        made = loss(*(ops.convert_to_tensor(a, dtype) for a in (x, y)))
        assert keras.backend.standardize_dtype(made.dtype) == "float32"
        assert numpy_of(made) == pytest.approx(of(loss, x, y), rel=1e-3)


def test_a_loss_is_found_by_its_name():
    pixels = Images(range=(0, 1))
    for name in ("squared_error", "bernoulli"):
        loss = losses.get_reconstruction(name, pixels)
        assert loss is getattr(losses, name)
        assert losses.reconstruction_identifier(loss) == name
    gaussian = losses.Gaussian(0.3)
    assert losses.get_reconstruction(gaussian, Images()) is gaussian
    kept = losses.reconstruction_identifier(gaussian)
    assert keras.saving.deserialize_keras_object(kept) == gaussian


EQUATIONS = {
    losses.squared_error: lambda x, y: np.square(x - y).sum() / 3,
    losses.bernoulli: lambda x, y: -(x * np.log(y) + (1 - x) * np.log(1 - y)).sum() / 3,
    losses.Gaussian(0.5): lambda x, y: (
        2 * np.square(x - y).sum() / 3 + 16 * np.log(0.5 * np.sqrt(2 * np.pi))
    ),
    losses.normal_divergence: lambda m, log_s2: (
        0.5 * (m**2 + np.exp(log_s2) - 1 - log_s2).sum() / 3
    ),
}


@pytest.mark.parametrize("loss", EQUATIONS)
def test_values_and_gradients_are_those_of_the_equation(loss):
    assert_it_is(EQUATIONS[loss], loss, X, Y)


@DTYPES
def test_hostile_numbers_and_zeros_stay_finite(dtype):
    for x in ([[0.0, 0.0]], [[1e4, -1e4]]):
        assert_finite(losses.squared_error, x, [[0.0, 1e4]], dtype=dtype)
        assert_finite(losses.Gaussian(1.0), x, [[0.0, 1e4]], dtype=dtype)
        assert_finite(losses.bernoulli, [[0.0, 1.0]], x, dtype=dtype)
        # Of log-variances the exponential is the variance itself.
        assert_finite(losses.normal_divergence, x, [[-1e4, 10.0]], dtype=dtype)
