"""Perceptual path length against numpy, on a generator that is linear."""

import keras
import numpy as np
import pytest

from keras_gans.latents import Normal, Uniform
from keras_gans.metrics import FeatureDistance, perceptual_path_length
from keras_gans.metrics.perceptual_path_length import hash_of, mean_within
from keras_gans.models import GAN
from tests.harness import conditional_gan, dense_gan

SIDE = 2


def linear_gan(source):
    """G(z) = W z + b; its images are small enough to be in [-1, 1]."""
    layers = keras.layers
    generator = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Reshape((2, 2, 1))])
    rng = np.random.default_rng(5)
    generator.set_weights([0.1 * rng.normal(size=(3, 4)), 0.1 * rng.normal(size=4)])
    discriminator = keras.Sequential(
        [keras.Input((SIDE, SIDE, 1)), layers.Flatten(), layers.Dense(1)]
    )
    return GAN(generator, discriminator, latents=source, seed=0)


def pixels(shape):
    return keras.Sequential([keras.Input(shape), keras.layers.Identity()], name="pixels")


class Summed(FeatureDistance):
    """The plain sum of squared differences, which has no length that is divided by."""

    def distances(self, real, fake):
        return keras.ops.sum(keras.ops.square(real - fake), axis=(1, 2, 3))


@pytest.mark.parametrize("sampling", ["full", "end"])
@pytest.mark.parametrize("source", [Normal(3), Uniform(3)], ids=str)
def test_it_is_the_equation_of_the_paper(source, sampling):
    model, epsilon = linear_gan(source), 1e-2
    distance = Summed(pixels((SIDE, SIDE, 1)))
    result = perceptual_path_length(
        model, distance, 50, seed=3, sampling=sampling, epsilon=epsilon, discard=0.0, batch_size=16
    )
    weights = np.float64(model.generator.get_weights()[0])
    seeds = np.random.SeedSequence(3).generate_state(3)
    starts, ends = (np.float64(model.draw_latents(50, int(s))) for s in seeds[:2])
    places = np.random.default_rng(int(seeds[2])).random(50, dtype="float32")
    places = np.float64(places)[:, None] * (sampling == "full")

    def latents(t):
        if isinstance(source, Uniform):
            return (1 - t) * starts + t * ends
        a, b = (np.linalg.norm(x, axis=1, keepdims=True) for x in (starts, ends))
        angle = np.arccos((starts * ends).sum(1, keepdims=True) / (a * b))
        way = np.sin((1 - t) * angle) * starts / a + np.sin(t * angle) * ends / b
        return way / np.sin(angle) * ((1 - t) * a + t * b)

    moved = (latents(places + epsilon) - latents(places)) @ weights
    assert result.value == pytest.approx(np.square(moved).sum(1).mean() / epsilon**2, rel=1e-3)
    low, high = result.interval
    assert low < result.value < high


def test_images_stay_floats_between_generator_and_distance():
    """A step of 1e-4 moves no pixel by a grey level, and the length is not zero."""
    model = dense_gan()
    distance = Summed(pixels(model.image_shape))
    result = perceptual_path_length(model, distance, 20, seed=0)
    assert result.value > 0.01
    assert result == perceptual_path_length(model, distance, 20, seed=0, batch_size=7)


def test_the_protocol_says_what_it_depends_on():
    model = conditional_gan(ema_decay=0.5)
    distance = FeatureDistance(pixels(model.image_shape))
    result = perceptual_path_length(model, distance, 10, seed=4, sampling="end")
    assert list(result.values) == ["path_length_pixels"]
    told = {"sampling": "end", "epsilon": 1e-4, "num_fake": 10, "weights": "averaged", "seed": 4}
    assert result.protocol.items() >= told.items()
    assert result.protocol["channel_weights"] is None
    assert len({hash_of([x]) for x in ([0.5, 1.0], [0.5, 2.0])}) == 2


def test_the_tails_are_left_out():
    lengths = np.arange(1000.0)
    lengths[-1] = 1e9
    assert mean_within(lengths, 0.01) == pytest.approx(np.arange(9, 991).mean())
    assert mean_within(lengths, 0.0) == pytest.approx(lengths.mean())


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"sampling": "middle"}, "sampling is"),
        ({"num_paths": 1}, "num_paths has to be 2 or more"),
        ({"epsilon": 0.0}, "epsilon has to be above 0"),
        ({"discard": 0.5}, "discard has to be from 0"),
        ({"repeats": 1}, "repeats has to be 5"),
    ],
)
def test_numbers_out_of_range_are_told(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        perceptual_path_length(None, None, **arguments)
