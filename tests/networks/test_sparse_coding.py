"""A dictionary is linear, and the encoder of predictive sparse decomposition is the paper's."""

import numpy as np
from keras import ops

from keras_gans.networks import dictionary, tanh_encoder
from tests.harness import numpy_of


def test_a_sample_is_the_sum_of_atoms_by_their_codes():
    network = dictionary((3, 2, 1), atoms=5)
    atoms = numpy_of(network(ops.eye(5)))
    codes = np.random.default_rng(0).standard_normal((4, 5)).astype("float32")
    expected = np.einsum("na,ahwc->nhwc", codes, atoms)
    np.testing.assert_allclose(numpy_of(network(codes)), expected, atol=1e-5)
    assert network.count_params() == 5 * 6


def test_atoms_have_a_length_of_about_one_before_training():
    lengths = np.linalg.norm(numpy_of(dictionary((144,), atoms=64)(ops.eye(64))), axis=1)
    assert 0.75 < lengths.min() < lengths.max() < 1.25


def test_the_encoder_is_a_gain_times_a_tanh():
    network = tanh_encoder((8,), atoms=5)
    x = np.random.default_rng(0).standard_normal((4, 8)).astype("float32")
    gains = np.array([1, 2, 3, 4, 5], "float32")
    network.get_layer("gains").set_weights([gains])
    kernel, bias = network.layers[2].get_weights()
    expected = gains * np.tanh(x @ kernel + bias)
    np.testing.assert_allclose(numpy_of(network(x)), expected, atol=1e-5)
    assert network.count_params() == 8 * 5 + 5 + 5
