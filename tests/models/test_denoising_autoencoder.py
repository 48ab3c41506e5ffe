"""The denoising autoencoder: its case, what it corrupts and what it does not."""

import keras
import numpy as np
import pytest

from keras_gans.layers import MaskingNoise, SaltAndPepper
from keras_gans.models import DenoisingAutoencoder
from keras_gans.samples import Images
from tests.harness import (
    DrawsLatents,
    Exports,
    FromLatents,
    Harness,
    assert_equal,
    coders,
    everything,
    images,
)

PIXELS = Images(range=(0, 1))


def denoising(corruption, **arguments):
    arguments = {"samples": PIXELS, "seed": 3, **arguments}
    return DenoisingAutoencoder(*coders(), 4, corruption, **arguments)


class TestDenoisingAutoencoder(FromLatents, DrawsLatents, Exports, Harness):
    players = ("autoencoder",)
    logs = ()

    def build(self, **arguments):
        return denoising(MaskingNoise(0.3, seed=5), loss="bernoulli", **arguments)

    def requests(self, model, n=3):
        given = {"images": images(n, (4, 4, 1))}
        return {
            **super().requests(model, n),
            "encode": (given, model.encode(given["images"])),
            "reconstruct": (given, model.reconstruct(given["images"])),
        }

    def test_the_encoder_sees_corrupted_images_in_training_alone(self, eager_model, monkeypatch):
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
        eager_model.evaluate(pixels, batch_size=4, verbose=0)
        trained, evaluated = seen
        np.testing.assert_allclose(evaluated, wanted, atol=1e-6)
        masked = trained == 0
        assert 0.1 < masked.mean() < 0.5
        np.testing.assert_allclose(trained[~masked], wanted[~masked], atol=1e-6)

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
    assert np.isfinite(model.fit(pixels, verbose=0).history["loss"]).all()
    assert (model.corrupt(pixels) != pixels).mean() > 0.3


@pytest.mark.parametrize("corruption", [None, 0.5, keras.layers.ReLU()])
def test_what_is_no_corruption_is_told(corruption):
    with pytest.raises(ValueError, match="a layer with a seed that corrupts"):
        denoising(corruption)
