"""The preset of SNGAN has the numbers of its authors."""

import numpy as np
import pytest

from keras_gans import presets
from tests.backends import shown_on_tensorflow
from tests.harness import images


def test_it_is_compiled_with_the_numbers_of_the_authors():
    model = presets.sngan((8, 8, 1), width=2, discriminator_width=2, seed=0)
    assert model.adversarial_loss.name == "hinge"
    assert (model.penalties, model.discriminator_steps, model.latent_dim) == ((), 5, 128)
    for optimizer in model.optimizer.optimizers:
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.0, 0.9)
    falling = presets.sngan((8, 8, 1), 4, 2, 2, decay_steps=10, seed=0)
    ends = [o.get_config()["learning_rate"]["config"] for o in falling.optimizer.optimizers]
    assert [end["decay_steps"] for end in ends] == [50, 10]


@shown_on_tensorflow("GAN takes several discriminator steps on every backend in test_gan")
def test_it_trains():
    model = presets.sngan((8, 8, 1), 4, 2, 2, seed=0)
    model.run_eagerly = True  # Tracing six steps takes longer than taking them.
    history = model.fit(images(10, (8, 8, 1)), batch_size=10, verbose=0).history
    assert np.isfinite(history["loss"]).all()
