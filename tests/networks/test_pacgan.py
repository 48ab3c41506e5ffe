"""DCGAN's discriminator of several samples at once."""

import keras
import numpy as np
import pytest

from keras_gans.networks import pacgan_discriminator
from tests.backends import counted_once
from tests.networks.counts import trainable

IMAGES = np.random.default_rng(0).uniform(-1, 1, (7, 16, 16, 1)).astype("float32")


@counted_once
@pytest.mark.parametrize("pack", [1, 2, 4])
def test_only_the_first_layer_grows_by_the_samples(pack):
    discriminator = pacgan_discriminator((64, 64, 3), pack=pack)
    assert trainable(discriminator) == 2_765_568 + (pack - 1) * 4 * 4 * 3 * 64


def test_a_score_is_that_of_a_pack():
    discriminator = pacgan_discriminator((16, 16, 1), width=2, pack=3)
    assert discriminator.output_shape == (None, 1)

    def scores(images):
        return keras.ops.convert_to_numpy(discriminator(images)).ravel()

    before = scores(IMAGES)
    assert before.shape == (2,)
    # The packs are images 0, 2, 4 and 1, 3, 5; image 6 is in none.
    for image, moved in ((4, [True, False]), (3, [False, True]), (6, [False, False])):
        changed = IMAGES.copy()
        changed[image] = -changed[image]
        np.testing.assert_array_equal(np.abs(scores(changed) - before) > 1e-7, moved)


def test_wrong_numbers_are_told():
    with pytest.raises(ValueError, match="1, 3 or 4 channels"):
        pacgan_discriminator((16, 16, 2))
    with pytest.raises(ValueError, match="1 or more samples"):
        pacgan_discriminator((16, 16, 1), pack=0)
