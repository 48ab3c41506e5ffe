"""The trained models that come with the package."""

import keras
import numpy as np
import pytest

from benchmarks.ship_weights import MODELS, save_halved, slim
from keras_gans import data, presets
from keras_gans.presets.trained import FOLDER, names
from keras_gans_cli.scores import recognized
from tests.backends import shown_on_tensorflow
from tests.harness import conditional_gan


def test_each_has_a_card_and_a_command_and_is_small():
    assert {*names()} == {*MODELS} == {path.stem for path in FOLDER.glob("*.md")}
    for name in names():
        assert presets.card(name).startswith(f"# {name}\n")
        assert "frechet_fashion_mnist" in presets.card(name)
        assert (FOLDER / f"{name}.keras").stat().st_size < 2.2e6


def test_the_classes_that_are_asked_for_are_made():
    model = presets.load("conditional_dcgan_fashion_mnist")
    labels = np.arange(200) % 10
    assert recognized(model.generate(labels=labels, seed=1), labels) > 0.8


@shown_on_tensorflow("its weights are the same on every backend")
def test_images_are_as_varied_and_as_like_real_ones_as_the_card_says():
    from keras_gans.metrics import FrechetDistance

    real, _ = data.fashion_mnist((32, 32, 1))
    made = presets.load("dcgan_fashion_mnist").generate(1000, seed=3, batch_size=250)
    assert FrechetDistance().compare(real[:2000], made) < 2.0


def test_codes_are_read_back():
    model = presets.load("variational_autoencoder_fashion_mnist")
    images, _ = data.fashion_mnist()
    error = np.mean(np.square((images[:50] - model.reconstruct(images[:50]).astype("float")) / 255))
    assert error < 0.02


def test_training_goes_on_from_there():
    model = presets.load("dcgan_fashion_mnist")
    model.compile()
    images, _ = data.fashion_mnist((32, 32, 1))
    labels = np.zeros(4, "int32")
    assert np.isfinite(model.train_on_batch(images[:4], labels, return_dict=True)["loss"])


def test_another_name_is_told():
    with pytest.raises(ValueError, match=r"trained models are conditional_dcgan.*no 'dcgan'"):
        presets.load("dcgan")


@shown_on_tensorflow("files are the same on every backend")
def test_what_ships_has_the_average_rounded(tmp_path):
    model = conditional_gan(ema_decay=0.5)
    model.averaged_generator.set_weights([w + 0.1 for w in model.generator.get_weights()])
    model.save(tmp_path / "whole.keras")
    save_halved(slim(tmp_path / "whole.keras"), tmp_path / "half.keras")
    loaded = keras.saving.load_model(tmp_path / "half.keras")
    assert loaded.averaged_generator is None
    for network in ("generator", "discriminator"):
        source = "averaged_generator" if network == "generator" else network
        pairs = getattr(model, source).get_weights(), getattr(loaded, network).get_weights()
        for expected, found in zip(*pairs, strict=True):
            np.testing.assert_array_equal(expected.astype("float16"), found)
            assert found.dtype == "float32"
    size = [(tmp_path / f"{name}.keras").stat().st_size for name in ("half", "whole")]
    assert size[0] < size[1] / 2
