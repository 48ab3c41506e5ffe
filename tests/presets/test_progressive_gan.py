"""The presets have the numbers of the authors, and those that were chosen for processors."""

import keras
import pytest

from keras_gans import presets
from tests.networks.counts import trainable


def test_progressive_gan_is_compiled_with_the_numbers_of_the_authors():
    model = presets.progressive_gan((8, 8, 3), seed=0)
    assert model.compiled
    assert (trainable(model.generator), trainable(model.discriminator)) == (11_277_318, 11_283_457)
    assert (model.latent_dim, model.ema_decay) == (512, 0.999)
    assert (model.growth.fade_images, model.growth.stabilise_images) == (600_000, 600_000)
    assert [model.minibatch(side) for side in (4, 16, 32, 256, 1024)] == [128, 128, 64, 8, 4]
    assert model.rate_factors == {1024: 1.5}
    assert (model.penalty_weight, model.drift_weight) == (10.0, 0.001)
    for optimizer in model.optimizer.optimizers:
        assert float(keras.ops.convert_to_numpy(optimizer.learning_rate)) == pytest.approx(1e-3)
        assert (optimizer.beta_1, optimizer.beta_2, optimizer.epsilon) == (0.0, 0.99, 1e-8)


def test_the_small_one_has_the_same_loss_and_smaller_networks():
    model = presets.progressive_gan_small((32, 32, 1), fade_images=10, stabilise_images=20)
    assert model.compiled
    assert (trainable(model.generator), trainable(model.discriminator)) == (278_180, 279_073)
    assert (model.growth.fade_images, model.growth.stabilise_images) == (10, 20)
    assert (model.penalty_weight, model.drift_weight) == (10.0, 0.001)
    assert model.minibatch(32) == 16
