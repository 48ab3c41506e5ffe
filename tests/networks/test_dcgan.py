"""DCGAN's layer tables."""

import keras
import numpy as np
import pytest

from keras_gans.networks import dcgan_discriminator, dcgan_generator
from tests.backends import counted_once
from tests.networks.counts import trainable


@counted_once
def test_the_counts_are_the_published_ones():
    assert trainable(dcgan_generator((64, 64, 3))) == 3_576_704
    assert trainable(dcgan_discriminator((64, 64, 3))) == 2_765_568


@pytest.mark.parametrize("side", [16, 28, 32, 64, 128])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_every_side_and_channel_count_builds(side, channels):
    shape = (side, side, channels)
    generator = dcgan_generator(shape, latent_dim=5, width=2)
    assert generator.output_shape == (None, *shape)
    assert dcgan_discriminator(shape, width=2).output_shape == (None, 1)


@pytest.mark.parametrize("shape", [(8, 8, 1), (48, 48, 3), (32, 64, 3), (32, 32, 2), (56, 56, 1)])
@pytest.mark.parametrize("build", [dcgan_generator, dcgan_discriminator])
def test_other_shapes_are_told(build, shape):
    with pytest.raises(ValueError, match="DCGAN makes"):
        build(shape)


def test_weights_start_from_the_paper_s_distribution():
    for network in (dcgan_generator((64, 64, 3)), dcgan_discriminator((64, 64, 3))):
        for layer in network.layers:
            if hasattr(layer, "kernel"):
                assert layer.kernel.numpy().std() == pytest.approx(0.02, rel=0.05)
                assert layer.bias is None
            if isinstance(layer, keras.layers.BatchNormalization):
                assert layer.gamma.numpy().mean() == pytest.approx(1.0, abs=0.01)
    dense = [x for x in dcgan_generator((32, 32, 1)).layers if isinstance(x, keras.layers.Dense)]
    assert len(dense) == 1


def test_the_generator_makes_images_and_the_discriminator_raw_scores():
    generator, discriminator = dcgan_generator((16, 16, 1), 3, 2), dcgan_discriminator((16, 16, 1))
    images = generator.predict(np.random.default_rng(0).normal(size=(4, 3)) * 50, verbose=0)
    assert np.abs(images).max() <= 1
    scores = discriminator.predict(images * 1e5, verbose=0)
    assert scores.min() < 0 or scores.max() > 1


def test_upsampling_overlaps_evenly():
    """A kernel of ones makes of a constant map a constant one: no checkerboard is built in."""
    generator = dcgan_generator((32, 32, 1), latent_dim=8, width=2)
    for layer in generator.layers:
        if isinstance(layer, keras.layers.Conv2DTranspose):
            layer.set_weights([np.ones_like(layer.kernel)])
            channels = layer.input.shape[-1]
            maps = keras.ops.convert_to_numpy(layer(np.ones((1, 6, 6, channels), "float32")))
            inside = maps[:, 2:-2, 2:-2]
            assert inside.min() == inside.max() > 0


def test_images_and_scores_are_float32_under_mixed_precision():
    keras.config.set_dtype_policy("mixed_bfloat16")
    for network in (dcgan_generator((16, 16, 1), 3, 2), dcgan_discriminator((16, 16, 1), 2)):
        assert network.outputs[0].dtype == "float32"
