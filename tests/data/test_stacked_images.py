"""Three grey images as the channels of one."""

import keras
import numpy as np
import pytest

from keras_gans.data import StackedImages
from keras_gans.models import GAN
from tests.harness import images


def numbered(n=5):
    """Grey images 4x4 that hold their number, and their classes."""
    return np.arange(n, dtype="uint8").repeat(16).reshape(n, 4, 4, 1), np.arange(n) % 3


def test_a_stack_is_three_images_and_its_label_their_classes():
    grey, labels = numbered()
    stacks = StackedImages(grey, labels, batch_size=8, num_stacks=20, seed=3)
    assert (len(stacks), stacks.image_shape, stacks.num_images) == (3, (4, 4, 3), 20)
    for batch in range(3):
        pictures, fields = stacks[batch]
        assert pictures.dtype == np.uint8
        members = pictures[:, 0, 0]
        np.testing.assert_array_equal(pictures, members[:, None, None].repeat(4, 1).repeat(4, 2))
        i, j, k = labels[members].T
        np.testing.assert_array_equal(fields["labels"], (i * 3 + j) * 3 + k)


def test_triples_follow_the_seed_and_are_drawn_evenly():
    grey, _ = numbered()
    one = StackedImages(grey, num_stacks=5000, shuffle=False, seed=1)
    members = one.images[np.arange(5000)][:, 0, 0]
    counts = np.stack([np.bincount(channel, minlength=5) for channel in members.T])
    assert counts.min() > 850
    assert counts.max() < 1150
    assert len(np.unique(members, axis=0)) == 125
    again = StackedImages(grey, num_stacks=5000, shuffle=False, seed=1)
    other = StackedImages(grey, num_stacks=5000, shuffle=False, seed=2)
    np.testing.assert_array_equal(one[0], again[0])
    assert (one[0] != other[0]).any()
    assert one.sample(3).shape == (3, 4, 4, 3)


def tiny_gan():
    layers = keras.layers
    generator = [keras.Input((2,)), layers.Dense(48, "tanh"), layers.Reshape((4, 4, 3))]
    discriminator = [keras.Input((4, 4, 3)), layers.Flatten(), layers.Dense(1)]
    networks = keras.Sequential(generator), keras.Sequential(discriminator)
    return GAN(*networks, latent_dim=2, seed=0)


def test_a_model_trains_on_stacks():
    model = tiny_gan()
    model.compile()
    grey = images(6, (4, 4, 1))
    stacks = StackedImages(grey, batch_size=4, num_stacks=8)
    history = model.fit(stacks, verbose=0).history
    assert np.isfinite(history["loss"]).all()


def test_what_is_not_grey_is_told():
    with pytest.raises(ValueError, match=r"Grey images .* have the shape \[2, 4, 4, 3\]"):
        StackedImages(np.zeros((2, 4, 4, 3), "uint8"))
