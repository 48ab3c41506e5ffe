"""Places among the latents, as the page names them."""

import keras
import numpy as np
import pytest

from keras_gans.latents import Normal, Uniform
from keras_gans.models import GAN
from keras_gans.serving.explorer.errors import RequestError
from keras_gans.serving.explorer.limits import Limits
from keras_gans.serving.explorer.points import latents_of
from tests.harness import gan

DIRECTIONS = np.eye(4, dtype="float32")[:2]


def latents(*points):
    return latents_of(list(points), DIRECTIONS, {"latents": Normal(4)}, Limits())


def test_a_seed_is_the_first_latent_that_a_model_draws():
    np.testing.assert_array_equal(latents({"seed": 7}), gan().draw_latents(1, seed=7))


def test_the_seed_of_each_source_is_that_of_the_model():
    layers = keras.layers
    inputs = [keras.Input((2,), name="noise"), keras.Input((2,), name="angle")]
    x = layers.Reshape((2, 2, 1))(layers.Dense(4)(layers.Concatenate()(inputs)))
    discriminator = keras.Sequential([keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(1)])
    sources = {"noise": Normal(2), "angle": Uniform(2, 3, 5)}
    model = GAN(keras.Model(inputs, x), discriminator, latents=sources)
    drawn = np.concatenate(list(model.draw_latents(1, seed=7).values()), axis=1)
    np.testing.assert_array_equal(latents_of([{"seed": 7}], DIRECTIONS, sources, Limits()), drawn)


def test_between_two_seeds_lies_the_great_circle():
    model = gan()
    (start,), (end,) = model.draw_latents(1, seed=1), model.draw_latents(1, seed=2)
    points = [{"seed": 1, "to_seed": 2, "position": t} for t in (0, 0.5, 1)]
    np.testing.assert_allclose(latents(*points), model.interpolate(start, end, 3), rtol=1e-6)


def test_each_source_draws_and_walks_in_its_own_way():
    sources = {"noise": Normal(2), "angle": Uniform(2, 3, 5)}
    points = [{"seed": 1, "to_seed": 2, "position": t} for t in (0, 0.5, 1)]
    start, middle, end = latents_of(points, DIRECTIONS, sources, Limits())
    assert ((start[2:] >= 3) & (start[2:] <= 5)).all()
    np.testing.assert_allclose(middle[2:], (start[2:] + end[2:]) / 2, rtol=1e-6)
    circle = sources["noise"].walk(start[:2], end[:2], [0.5])[0]
    np.testing.assert_allclose(middle[:2], circle, rtol=1e-6)


def test_amounts_go_along_the_directions():
    moved = latents({"seed": 7, "amounts": [2, -1.5]}) - latents({"seed": 7})
    np.testing.assert_allclose(moved, [[2, -1.5, 0, 0]], atol=1e-6)
    assert latents().shape == (0, 4)


@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        (None, "a list of points"),
        ([1], "a list of points"),
        ([{}], "seed must be"),
        ([{"seed": -1}], "seed must be"),
        ([{"seed": 0.5}], "seed must be"),
        ([{"seed": 0, "to_seed": True}], "to_seed must be"),
        ([{"seed": 0, "position": 2}], "position must be a number from 0 to 1"),
        ([{"seed": 0, "position": float("nan")}], "position must be"),
        ([{"seed": 0, "amounts": [1, 2, 3]}], "up to 2 amounts"),
        ([{"seed": 0, "amounts": ["1"]}], "amounts must be"),
        ([{"seed": 0, "amounts": [1e9]}], "amounts must be"),
        ([{"seed": 0}] * 65, "65 images were asked for; 64"),
    ],
)
def test_anything_else_gets_a_sentence(points, sentence):
    with pytest.raises(RequestError, match=sentence):
        latents_of(points, DIRECTIONS, {"latents": Normal(4)}, Limits())
