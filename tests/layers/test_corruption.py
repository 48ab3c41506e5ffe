"""Corruptions: how much they change, to what, and that they do so in training only."""

import numpy as np
import pytest
from keras import ops

from keras_gans.layers import MaskingNoise, SaltAndPepper

IMAGES = np.random.default_rng(0).uniform(0.1, 0.9, (20, 16, 16, 1)).astype("float32")


def corrupted(layer, training=True):
    return ops.convert_to_numpy(layer(ops.convert_to_tensor(IMAGES), training=training))


def test_masking_sets_a_share_to_zero_and_leaves_the_rest():
    made = corrupted(MaskingNoise(0.25, seed=1))
    masked = made == 0
    assert masked.mean() == pytest.approx(0.25, abs=0.02)
    np.testing.assert_array_equal(made[~masked], IMAGES[~masked])


@pytest.mark.parametrize("ends", [(0, 1), (-1, 1)])
def test_salt_and_pepper_are_equally_many(ends):
    made = corrupted(SaltAndPepper(0.4, ends, seed=1))
    for end in ends:
        assert (made == end).mean() == pytest.approx(0.2, abs=0.02)
    left = (made != ends[0]) & (made != ends[1])
    np.testing.assert_array_equal(made[left], IMAGES[left])


@pytest.mark.parametrize("layer", [MaskingNoise(0.5), SaltAndPepper(0.5)])
def test_outside_of_training_nothing_changes(layer):
    np.testing.assert_array_equal(corrupted(layer, training=False), IMAGES)
    assert (corrupted(layer) != corrupted(layer)).any()


@pytest.mark.parametrize("layer", [MaskingNoise(0.5, seed=3), SaltAndPepper(0.5, (-1, 1), seed=3)])
def test_the_seed_decides_and_the_config_has_it(layer):
    again = type(layer).from_config(layer.get_config())
    np.testing.assert_array_equal(corrupted(again), corrupted(layer))
    other = type(layer).from_config({**layer.get_config(), "seed": 400})
    assert (corrupted(other) != corrupted(again)).any()


def test_a_rate_that_is_no_share_is_told():
    with pytest.raises(ValueError, match=r"rate of SaltAndPepper is a share; it was 1\.5"):
        SaltAndPepper(1.5)
    with pytest.raises(ValueError, match="rate of MaskingNoise"):
        MaskingNoise(-0.1)
