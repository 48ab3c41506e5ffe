"""InstanceNoise: as much as is asked for, on samples of any kind."""

import numpy as np
import pytest
from keras import ops

from keras_gans.layers import InstanceNoise


def added(layer, shape, **arguments):
    return ops.convert_to_numpy(layer(ops.ones(shape), training=True, **arguments)) - 1


@pytest.mark.parametrize("shape", [(5000, 2), (40, 8, 8, 3), (40, 4, 6, 6, 1)])
def test_the_noise_is_normal_and_of_that_deviation(shape):
    noise = added(InstanceNoise(0.3, seed=1), shape)
    assert noise.mean() == pytest.approx(0, abs=0.015)
    assert noise.std() == pytest.approx(0.3, rel=0.03)
    assert np.abs(noise).max() > 0.8


def test_a_given_strength_takes_the_place_of_its_own():
    layer = InstanceNoise(0.3)
    assert added(layer, (5000, 2), strength=2.0).std() == pytest.approx(2, rel=0.05)
    assert (added(layer, (5, 2), strength=0.0) == 0).all()


def test_each_sample_of_a_pair_has_noise_of_its_own():
    layer, x = InstanceNoise(1.0), ops.zeros((2, 4, 4, 1))
    first, second = (ops.convert_to_numpy(y) for y in layer((x, x), training=True))
    assert (first != second).all()


def test_a_deviation_that_is_none_is_told():
    with pytest.raises(ValueError, match=r"stddev is 0 or more, .*; it was -0\.1"):
        InstanceNoise(-0.1)
