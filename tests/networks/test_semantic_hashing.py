"""The networks of semantic hashing: noise in training, codes that can be rounded."""

import keras
import numpy as np

from keras_gans.networks import hashing_decoder, hashing_encoder
from tests.backends import counted_once
from tests.harness import numpy_of

SHAPE = (8, 8, 1)


def test_codes_are_in_the_range_of_bits_and_images_in_their_own():
    x = np.random.default_rng(0).uniform(-1, 1, (5, *SHAPE)).astype("float32")
    codes = numpy_of(hashing_encoder(SHAPE, bits=6, width=16)(x))
    assert codes.shape == (5, 6)
    assert 0 <= codes.min() < codes.max() <= 1
    made = numpy_of(hashing_decoder(SHAPE, bits=6, width=16)(codes))
    assert made.shape == x.shape
    assert np.abs(made).max() <= 1


def test_the_noise_is_that_of_training_alone():
    x = np.ones((500, *SHAPE), "float32")
    network = hashing_encoder(SHAPE, bits=6, width=16, noise=4.0)
    before_sigmoid = keras.Model(network.input, network.get_layer("latents").input)
    quiet, noisy = (numpy_of(before_sigmoid(x, training=training)) for training in (False, True))
    assert np.ptp(quiet, axis=0).max() < 1e-4
    assert abs((noisy - quiet).std() - 4) < 0.3


@counted_once
def test_the_decoder_has_the_layers_of_the_encoder():
    encoder, decoder = hashing_encoder((28, 28, 1)), hashing_decoder((28, 28, 1))
    kernels = (784 * 512, 512 * 256, 256 * 32)
    assert encoder.count_params() == sum(kernels) + 512 + 256 + 32
    assert decoder.count_params() == sum(kernels) + 256 + 512 + 784
