"""The networks of VEEGAN's toys: their counts, and what goes in and comes out."""

import keras

from keras_gans.networks import veegan_toy_discriminator, veegan_toy_encoder
from tests.backends import counted_once
from tests.networks.counts import trainable


@counted_once
def test_the_counts_are_those_of_two_hidden_layers():
    hidden = 128 * 128 + 128
    assert trainable(veegan_toy_encoder()) == 3 * 128 + hidden + 129 * 2
    assert trainable(veegan_toy_discriminator()) == 5 * 128 + hidden + 129


def test_points_become_latents_and_pairs_scores():
    keras.config.set_dtype_policy("mixed_bfloat16")
    encoder, discriminator = (
        build(latent_dim=3, width=4, dim=1)
        for build in (veegan_toy_encoder, veegan_toy_discriminator)
    )
    keras.config.set_dtype_policy("float32")
    points = keras.ops.ones((5, 1))
    latents = encoder(points)
    assert latents.shape == (5, 3)
    scores = discriminator({"points": points, "latents": latents})
    assert scores.shape == (5, 1)
    assert {keras.backend.standardize_dtype(x.dtype) for x in (latents, scores)} == {"float32"}
