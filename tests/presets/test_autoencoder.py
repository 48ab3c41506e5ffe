"""The presets of autoencoders are what their papers say, and train."""

import numpy as np
import pytest

from keras_gans import losses, presets
from keras_gans.layers import MaskingNoise
from tests.harness import images

SMALL = {
    "autoencoder": {"latent_dim": 3, "widths": (6,)},
    "denoising_autoencoder": {"latent_dim": 3, "widths": (6,), "rate": 0.25},
    "variational_autoencoder": {"latent_dim": 2, "widths": (6,), "beta": 2.0},
}


@pytest.mark.parametrize("name", SMALL)
def test_each_is_compiled_and_trains(name):
    model = getattr(presets, name)((6, 6, 1), **SMALL[name], ema_decay=0.5, seed=1)
    assert float(model.optimizer.autoencoder.learning_rate) == pytest.approx(1e-3)
    pixels = images(8, (6, 6, 1))
    assert np.isfinite(model.fit(pixels, batch_size=4, verbose=0).history["loss"]).all()
    assert model.reconstruct(pixels).shape == model.generate(8).shape == pixels.shape
    assert model.encode(pixels).shape == (8, SMALL[name]["latent_dim"])


def test_arguments_reach_the_models():
    plain, denoising, variational = (
        getattr(presets, name)((6, 6, 1), **small, seed=1) for name, small in SMALL.items()
    )
    assert plain.reconstruction_loss is losses.bernoulli
    assert denoising.reconstruction_loss is variational.likelihood is losses.bernoulli
    assert isinstance(denoising.corruption, MaskingNoise)
    assert (denoising.corruption.rate, variational.beta) == (0.25, 2.0)


def test_a_seed_decides_the_weights():
    same = [presets.autoencoder((4, 4, 1), 2, (3,), seed=5).get_weights() for _ in range(2)]
    for a, b in zip(*same, strict=True):
        np.testing.assert_array_equal(a, b)
