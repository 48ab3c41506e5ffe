"""BiGAN's layers, as the authors' program has them."""

import keras
import numpy as np
from keras import layers

from keras_gans.networks import bigan_discriminator, bigan_encoder, bigan_generator
from tests.backends import counted_once
from tests.networks.counts import trainable

SHAPE = (4, 4, 1)


def networks(width=8):
    builders = (bigan_encoder, bigan_generator, bigan_discriminator)
    return [build(SHAPE, latent_dim=3, width=width) for build in builders]


@counted_once
def test_the_counts_are_those_of_the_authors_layers():
    shape, hidden = (28, 28, 1), 1024 * 1024
    assert trainable(bigan_encoder(shape)) == 784 * 1024 + hidden + 1024 * 50 == 1_902_592
    # The latents enter both hidden layers.
    assert trainable(bigan_generator(shape)) == 2 * 50 * 1024 + hidden + 1024 * 784 == 1_953_792
    of_pairs = 784 * 1024 + hidden + 50 * 1024 + 1024
    assert trainable(bigan_discriminator(shape)) == of_pairs == 1_903_616


def test_latents_and_images_keep_their_ranges_and_scores_are_raw():
    encoder, generator, discriminator = networks(width=64)
    for network in (encoder, generator, discriminator):
        network.set_weights([100 * w for w in network.get_weights()])
    rng = np.random.default_rng(0)
    images = generator.predict(rng.uniform(-1, 1, (9, 3)), verbose=0)
    assert 0 <= images.min() < 0.1 < 0.9 < images.max() <= 1
    latents = encoder.predict(rng.uniform(0, 1, (9, *SHAPE)), verbose=0)
    assert -1 <= latents.min() < -0.9 < 0.9 < latents.max() <= 1
    scores = discriminator.predict([images, latents], verbose=0)
    assert scores.shape == (9, 1)
    assert scores.min() < 0 or scores.max() > 1


def test_the_features_are_what_the_latents_are_made_of():
    encoder, *_ = networks()
    features = keras.Model(encoder.inputs, encoder.get_layer("features").output)
    x = np.random.default_rng(0).uniform(0, 1, (5, *SHAPE)).astype("float32")
    made = features.predict(x, verbose=0)
    assert made.shape == (5, 8)
    last = [layer for layer in encoder.layers if isinstance(layer, layers.Dense)][-1]
    expected = np.tanh(made @ keras.ops.convert_to_numpy(last.kernel) / 2)
    np.testing.assert_allclose(encoder.predict(x, verbose=0), expected, atol=1e-5)


def test_weights_begin_and_decay_as_the_authors_do():
    for network in networks(width=256):
        dense = [layer for layer in network.layers if isinstance(layer, layers.Dense)]
        for layer in dense:
            kernel = keras.ops.convert_to_numpy(layer.kernel)
            np.testing.assert_allclose(kernel.std(), 0.02, rtol=0.25)
            decay = keras.ops.convert_to_numpy(layer.kernel_regularizer(layer.kernel))
            np.testing.assert_allclose(decay, 2.5e-5 * (kernel**2).sum(), rtol=1e-4)


def test_inference_follows_the_encoder_within_a_few_steps():
    encoder, *_ = networks(width=64)
    encoder.set_weights([100 * w for w in encoder.get_weights()])
    features = keras.Model(encoder.input, encoder.get_layer("features").output)
    x = np.random.default_rng(0).uniform(0, 1, (64, *SHAPE)).astype("float32")
    for _ in range(20):
        trained = features(x, training=True)
    trained, made = (keras.ops.convert_to_numpy(z) for z in (trained, features(x, training=False)))
    np.testing.assert_allclose(made, trained, atol=0.02)
    assert trained.std() > 0.5
