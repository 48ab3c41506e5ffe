"""Weights between those of two networks."""

import numpy as np
import pytest

from keras_gans.networks import interpolate, srresnet


def test_the_weights_lie_between():
    first, second = srresnet(2, 1, 2), srresnet(2, 1, 2)
    between = interpolate(first, second, 0.25)
    for a, b, c in zip(
        first.get_weights(), second.get_weights(), between.get_weights(), strict=True
    ):
        np.testing.assert_allclose(c, 0.75 * a + 0.25 * b, rtol=1e-6)
    images = np.random.default_rng(0).uniform(-1, 1, (1, 4, 4, 3)).astype("float32")
    for alpha, end in ((0.0, first), (1.0, second)):
        np.testing.assert_allclose(
            interpolate(first, second, alpha).predict(images, verbose=0),
            end.predict(images, verbose=0),
            atol=1e-6,
        )


def test_other_architectures_are_told():
    for other in (srresnet(2, 1, 3), srresnet(2, 2, 2)):
        with pytest.raises(ValueError, match="of different shapes"):
            interpolate(srresnet(2, 1, 2), other, 0.5)
