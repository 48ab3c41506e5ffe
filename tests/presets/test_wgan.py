"""The preset of WGAN has the paper's numbers."""

import keras
import numpy as np
import pytest

from keras_gans import presets
from tests.harness import images, state_of


def test_it_is_compiled_with_the_numbers_of_the_paper():
    model = presets.wgan((16, 16, 1), width=2, seed=0)
    assert (model.clip, model.discriminator_steps, model.latent_dim) == (0.01, 5, 100)
    for optimizer in model.optimizer.optimizers:
        assert isinstance(optimizer, keras.optimizers.RMSprop)
        assert float(optimizer.learning_rate) == pytest.approx(5e-5)
        assert (optimizer.rho, optimizer.epsilon) == (0.99, 1e-16)
    history = model.fit(images(10), batch_size=10, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert max(np.abs(w).max() for w in state_of(model.discriminator.trainable_variables)) <= 0.01
