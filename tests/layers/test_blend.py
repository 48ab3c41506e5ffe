import keras
import numpy as np
import pytest

from keras_gans.layers import Blend


@pytest.mark.parametrize("alpha", [0.0, 0.25, 1.0])
def test_it_goes_from_the_old_to_the_new(alpha):
    rng = np.random.default_rng(0)
    old, new = (rng.normal(size=(2, 3)).astype("float32") for _ in range(2))
    blended = keras.ops.convert_to_numpy(Blend()(old, new, alpha=alpha))
    np.testing.assert_allclose(blended, old + alpha * (new - old), rtol=1e-6, atol=1e-6)
    if alpha in (0.0, 1.0):
        np.testing.assert_array_equal(blended, (old, new)[int(alpha)])
