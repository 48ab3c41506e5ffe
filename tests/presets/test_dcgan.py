"""The preset has the paper's numbers."""

import pytest

from keras_gans import presets


def test_dcgan_is_compiled_with_the_numbers_of_the_paper():
    model = presets.dcgan((16, 16, 3), width=4, seed=0)
    assert model.compiled
    assert model.latent_dim == 100
    assert model.adversarial_loss.name == "non_saturating"
    for optimizer in model.optimizer.optimizers:
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.5, 0.999)
