"""The plane of latents, of a generator that shows them."""

from statistics import NormalDist

import keras
import numpy as np
import pytest

from keras_gans.manifold import manifold
from keras_gans.models import Autoencoder
from keras_gans.samples import Images


def showing(latent_dim=2):
    """The generator's two pixels are the latents, through a sigmoid."""
    shape = (1, latent_dim, 1)
    encoder = keras.Sequential([keras.Input(shape), keras.layers.Flatten()])
    generator = keras.Sequential([keras.Input((latent_dim,)), keras.layers.Reshape(shape)])
    generator.add(keras.layers.Activation("sigmoid"))
    return Autoencoder(encoder, generator, latent_dim, samples=Images(range=(0, 1)))


def test_rows_and_columns_are_equally_likely_steps():
    picture = manifold(showing(), side=3)[..., 0]
    gap, times = 2 * 64, 64  # Of a grid that is enlarged.
    levels = [255 / (1 + np.exp(-NormalDist().inv_cdf(q))) for q in (1 / 6, 1 / 2, 5 / 6)]
    for row in range(3):
        for column in range(3):
            y, x = gap + row * (times + gap), gap + column * (2 * times + gap)
            assert picture[y, x] == pytest.approx(levels[column], abs=1)
            assert picture[y, x + times] == pytest.approx(levels[row], abs=1)


def test_other_latents_and_sides_are_told():
    with pytest.raises(ValueError, match="Train it with latent_dim=2"):
        manifold(showing(3))
    with pytest.raises(ValueError, match="2 or more; it was 1"):
        manifold(showing(), side=1)
