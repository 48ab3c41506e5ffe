"""PixelShuffle against its definition, and the initial kernels before it."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import ICNR, PixelShuffle
from keras_gans.layers.pixel_shuffle import rearranged


@pytest.mark.parametrize("factor", [2, 3])
def test_channels_become_the_pixels_that_the_docstring_says(factor):
    maps = np.random.default_rng(0).normal(size=(2, 4, 5, 2 * factor**2)).astype("float32")
    shuffled = ops.convert_to_numpy(PixelShuffle(factor)(maps))
    assert shuffled.shape == (2, 4 * factor, 5 * factor, 2)
    for i in range(factor):
        for j in range(factor):
            for c in range(2):
                np.testing.assert_array_equal(
                    shuffled[:, i::factor, j::factor, c], maps[..., (i * factor + j) * 2 + c]
                )


def test_keras_without_the_operation_has_the_same():
    maps = np.random.default_rng(0).normal(size=(2, 4, 5, 18)).astype("float32")
    shuffled = ops.convert_to_numpy(PixelShuffle(3)(maps))
    np.testing.assert_array_equal(ops.convert_to_numpy(rearranged(maps, 3)), shuffled)


def test_the_sides_may_be_open():
    images = keras.Input((None, None, 12))
    network = keras.Model(images, PixelShuffle(2)(images))
    assert network.output_shape == (None, None, None, 3)
    assert network.predict(np.zeros((1, 3, 5, 12)), verbose=0).shape == (1, 6, 10, 3)


def test_channels_that_make_no_square_are_told():
    with pytest.raises(ValueError, match=r"a multiple of 9 channels; there\s+are 8"):
        PixelShuffle(3)(np.zeros((1, 2, 2, 8), "float32"))


@pytest.mark.parametrize("factor", [2, 3])
def test_before_training_every_square_has_one_colour(factor):
    keras.utils.set_random_seed(0)
    maps = np.random.default_rng(0).normal(size=(1, 4, 4, 3)).astype("float32")
    convolution = keras.layers.Conv2D(
        factor**2 * 5, 3, padding="same", kernel_initializer=ICNR(factor, "he_normal")
    )
    shuffled = ops.convert_to_numpy(PixelShuffle(factor)(convolution(maps)))
    first = shuffled[:, ::factor, ::factor]
    assert first.std() > 0.1
    np.testing.assert_array_equal(shuffled, first.repeat(factor, axis=1).repeat(factor, axis=2))


def test_both_survive_a_file(tmp_path):
    images = keras.Input((4, 4, 3))
    x = keras.layers.Conv2D(8, 3, kernel_initializer=ICNR(2, "he_normal"))(images)
    network = keras.Model(images, PixelShuffle(2)(x))
    network.save(tmp_path / "network.keras")
    loaded = keras.saving.load_model(tmp_path / "network.keras")
    assert loaded.layers[1].kernel_initializer.factor == 2
    assert type(loaded.layers[1].kernel_initializer.initializer) is keras.initializers.HeNormal
    maps = np.random.default_rng(0).normal(size=(1, 4, 4, 3)).astype("float32")
    np.testing.assert_array_equal(loaded.predict(maps, verbose=0), network.predict(maps, verbose=0))
