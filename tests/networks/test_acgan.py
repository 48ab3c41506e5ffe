"""DCGAN's layers with a score of the source, and one of each class."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.networks import acgan_discriminator
from tests.backends import counted_once
from tests.networks.counts import trainable

IMAGES = np.random.default_rng(1).uniform(-1, 1, (3, 16, 16, 1)).astype("float32")


@counted_once
def test_the_parameters_are_those_of_dcgan_and_a_last_layer_for_each_label():
    assert trainable(acgan_discriminator((64, 64, 3), 10)) == 2_765_568 + 10 * 4 * 4 * 512


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_both_outputs_are_raw_and_linear_in_the_same_maps(policy):
    keras.config.set_dtype_policy(policy)
    network = acgan_discriminator((16, 16, 1), 5, width=2)
    made = network(IMAGES)
    assert {name: tuple(x.shape) for name, x in made.items()} == {
        "scores": (3, 1),
        "logits": (3, 5),
    }
    for tensor in made.values():
        assert keras.backend.standardize_dtype(tensor.dtype) == "float32"
    *_, maps_layer = [x for x in network.layers if isinstance(x, keras.layers.LeakyReLU)]
    maps = ops.cast(keras.Model(network.inputs[0], maps_layer.output)(IMAGES), "float32")
    phi = ops.convert_to_numpy(maps).reshape(3, -1)
    kernels = {
        x.filters: ops.convert_to_numpy(x.kernel).reshape(-1, x.filters)
        for x in network.layers
        if isinstance(x, keras.layers.Conv2D) and x.padding == "valid"
    }
    for name, filters in (("scores", 1), ("logits", 5)):
        expected, atol = phi @ kernels[filters], 1e-5 if policy == "float32" else 2e-2
        np.testing.assert_allclose(ops.convert_to_numpy(made[name]), expected, atol=atol)


@pytest.mark.parametrize("shape", [(8, 8, 1), (32, 32, 2)])
def test_other_shapes_are_told(shape):
    with pytest.raises(ValueError, match="DCGAN makes"):
        acgan_discriminator(shape, 10)
