"""Encoders and decoders: their counts, their shapes and their ranges."""

import numpy as np
import pytest

from keras_gans.networks import (
    convolutional_autoencoder,
    convolutional_variational_autoencoder,
    dense_autoencoder,
    dense_variational_autoencoder,
)
from tests.backends import counted_once
from tests.networks.counts import trainable

BUILDERS = [
    convolutional_autoencoder,
    convolutional_variational_autoencoder,
    dense_autoencoder,
    dense_variational_autoencoder,
]


@counted_once
def test_the_deep_autoencoder_has_the_layers_of_the_paper():
    encoder, decoder = dense_autoencoder((28, 28, 1))
    # 784-1000-500-250-30 and back, with biases.
    assert trainable(encoder) == 785_000 + 500_500 + 125_250 + 7_530
    assert trainable(encoder) + trainable(decoder) == 2_837_314


@counted_once
def test_the_variational_ones_have_a_second_head():
    encoder, decoder = dense_variational_autoencoder((28, 28, 1), latent_dim=20)
    assert trainable(encoder) == 785 * 500 + 2 * 501 * 20
    assert trainable(decoder) == 21 * 500 + 501 * 784
    plain, same = convolutional_autoencoder((32, 32, 1), latent_dim=8, width=4)
    variational, decoder = convolutional_variational_autoencoder((32, 32, 1), 8, width=4)
    # Maps of 4, 8 and 16 channels, the last of 4x4.
    assert trainable(plain) == 17 * 4 + (64 + 0) * 8 + 8 + 128 * 16 + 16 + 257 * 8
    assert trainable(variational) == trainable(plain) + 257 * 8
    assert trainable(decoder) == trainable(same) == 9 * 256 + (2048 + 8) + (512 + 4) + 65


@pytest.mark.parametrize("build", BUILDERS)
@pytest.mark.parametrize("shape", [(16, 16, 3), (28, 28, 1)])
def test_images_go_in_and_come_out(build, shape):
    small = {"widths": (6, 5)} if "dense" in build.__name__ else {"width": 2}
    encoder, decoder = build(shape, latent_dim=3, **small)
    outputs = encoder.predict_on_batch(np.ones((2, *shape), "float32"))
    codes = outputs["means"] if "variational" in build.__name__ else outputs
    assert codes.shape == (2, 3)
    made = decoder.predict_on_batch(1000 * codes)
    assert made.shape == (2, *shape)
    assert 0 <= made.min() <= made.max() <= 1


def test_other_sides_are_for_dense_networks():
    with pytest.raises(ValueError, match="power of two"):
        convolutional_autoencoder((20, 20, 1))
    _, decoder = dense_autoencoder((20, 10, 1), 2, (4,))
    assert decoder.output_shape == (None, 20, 10, 1)
