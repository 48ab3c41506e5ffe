"""The preset has what the paper and the authors' code say, and trains."""

import keras
import numpy as np
import pytest

from keras_gans import presets
from tests.backends import written_once
from tests.harness import changed, images, state_of

SHAPE = (16, 16, 1)


def tiny(**arguments):
    return presets.improved_gan(SHAPE, 4, 2, reference=3, seed=0, **arguments)


def test_it_is_compiled_with_the_numbers_of_the_paper_and_the_code():
    model = tiny()
    assert model.adversarial_loss.name == "non_saturating"
    assert model.adversarial_loss.label_smoothing == 0.1
    for optimizer in model.optimizer.optimizers:
        assert float(optimizer.learning_rate) == pytest.approx(4e-4)
        assert (optimizer.beta_1, optimizer.beta_2) == (0.5, 0.999)


def test_both_players_learn_and_a_file_holds_them(tmp_path):
    model = tiny(historical_averaging=0.1, ema_decay=0.5)
    before = [state_of(n.trainable_variables) for n in (model.generator, model.discriminator)]
    # A batch of 4 and one of 1.
    history = model.fit(images(5, SHAPE), batch_size=4, validation_data=images(4, SHAPE), verbose=0)
    assert np.isfinite([*history.history.values()]).all()
    for network, old in zip((model.generator, model.discriminator), before, strict=True):
        assert changed(old, state_of(network.trainable_variables))
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.generate(2, seed=1), model.generate(2, seed=1))
    assert loaded.historical_averaging == 0.1


@written_once
def test_an_export_makes_what_the_model_makes(tmp_path):
    tf = pytest.importorskip("tensorflow")
    model = tiny()
    latents = model.draw_latents(2, seed=0)
    signatures = tf.saved_model.load(str(model.export(tmp_path / "saved"))).signatures
    made = signatures["from_latents"](latents=tf.constant(latents))["images"].numpy()
    assert np.abs(made.astype(int) - model.generate(latents=latents)).max() <= 1
