"""Tools for latents, on generators so simple that numpy knows what they have to find."""

import math
import statistics

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gans import latent_tools as tools
from keras_gans.latents import Categorical, Normal, Uniform
from keras_gans.models import EncodingModel, LatentModel
from tests.harness import assert_equal, dense_gan, everything, images, progressive_gan

RNG = np.random.default_rng(0)
WEIGHTS = np.linalg.qr(RNG.normal(size=(4, 4)))[0].astype("float32")


class Linear(LatentModel):
    """It never trains."""

    @property
    def players(self):
        return {"generator": [self.generator]}

    def default_optimizer(self, player):
        return "sgd"


class Encoding(EncodingModel):
    """It never trains, either."""

    players, default_optimizer = Linear.players, Linear.default_optimizer


def network(ins, outs):
    """One dense layer without a bias, between two shapes."""
    return keras.Sequential(
        [
            keras.Input(ins),
            layers.Flatten(),
            layers.Dense(math.prod(outs), use_bias=False),
            layers.Reshape(outs),
        ]
    )


def linear(source=None):
    """Images that are an orthogonal matrix times four latents."""
    generator = network((4,), (2, 2, 1))
    generator.set_weights([WEIGHTS])
    return Linear(generator, latents=source or Normal(4))


def several():
    """Of two sources of numbers, one of ids, and labels: both kinds of ids make it brighter."""
    noise, angle = keras.Input((3,), name="noise"), keras.Input((1,), name="angle")
    code = keras.Input((), dtype="int32", name="code")
    labels = keras.Input((), dtype="int32", name="labels")
    shifts = [layers.Embedding(3, 1)(ids) for ids in (code, labels)]
    flat = layers.Dense(4, use_bias=False)(layers.Concatenate()([noise, angle]))
    made = layers.Reshape((2, 2, 1))(flat + shifts[0] + 2 * shifts[1])
    generator = keras.Model([noise, angle, code, labels], made)
    kernel, shift = 0.1 * WEIGHTS, np.array([[0.0], [0.1], [0.2]])
    generator.set_weights([kernel, shift, shift])
    sources = {"noise": Normal(3), "angle": Uniform(1, -1, 1), "code": Categorical(3)}
    return Linear(generator, latents=sources)


def latents_of(model, n):
    """Some that give images within [-1, 1], which a model of several sources does anyway."""
    latents = model.draw_latents(n, seed=5)
    return latents if isinstance(latents, dict) else 0.3 * latents


def norms(z):
    return np.linalg.norm(z, axis=-1)


# Walks.


def test_a_walk_passes_through_all_latents_and_keeps_their_lengths():
    model = linear(Normal(4))
    stops = model.draw_latents(3, seed=0)
    stops = 2 * stops / norms(stops)[:, None]
    path = tools.walk(model, stops, steps=5)
    assert path.shape == (9, 4)
    assert path.dtype == np.float32
    np.testing.assert_allclose(path[::4], stops, atol=1e-6)
    np.testing.assert_allclose(norms(path), 2, rtol=1e-6)
    assert_equal([path[:5]], [model.interpolate(*stops[:2], steps=5)])


def test_a_straight_walk_takes_the_chord():
    model = linear()
    stops = np.array([[2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 0, 2]], "float32")
    path = tools.straight_walk(model, stops, steps=3)
    np.testing.assert_allclose(path[[0, 2, 4]], stops)
    np.testing.assert_allclose(path[[1, 3]], [[1, 1, 0, 0], [0, 1, 0, 1]])
    assert norms(path).min() < norms(tools.walk(model, stops, steps=3)).min()


@pytest.mark.parametrize("walk", [tools.walk, tools.straight_walk])
def test_each_of_several_sources_walks_its_own_way(walk):
    model = several()
    stops = {**model.draw_latents(2, seed=0), "code": np.array([2, 1], "int32")}
    path = walk(model, stops, steps=4)
    np.testing.assert_array_equal(path["code"], [2, 2, 1, 1])
    np.testing.assert_allclose(path["angle"], np.linspace(*stops["angle"], 4), rtol=1e-5, atol=1e-7)
    assert path["noise"].shape == (4, 3)
    assert model.generate(latents=path, labels=1).shape == (4, 2, 2, 1)


def test_a_walk_needs_two_latents_and_two_steps():
    model = linear()
    with pytest.raises(ValueError, match="from one latent to another; there was 1"):
        tools.walk(model, model.draw_latents(1), steps=4)
    with pytest.raises(ValueError, match="steps is a whole number from 2 on; it was 1"):
        tools.straight_walk(model, model.draw_latents(2), steps=1)


# Arithmetic.


def test_arithmetic_of_means_has_the_length_of_draws():
    model = linear(Normal(4))
    groups = [RNG.normal(size=(50, 4)) + shift for shift in np.eye(4)[:3]]
    result = tools.arithmetic(model, groups[:2], groups[2:])
    expected = groups[0].mean(0) + groups[1].mean(0) - groups[2].mean(0)
    np.testing.assert_allclose(norms(result), [2])  # The root of four.
    np.testing.assert_allclose(result[0], 2 * expected / norms(expected), rtol=1e-5)
    assert model.generate(latents=result).shape == (1, 2, 2, 1)


def test_arithmetic_keeps_bounds_and_takes_the_usual_id():
    model = several()
    group = {
        "noise": np.ones((3, 3)),
        "angle": np.full((3, 1), 0.75),
        "code": np.array([2, 0, 2], "int32"),
    }
    result = tools.arithmetic(model, [group, group])
    np.testing.assert_allclose(result["noise"], [[1, 1, 1]], rtol=1e-6)
    np.testing.assert_array_equal(result["angle"], [[1]])
    np.testing.assert_array_equal(result["code"], [2])


def test_arithmetic_needs_something_to_add():
    model = linear()
    with pytest.raises(ValueError, match="a group of latents to add"):
        tools.arithmetic(model, [])
    with pytest.raises(ValueError, match="empty, and has no mean"):
        tools.arithmetic(model, [model.draw_latents(2)], [model.draw_latents(0)])


def test_a_direction_leads_from_one_mean_to_the_other():
    model = linear()
    group = model.draw_latents(20, seed=0)
    way = tools.direction(model, group + np.array([0, 3, 0, 4]), group)
    np.testing.assert_allclose(way, [0, 0.6, 0, 0.8], atol=1e-6)
    with pytest.raises(ValueError, match="the same mean"):
        tools.direction(model, group, group)


def test_a_direction_of_several_sources_leaves_ids_alone():
    model = several()
    group = model.draw_latents(20, seed=0)
    other = {**group, "noise": group["noise"] + [0, 0, 3], "angle": group["angle"] * 0}
    group["angle"] = np.full((20, 1), -4.0)
    way = tools.direction(model, other, group)
    np.testing.assert_allclose(way["noise"], [0, 0, 0.6], atol=1e-6)
    np.testing.assert_allclose(way["angle"], [0.8], atol=1e-6)
    moved = tools.along(model, group, way, [0, 10])
    np.testing.assert_allclose(moved["noise"][1], group["noise"][0] + [0, 0, 6], atol=1e-5)
    np.testing.assert_array_equal(moved["angle"][:2], [[-1], [1]])  # Between its bounds.
    np.testing.assert_array_equal(moved["code"], np.repeat(group["code"], 2))


def test_latents_move_along_a_direction_row_by_row():
    model = linear()
    latents = model.draw_latents(2, seed=0)
    moved = tools.along(model, latents, np.array([1, 0, 0, 0]), [-1, 0, 2])
    assert moved.shape == (6, 4)
    assert moved.dtype == np.float32
    np.testing.assert_array_equal(moved[[1, 4]], latents)
    np.testing.assert_allclose(moved[:3, 0] - latents[0, 0], [-1, 0, 2], rtol=1e-6)
    np.testing.assert_array_equal(moved[:3, 1:], np.repeat(latents[:1, 1:], 3, 0))
    with pytest.raises(ValueError, match=r"has the shape \(4,\); this one has \(2, 4\)"):
        tools.along(model, latents, np.eye(4)[:2], [1])


# Principal directions.


def test_principal_directions_are_those_that_change_the_images_most():
    model = linear()
    kernel = np.zeros((4, 4), "float32")
    kernel[2], kernel[1] = 0.3, [0.1, -0.1, 0.1, -0.1]
    model.generator.set_weights([kernel])
    directions, shares = tools.principal_directions(model, 2)
    np.testing.assert_allclose(directions, np.eye(4)[[2, 1]] * np.sign(directions), atol=0.1)
    assert directions[0, 2] > 0  # Brighter.
    assert shares[0] > 0.8
    assert shares.sum() <= 1


def test_principal_directions_of_several_sources_hold_what_they_are_told():
    model = several()
    kernel, *shifts = model.generator.get_weights()
    kernel[:3], kernel[3] = 0, 0.3  # The angle alone shows.
    model.generator.set_weights([kernel, *shifts])
    ((way,), shares) = tools.principal_directions(model, 1, labels=2)
    assert way["angle"] > 0.99
    assert set(way) == {"noise", "angle"}
    assert shares[0] > 0.99
    latents = model.draw_latents(3, seed=0)
    ((same,), _) = tools.principal_directions(model, 1, labels=2, code=1)
    np.testing.assert_allclose(same["angle"], way["angle"], atol=1e-3)
    assert tools.along(model, latents, way, [0, 1])["noise"].shape == (6, 3)
    with pytest.raises(ValueError, match="labels is missing"):
        tools.principal_directions(model, 1)


def test_a_source_that_is_held_has_no_direction():
    ((way,), _) = tools.principal_directions(several(), 1, labels=2, noise=np.zeros(3))
    assert set(way) == {"angle"}


# Truncation.


@pytest.mark.parametrize("threshold", [0.3, 1.0, 2.0])
def test_truncated_latents_follow_the_truncated_normal_distribution(threshold):
    model = linear(Normal(4))
    drawn = model.draw_latents(5000, seed=7)
    z = tools.truncated(model, drawn, threshold, seed=7)
    assert z.dtype == np.float32
    assert np.abs(z).max() <= threshold
    inside = np.abs(drawn) <= threshold
    np.testing.assert_array_equal(z[inside], drawn[inside])
    # The distance of Kolmogorov and Smirnov; beyond 1.95 / sqrt(n) one of a thousand samples is.
    values, normal = np.sort(z.ravel()), statistics.NormalDist()
    least, most = normal.cdf(-threshold), normal.cdf(threshold)
    wanted = (np.array([normal.cdf(v) for v in values]) - least) / (most - least)
    n = len(values)
    assert np.abs(wanted - (np.arange(n) + 0.5) / n).max() < 1.95 / np.sqrt(n)
    # What is drawn again has nothing to do with what it was, nor with its neighbours.
    again, before = z[~inside], drawn[~inside]
    assert abs(np.corrcoef(again, before)[0, 1]) < 4 / np.sqrt(len(again))
    assert abs(np.corrcoef(z[:, 0], z[:, 1])[0, 1]) < 4 / np.sqrt(len(z))


def test_the_same_seed_truncates_alike_and_no_seed_does_not():
    model = linear()
    drawn = model.draw_latents(50, seed=0)
    first, again = (tools.truncated(model, drawn, 0.5, seed=3) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert (tools.truncated(model, drawn, 0.5) != tools.truncated(model, drawn, 0.5)).any()


def test_only_normal_sources_are_truncated():
    model = several()
    drawn = model.draw_latents(20, seed=0)
    z = tools.truncated(model, drawn, 0.1, seed=0)
    assert np.abs(z["noise"]).max() <= 0.1
    assert_equal([z["angle"], z["code"]], [drawn["angle"], drawn["code"]])
    with pytest.raises(ValueError, match="has none: its latents are Uniform"):
        tools.truncated(linear(Uniform(4)), np.zeros((1, 4)), 0.5)
    with pytest.raises(ValueError, match="above 0; it was 0"):
        tools.truncated(model, drawn, 0)


# Inversion.


def test_the_latents_of_a_linear_generator_are_found():
    model = linear()
    latents = latents_of(model, 5)
    shown = (latents @ WEIGHTS).reshape(5, 2, 2, 1)
    found, errors = tools.invert(model, shown, batch_size=2)
    assert found.dtype == errors.dtype == np.float32
    assert errors.shape == (5,)
    np.testing.assert_allclose(found, latents, atol=1e-3)
    assert errors.max() < 1e-6


def test_images_as_users_get_them_are_inverted_too():
    model = linear()
    latents = latents_of(model, 3)
    found, errors = tools.invert(model, model.generate(latents=latents))
    np.testing.assert_allclose(found, latents, atol=0.02)  # They are rounded to 256 values.
    assert errors.max() < 1e-5


def test_the_error_is_the_mean_squared_difference_of_the_pixels():
    model = linear()
    shown, start = images(3, (2, 2, 1)), model.draw_latents(3, seed=1)
    found, errors = tools.invert(model, shown, start, steps=0)
    np.testing.assert_array_equal(found, start)
    difference = start @ WEIGHTS - (shown / 127.5 - 1).reshape(3, 4)
    np.testing.assert_allclose(errors, (difference**2).mean(1), rtol=1e-5)


def test_without_a_start_the_best_of_some_draws_is_taken():
    model = linear()
    shown = model.generate(3, seed=6)
    draws = np.stack([model.draw_latents(3, seed) for seed in tools.TRIED])
    made = ops.convert_to_numpy(model(draws.reshape(-1, 4))).reshape(*draws.shape)
    made = np.clip(np.round(127.5 * made + 127.5), 0, 255)
    best = ((made - shown.reshape(3, 4)) ** 2).sum(-1).argmin(0)
    assert len({*best}) > 1
    found, _ = tools.invert(model, shown, steps=0)
    np.testing.assert_array_equal(found, draws[best, np.arange(3)])


def test_numbers_of_several_sources_are_found_beside_labels_and_ids():
    model = several()
    latents, labels = latents_of(model, 6), np.arange(6) % 3
    inputs = {**latents, "labels": labels.astype("int32")}
    shown = ops.convert_to_numpy(model(inputs))
    start = {**model.draw_latents(6, seed=9), "code": latents["code"]}
    found, errors = tools.invert(model, shown, start, steps=500, labels=labels)
    assert errors.max() < 1e-5
    for name in ("noise", "angle"):
        np.testing.assert_allclose(found[name], latents[name], atol=1e-2)
    np.testing.assert_array_equal(found["code"], latents["code"])
    # Of a draw the id is kept, and the other latents make up for it.
    found, errors = tools.invert(model, shown, labels=labels)
    assert found["code"].dtype == np.int32
    assert np.abs(found["angle"]).max() <= 1


def test_a_uniform_source_stays_between_its_bounds():
    model = linear(Uniform(4, -0.5, 0.5))
    wanted = np.array([[0.9, 0.0, -0.2, 0.0]], "float32")
    found, _ = tools.invert(model, (wanted @ WEIGHTS).reshape(1, 2, 2, 1))
    np.testing.assert_allclose(found, [[0.5, 0.0, -0.2, 0.0]], atol=1e-3)


def test_an_encoder_says_where_the_descent_starts():
    encoder, generator = network((2, 2, 1), (4,)), network((4,), (2, 2, 1))
    encoder.set_weights([WEIGHTS.T + 0.1])
    generator.set_weights([WEIGHTS])
    model = Encoding(encoder, generator, 4)
    latents = latents_of(model, 3)
    shown = (latents @ WEIGHTS).reshape(3, 2, 2, 1)
    start, before = tools.invert(model, shown, steps=0)
    np.testing.assert_array_equal(start, model.encode(shown))
    found, errors = tools.invert(model, shown)
    np.testing.assert_allclose(found, latents, atol=1e-3)
    assert (errors < before).all()


def test_a_growing_model_is_inverted_at_its_resolution():
    model = progressive_gan()
    shown = model.generate(2, seed=3)
    latents = model.draw_latents(2, seed=4)
    found, errors = tools.invert(model, shown, latents, steps=20)
    assert shown.shape == (2, 8, 8, 1)
    difference = ops.convert_to_numpy(model(found)) - (shown / 127.5 - 1)
    np.testing.assert_allclose(errors, (difference**2).mean((1, 2, 3)), rtol=1e-4)
    assert (errors < tools.invert(model, shown, latents, steps=0)[1]).all()
    with pytest.raises(ValueError, match=r"shape \[n, 8, 8, 1\]"):
        tools.invert(model, images(2, (16, 16, 1)))


def test_the_averaged_generator_is_inverted_and_nothing_of_the_model_changes():
    model = dense_gan(batch_norm=True, ema_decay=0.5)
    model.compile()
    model.averaged_generator.set_weights([2 * w for w in model.generator.get_weights()])
    before = everything(model)
    shown, latents = model.generate(2, seed=3), model.draw_latents(2, seed=3)
    _, errors = tools.invert(model, shown, latents, steps=0)
    assert errors.max() < 1e-4
    start = tools.invert(model, shown, steps=0)[1]
    assert (tools.invert(model, shown, steps=20)[1] < start).all()
    assert_equal(everything(model), before)


def test_what_cannot_be_inverted_gets_a_sentence():
    model, shown = linear(), images(2, (2, 2, 1))
    with pytest.raises(ValueError, match="2 images, and 3 latents to start from"):
        tools.invert(model, shown, model.draw_latents(3))
    with pytest.raises(ValueError, match=r"shape \[n, 2, 2, 1\]"):
        tools.invert(model, images(2, (4, 4, 1)))
    with pytest.raises(ValueError, match="steps is a whole number"):
        tools.invert(model, shown, steps=1.5)
    with pytest.raises(ValueError, match="learning_rate is a number above 0; it was 0"):
        tools.invert(model, shown, learning_rate=0)
    with pytest.raises(TypeError, match="reads no conditions; it was given 'labels'"):
        tools.invert(model, shown, labels=[0, 1])
    with pytest.raises(ValueError, match="labels is missing"):
        tools.invert(several(), shown)


def test_ids_alone_cannot_be_descended_on():
    ids = keras.Input((4,), dtype="int32", name="latents")
    made = layers.Reshape((2, 2, 1))(layers.Embedding(3, 1)(ids))
    model = Linear(keras.Model(ids, made), latents=Categorical(3, 4))
    for tool in (
        lambda: tools.invert(model, images(2, (2, 2, 1))),
        lambda: tools.principal_directions(model, 2),
    ):
        with pytest.raises(ValueError, match="ids of classes"):
            tool()


def test_latents_of_some_sources_or_of_other_numbers_get_a_sentence():
    model = several()
    latents = model.draw_latents(3, seed=0)
    with pytest.raises(ValueError, match="noise, angle, code; code is missing"):
        tools.walk(model, {n: z for n, z in latents.items() if n != "code"}, 4)
    with pytest.raises(ValueError, match="3 of noise, 2 of angle, 3 of code"):
        tools.walk(model, {**latents, "angle": latents["angle"][:2]}, 4)
