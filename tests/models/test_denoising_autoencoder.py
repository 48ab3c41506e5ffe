"""The denoising autoencoder: its case, what it corrupts and what it does not."""

import keras
import numpy as np
import pytest

from keras_gans.layers import MaskingNoise, SaltAndPepper
from keras_gans.models import DenoisingAutoencoder
from keras_gans.samples import Images
from tests.harness import (
    DrawsLatents,
    Encodes,
    Exports,
    Harness,
    assert_equal,
    coders,
    everything,
    images,
    state_of,
)

PIXELS = Images(range=(0, 1))


def denoising(corruption, **arguments):
    arguments = {"samples": PIXELS, "seed": 3, **arguments}
    return DenoisingAutoencoder(*coders(), 4, corruption, **arguments)


class TestDenoisingAutoencoder(Encodes, DrawsLatents, Exports, Harness):
    players = ("autoencoder",)
    logs = ()

    def build(self, **arguments):
        return denoising(MaskingNoise(0.3, seed=5), loss="bernoulli", **arguments)

    def test_training_and_evaluation_corrupt_and_encoding_does_not(self, eager_model, monkeypatch):
        seen = []
        run = eager_model.run

        def watched(network, main, *arguments, **keywords):
            if network is eager_model.encoder:
                seen.append(keras.ops.convert_to_numpy(keras.ops.stop_gradient(main)))
            return run(network, main, *arguments, **keywords)

        monkeypatch.setitem(vars(eager_model), "run", watched)
        pixels = np.maximum(images(4, (4, 4, 1)), 1)
        wanted = pixels / np.float32(255)
        eager_model.fit(pixels, batch_size=4, shuffle=False, verbose=0)
        for _ in range(2):
            eager_model.evaluate(pixels, batch_size=2, verbose=0)
        trained, *evaluated = seen
        for corrupted in (trained, np.concatenate(evaluated[:2])):
            masked = corrupted == 0
            assert 0.1 < masked.mean() < 0.5
            np.testing.assert_allclose(corrupted[~masked], wanted[~masked], atol=1e-6)
        assert_equal(evaluated[:2], evaluated[2:], "an evaluation draws what the last one drew")
        assert ((evaluated[0] == 0) != (evaluated[1] == 0)).any(), "each batch has its own draws"
        codes = eager_model.encoder.predict_on_batch(wanted)
        np.testing.assert_allclose(eager_model.encode(pixels), codes, atol=1e-6)

    def test_the_loss_of_an_evaluation_is_that_of_restored_images(self, eager_model, monkeypatch):
        seen = []
        layer = eager_model.corruption

        def watched(samples, training):
            seen.append(keras.ops.convert_to_numpy(layer(samples, training=training)))
            return keras.ops.convert_to_tensor(seen[-1])

        watched.variables = layer.variables
        monkeypatch.setitem(vars(eager_model), "corruption", watched)
        (pixels,) = self.arrays(6)
        before = state_of(layer.variables)
        loss = eager_model.evaluate(pixels, batch_size=6, verbose=0, return_dict=True)["loss"]
        assert_equal(before, state_of(layer.variables))
        codes = eager_model.encoder.predict_on_batch(seen[0])
        made = eager_model.generator.predict_on_batch(codes).astype("float64")
        x = pixels / 255.0
        nats = -(x * np.log(made) + (1 - x) * np.log(1 - made)).sum((1, 2, 3)).mean()
        assert loss == pytest.approx(nats, rel=1e-5)

    def test_the_target_is_the_image_as_it_was(self, eager_model, monkeypatch):
        targets = []
        loss = eager_model.reconstruction_loss

        def watched(samples, made):
            targets.append(keras.ops.convert_to_numpy(samples))
            return loss(samples, made)

        monkeypatch.setitem(vars(eager_model), "reconstruction_loss", watched)
        (pixels,) = self.arrays(4)
        self.fit(eager_model, n=4)
        np.testing.assert_allclose(targets[0], pixels / np.float32(255), atol=1e-6)

    def test_corrupting_leaves_training_as_it_was(self, model):
        (pixels,) = self.arrays()
        start = everything(model)
        first = model.corrupt(pixels, seed=7)
        assert_equal([first], [model.corrupt(pixels, seed=7)])
        assert (first != model.corrupt(pixels, seed=8)).any()
        assert_equal(start, everything(model))
        assert first.dtype == np.uint8
        assert 0.15 < (first != pixels).mean() < 0.45
        with pytest.raises(ValueError, match="shape"):
            model.corrupt(pixels[:, 1:])


@pytest.mark.parametrize("corruption", [SaltAndPepper(0.5), keras.layers.GaussianNoise(0.3, 1)])
def test_other_corruptions_train_too(corruption):
    model = denoising(corruption)
    model.compile(run_eagerly=True)
    pixels = images(4, (4, 4, 1))
    history = model.fit(pixels, verbose=0, validation_data=pixels).history
    assert np.isfinite(history["loss"] + history["val_loss"]).all()
    assert model.evaluate(pixels, verbose=0) == model.evaluate(pixels, verbose=0)
    assert (model.corrupt(pixels) != pixels).mean() > 0.3


def test_a_layer_may_call_its_generator_of_draws_as_it_likes():
    model = denoising(keras.layers.RandomErasing(1.0, scale=(0.3, 0.6), seed=1))
    model.compile()
    x = images(8, (4, 4, 1))
    first = model.evaluate(x, batch_size=4, verbose=0)
    model.corruption(x[:4].astype("float32"), training=True)  # A draw of training's own.
    before = state_of(model.corruption.variables)
    assert model.evaluate(x, batch_size=4, verbose=0) == first
    assert_equal(before, state_of(model.corruption.variables))


@pytest.mark.parametrize("corruption", [None, 0.5, keras.layers.ReLU()])
def test_what_is_no_corruption_is_told(corruption):
    with pytest.raises(ValueError, match="a layer with a seed that corrupts"):
        denoising(corruption)
