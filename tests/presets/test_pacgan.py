"""The preset has DCGAN's numbers, and trains on packs."""

import keras
import numpy as np
import pytest

from keras_gans import presets
from tests.backends import written_once
from tests.harness import changed, images, state_of

SHAPE = (16, 16, 1)


def tiny(**arguments):
    return presets.pacgan(SHAPE, 4, 2, 3, seed=0, **arguments)


def test_it_is_compiled_with_the_numbers_of_dcgan():
    model = presets.pacgan((16, 16, 3), width=4, seed=0)
    assert (model.latent_dim, model.adversarial_loss.name) == (100, "non_saturating")
    for optimizer in model.optimizer.optimizers:
        assert float(optimizer.learning_rate) == pytest.approx(2e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.5, 0.999)


def test_both_players_learn_by_packs_and_a_file_holds_them(tmp_path):
    model = tiny(ema_decay=0.5)
    before = [state_of(n.trainable_variables) for n in (model.generator, model.discriminator)]
    # Batches of 6 and of 1.
    history = model.fit(images(7, SHAPE), batch_size=6, validation_data=images(4, SHAPE), verbose=0)
    assert np.isfinite([*history.history.values()]).all()
    for network, old in zip((model.generator, model.discriminator), before, strict=True):
        assert changed(old, state_of(network.trainable_variables))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.generate(2, seed=1), model.generate(2, seed=1))


@written_once
def test_an_export_makes_what_the_model_makes(tmp_path):
    tf = pytest.importorskip("tensorflow")
    model = tiny()
    latents = model.draw_latents(2, seed=0)
    signatures = tf.saved_model.load(str(model.export(tmp_path / "saved"))).signatures
    made = signatures["from_latents"](latents=tf.constant(latents))["images"].numpy()
    assert np.abs(made.astype(int) - model.generate(latents=latents)).max() <= 1
