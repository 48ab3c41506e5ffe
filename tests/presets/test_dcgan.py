"""The preset has the paper's numbers."""

import numpy as np
import pytest
from keras import ops

from keras_gans import presets
from tests.presets import authors_steps


def test_dcgan_is_compiled_with_the_numbers_of_the_paper():
    model = presets.dcgan((16, 16, 3), width=4, seed=0)
    assert model.compiled
    assert model.latent_dim == 100
    assert model.adversarial_loss.name == "non_saturating"
    for optimizer in model.optimizer.optimizers:
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.5, 0.999)


# python -m tests.presets.authors_steps, by PyTorch 2: mean size of the updates, in units of the
# rate, and their components along two directions. Epsilon 1e-7 would give 0.924 to the generator.
STEPS = {
    "discriminator": [0.999933, -0.634913, -0.080726],
    "generator": [0.981282, 1.906934, 0.655311],
}


def test_its_first_step_is_the_authors():
    model = presets.dcgan((16, 16, 1), authors_steps.LATENTS, authors_steps.WIDTH)
    latents, images, *_ = authors_steps.data()
    model.sample_latents = lambda like: ops.convert_to_tensor(latents, "float32")
    found = authors_steps.first_step(model, authors_steps.DCGAN, images)
    for player, numbers in STEPS.items():
        np.testing.assert_allclose(found[player], numbers, atol=1e-3)
