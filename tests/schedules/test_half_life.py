"""HalfLife: averages that are said in images."""

import keras
import numpy as np
import pytest

from keras_gans.schedules import Cosine, HalfLife
from tests.harness import dense_gan, images_for


def test_a_half_life_is_the_same_average_whatever_the_batch():
    half = HalfLife(1_000)
    of_eight = float(keras.ops.convert_to_numpy(half.decay(0, 8)))
    assert of_eight == pytest.approx(0.5**0.008, rel=1e-6)
    assert of_eight**125 == pytest.approx(0.5, rel=1e-4)
    # StyleGAN2's rule: 0.5 ^ (batch / max(min(half-life, seen * ramp), 1e-8)).
    ramped = HalfLife(1_000, ramp=0.05)
    for seen, decay in ((0, 0.0), (160, 0.5), (10**6, 0.5**0.008)):
        value = float(keras.ops.convert_to_numpy(ramped.decay(seen, 8)))
        assert value == pytest.approx(decay, rel=1e-6)
    rising = HalfLife(Cosine(0.0, 1_000.0, images=100))
    assert float(keras.ops.convert_to_numpy(rising.decay(50, 500))) == pytest.approx(0.5, rel=1e-5)
    assert float(keras.ops.convert_to_numpy(rising.decay(0, 8))) == 0.0
    with pytest.raises(ValueError, match="number of images above 0, or a schedule"):
        HalfLife(0)
    again = HalfLife.from_config(rising.get_config())
    assert again.images.get_config() == rising.images.get_config()


def test_the_average_of_a_half_life_is_the_closed_form():
    model = dense_gan(ema_decay=HalfLife(8))
    model.compile()
    images = images_for(model, 4)
    average = model.generator.get_weights()
    for n in (4, 4, 2):
        model.train_on_batch(images[:n])
        kept = 0.5 ** (n / 8)
        average = [
            kept * a + (1 - kept) * w
            for a, w in zip(average, model.generator.get_weights(), strict=True)
        ]
    for ours, theirs in zip(model.averaged_generator.get_weights(), average, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)
    # 10 images in 3 steps: a step keeps 0.5 ^ (10 / 24).
    assert model.average_lag() == pytest.approx(2 / (1 - 0.5 ** (10 / 24)), rel=1e-3)
