"""Modes that are found, points of high quality and the divergence over modes."""

import keras
import numpy as np
import pytest

from keras_gans.callbacks import Score
from keras_gans.data import pacgan_grid, pacgan_ring
from keras_gans.metrics import ModeCoverage
from keras_gans.models import GAN
from keras_gans.networks import wgan_gp_toy_discriminator, wgan_gp_toy_generator

SQUARE = [[0.0, 0], [0, 4], [4, 0], [4, 4]]


def by_hand(points, toy):
    """PacGAN's section 4.1 in numpy, float64."""
    distances = np.linalg.norm(points[:, None].astype("float64") - toy.modes, axis=-1)
    nearest, good = distances.argmin(1), distances.min(1) <= 3 * toy.std
    p = np.bincount(nearest, minlength=len(toy.modes)) / len(points)
    p = p[p > 0]
    kl = np.sum(p * np.log(p * len(toy.modes)))
    return {"modes": len({*nearest[good]}), "high_quality": good.mean(), "reverse_kl": kl}


@pytest.mark.parametrize("toy", [pacgan_ring, pacgan_grid])
@pytest.mark.parametrize("noise", [0.0, 0.02, 1.0])
def test_it_agrees_with_the_papers_definition(toy, noise):
    points = toy(2500, seed=1) + noise * np.random.default_rng(2).normal(size=(2500, 2))
    points = points[points[:, 0] > -0.5].astype("float32")
    metric = ModeCoverage(toy.modes, toy.std)
    expected = by_hand(points, toy)
    assert metric.compare(None, points) == pytest.approx(expected, rel=1e-5)
    metric.reset_state()
    for start in range(0, len(points), 700):
        metric.update_state(None, points[start : start + 700])
    assert metric.protocol() == pytest.approx(
        {
            **expected,
            "points": len(points),
            "of_modes": len(toy.modes),
            "std": toy.std,
            "deviations": 3.0,
        },
        rel=1e-5,
    )


def test_three_points_by_hand():
    metric = ModeCoverage(SQUARE, std=0.5)
    # Two at the first mode, one of them just within 1.5; one between, nearest to the fourth.
    points = np.array([[0.1, 0], [0, 1.499], [2.1, 2.1]], "float32")
    kl = 2 / 3 * np.log(4 * 2 / 3) + 1 / 3 * np.log(4 / 3)
    expected = {"modes": 1, "high_quality": 2 / 3, "reverse_kl": kl}
    assert metric.compare(None, points) == pytest.approx(expected, rel=1e-5)
    everywhere = np.array(SQUARE, "float32")
    perfect = {"modes": 4, "high_quality": 1, "reverse_kl": 0}
    assert metric.compare(None, everywhere) == pytest.approx(perfect, abs=1e-6)
    collapsed = metric.compare(None, everywhere[[3] * 5])
    assert collapsed == pytest.approx({"modes": 1, "high_quality": 1, "reverse_kl": np.log(4)})


def test_points_that_are_far_or_not_finite_are_of_no_quality():
    metric = ModeCoverage(SQUARE, std=0.5)
    far = metric.compare(None, np.full((2, 2), 1e30, "float32"))
    assert (far["modes"], far["high_quality"]) == (0, 0)
    half = np.array([[0, 0], [np.nan, 0], [np.inf, 4], [4, 4]], "float32")
    expected = {"modes": 2, "high_quality": 0.5, "reverse_kl": np.log(2)}
    assert metric.compare(None, half) == pytest.approx(expected)
    diverged = metric.compare(None, np.full((3, 2), np.nan, "float32"))
    assert (diverged["modes"], diverged["high_quality"]) == (0, 0)
    assert np.isnan(diverged["reverse_kl"])


def test_of_no_points_every_number_is_nan():
    metric = ModeCoverage(SQUARE, std=0.5)
    assert np.isnan([*metric.compare(None, np.zeros((0, 2), "float32")).values()]).all()


def test_fit_and_evaluate_give_the_numbers():
    networks = wgan_gp_toy_generator(width=8), wgan_gp_toy_discriminator(width=8)
    model = GAN(*networks, latent_dim=2, seed=0)
    model.compile(metrics=[ModeCoverage(pacgan_ring.modes, 0.01, name="ring")])
    points = pacgan_ring(40)
    score = Score(ModeCoverage(pacgan_ring.modes, 5.0), points)
    history = model.fit(points, verbose=0, validation_data=(points,), callbacks=[score]).history
    assert history["high_quality"] == [1.0]
    scores = model.evaluate(points, verbose=0, return_dict=True)
    assert {"ring_modes", "ring_high_quality", "ring_reverse_kl"} < set(scores)
    assert scores["ring_modes"] == history["val_ring_modes"][0]


def test_what_cannot_be_counted_is_refused():
    with pytest.raises(
        ValueError, match=r"points of shape \(n, 2\); these have the shape \(3, 1\)"
    ):
        ModeCoverage(SQUARE, 0.5).update_state(None, np.zeros((3, 1)))
    with pytest.raises(ValueError, match="no sample weights"):
        ModeCoverage(SQUARE, 0.5).update_state(None, np.zeros((3, 2)), np.ones(3))
    for modes, std in (([0.0, 1], 0.5), (SQUARE, 0.0)):
        with pytest.raises(ValueError, match=r"centres \(k, d\) and a deviation above 0"):
            ModeCoverage(modes, std)


def test_a_configuration_makes_the_same_metric():
    metric = ModeCoverage(SQUARE, 0.5, deviations=2.0, name="square")
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(metric))
    points = np.array([[0, 0], [4, 2]], "float32")
    assert again.compare(None, points) == metric.compare(None, points)
    assert next(iter(again.result())) == "square_modes"
