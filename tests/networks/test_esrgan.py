"""The generator of ESRGAN, against published counts and its equation."""

import keras
import numpy as np
import pytest

from keras_gans.layers import PixelShuffle
from keras_gans.networks import rrdb_generator
from tests.backends import counted_once
from tests.networks.counts import trainable


@counted_once
@pytest.mark.parametrize(("blocks", "count"), [(23, 16_697_987), (16, 11_662_019)])
def test_the_parameters_are_the_published_ones(blocks, count):
    assert trainable(rrdb_generator(blocks=blocks)) == count


@pytest.mark.parametrize("scale", [2, 3, 4, 8])
def test_any_image_becomes_scale_times_as_large(scale):
    generator = rrdb_generator(scale, blocks=1, width=4, growth=2)
    images = np.random.default_rng(0).uniform(-1, 1, (2, 5, 7, 3)).astype("float32")
    assert generator.predict(images, verbose=0).shape == (2, 5 * scale, 7 * scale, 3)


@pytest.mark.parametrize("scale", [2, 3])
def test_pixels_are_repeated(scale):
    """The maps before and after are those of `UpSampling2D` by nearest neighbours."""
    generator = rrdb_generator(scale, blocks=1, width=4, growth=2)
    (shuffle,) = [layer for layer in generator.layers if isinstance(layer, PixelShuffle)]
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 4)).astype("float32")
    joined = np.concatenate([x] * scale**2, axis=-1)
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(shuffle(joined)), x.repeat(scale, axis=1).repeat(scale, axis=2)
    )
    assert shuffle.input.shape[-1] == 4 * scale**2


def test_a_block_begins_near_the_identity():
    """Residuals times 0.2, twice, of kernels a tenth as large."""
    generator = rrdb_generator(2, blocks=1, width=4, growth=2)
    kernels = [w.numpy() if hasattr(w, "numpy") else w for w in generator.get_weights()]
    dense = [k for k in kernels if k.ndim == 4 and k.shape[2] in (6, 8, 10, 12)]
    for kernel in dense:
        fan_in = np.prod(kernel.shape[:3])
        assert kernel.std() == pytest.approx(0.1 * np.sqrt(2 / fan_in), rel=0.35)


def test_another_scale_is_told():
    with pytest.raises(ValueError, match="The scale is one of 2, 3, 4, 8; it was 6"):
        rrdb_generator(6)
