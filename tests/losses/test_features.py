"""Feature matching against its equation."""

import numpy as np
import pytest

from keras_gans import losses
from tests.losses.checks import DTYPES, assert_finite, assert_it_is

RNG = np.random.default_rng(0)
EQUATIONS = {
    losses.feature_matching: lambda fake, real: np.mean((real.mean(0) - fake.mean(0)) ** 2),
    losses.absolute_feature_matching: lambda fake, real: np.abs(real.mean(0) - fake.mean(0)).mean(),
}
LOSSES = pytest.mark.parametrize("loss", EQUATIONS)


@LOSSES
@pytest.mark.parametrize("shape", [(3,), (2, 2, 3)])
def test_it_is_its_equation_and_real_features_are_constants(loss, shape):
    fake, real = RNG.normal(size=(5, *shape)), RNG.normal(size=(4, *shape))
    assert_it_is(EQUATIONS[loss], loss, fake, real, constant=[1])


@DTYPES
@LOSSES
def test_hostile_features_and_zeros_stay_finite(loss, dtype):
    far, zero = np.full((64, 3), 1e4), np.zeros((64, 3))
    for features in ((far, -far), (zero, zero), (far, zero)):
        assert_finite(loss, *features, dtype=dtype)
