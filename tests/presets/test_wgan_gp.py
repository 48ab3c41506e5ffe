"""The preset of WGAN-GP has the numbers of its authors."""

import numpy as np
import pytest

from keras_gans import presets
from tests.backends import shown_on_tensorflow
from tests.harness import images


def test_it_is_compiled_with_the_numbers_of_the_authors():
    model = presets.wgan_gp((8, 8, 1), width=2, seed=0)
    assert model.adversarial_loss.name == "wasserstein"
    assert [(p.penalty.__name__, p.weight) for p in model.penalties] == [("gradient_penalty", 10)]
    assert (model.discriminator_steps, model.latent_dim) == (5, 128)
    for optimizer in model.optimizer.optimizers:
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.0, 0.9)


@shown_on_tensorflow("GAN takes several discriminator steps on every backend in test_gan")
def test_rates_fall_to_zero_with_the_last_of_the_steps():
    model = presets.wgan_gp((8, 8, 1), 4, 2, decay_steps=2, seed=0)
    model.run_eagerly = True  # Tracing ten steps takes longer than taking them.
    rates = []
    for _ in range(2):
        rates.append([float(o.learning_rate) for o in model.optimizer.optimizers])
        history = model.fit(images(10, (8, 8, 1)), batch_size=10, verbose=0).history
        assert np.isfinite(history["loss"]).all()
    rates.append([float(o.learning_rate) for o in model.optimizer.optimizers])
    np.testing.assert_allclose(rates, [[2e-4] * 2, [1e-4] * 2, [0] * 2], rtol=1e-5, atol=1e-9)
