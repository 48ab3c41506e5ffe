"""The networks of toys: the papers' counts, and what goes in and comes out."""

import keras
import numpy as np
import pytest

from keras_gans.networks import (
    pacgan_toy_discriminator,
    pacgan_toy_generator,
    unrolled_toy_discriminator,
    unrolled_toy_generator,
    wgan_gp_toy_discriminator,
    wgan_gp_toy_generator,
)
from tests.backends import counted_once
from tests.harness import numpy_of
from tests.networks.counts import trainable

GENERATORS = (pacgan_toy_generator, unrolled_toy_generator, wgan_gp_toy_generator)
DISCRIMINATORS = (pacgan_toy_discriminator, unrolled_toy_discriminator, wgan_gp_toy_discriminator)


@counted_once
def test_the_counts_are_those_of_the_papers():
    assert [trainable(build()) for build in GENERATORS] == [484_802, 49_666, 527_874]
    assert [trainable(build()) for build in DISCRIMINATORS] == [405_201, 17_025, 527_361]
    packed = [trainable(pacgan_toy_discriminator(pack)) for pack in (2, 3, 4)]
    assert packed == [407_201, 409_201, 411_201]


@pytest.mark.parametrize("build", GENERATORS)
def test_generators_make_points_of_any_dimension(build):
    keras.config.set_dtype_policy("mixed_bfloat16")
    network = build(latent_dim=3, width=5, dim=1)
    points = network(np.ones((4, 3), "float32"), training=True)
    assert points.shape == (4, 1)
    assert keras.backend.standardize_dtype(points.dtype) == "float32"


@pytest.mark.parametrize("build", DISCRIMINATORS)
def test_discriminators_give_raw_scores_without_a_normalization(build):
    network = build(width=5)
    points = np.random.default_rng(0).normal(size=(4, 2)).astype("float32")
    scores = numpy_of(network(points, training=True))
    assert scores.shape == (4, 1)
    alone = numpy_of(network(points[:1], training=True))
    np.testing.assert_allclose(alone, scores[:1], rtol=1e-5)


def test_a_packed_discriminator_scores_packs():
    network = pacgan_toy_discriminator(pack=3, width=5)
    assert network.output_shape == (None, 1)
    assert network(np.ones((6, 2), "float32")).shape == (2, 1)


def test_weights_start_from_the_authors_distributions():
    for build in (pacgan_toy_generator, pacgan_toy_discriminator):
        wide = [
            w for w in build(width=100).trainable_weights if w.shape[0] == 100 and len(w.shape) > 1
        ]
        assert np.concatenate([numpy_of(w).ravel() for w in wide]).std() == pytest.approx(
            0.02, rel=0.05
        )
    for build in (unrolled_toy_generator, unrolled_toy_discriminator):
        kernel = numpy_of(build(width=16).layers[2].kernel)
        np.testing.assert_allclose(kernel @ kernel.T, 1.96 * np.eye(16), atol=1e-5)
