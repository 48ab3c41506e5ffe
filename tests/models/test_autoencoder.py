"""The autoencoder: its cases, its loss and its arguments."""

import keras
import numpy as np
import pytest

from keras_gans.losses import squared_error
from keras_gans.metrics import L1Distance
from keras_gans.models import Autoencoder
from keras_gans.samples import Images
from tests.harness import Averages, DrawsLatents, Encodes, Exports, Harness, coders, images

PIXELS = Images(range=(0, 1))


class TestAutoencoder(Encodes, DrawsLatents, Averages, Exports, Harness):
    players = ("autoencoder",)
    logs = ()

    def build(self, **arguments):
        return Autoencoder(*coders(), 4, samples=PIXELS, ema_decay=0.5, seed=3, **arguments)

    def test_what_is_evaluated_is_the_reconstruction_of_the_average(self, model):
        self.fit(model, epochs=2)
        (pixels,) = self.arrays(8)
        x, y = (a.astype("float64") / 255 for a in (pixels, model.reconstruct(pixels)))
        error = np.square(x - y).sum((1, 2, 3)).mean()
        logged = self.evaluate(model, n=8)["autoencoder_loss"]
        assert logged == pytest.approx(error, rel=0.01)  # It is rounded to grey levels here.
        model.generator.set_weights([0 * w for w in model.generator.get_weights()])
        assert self.evaluate(model, n=8)["autoencoder_loss"] == pytest.approx(logged, rel=1e-5)

    def test_the_metrics_are_shown_reconstructions(self):
        model = self.compiled(metrics=[L1Distance()], run_eagerly=True)
        (pixels,) = self.arrays(8)
        scored = self.evaluate(model, n=8)
        (name,) = set(scored) - {"loss", "autoencoder_loss"}
        restored = model.reconstruct(pixels).astype("float64")
        distance = np.abs(pixels - restored).mean() / 255
        assert scored[name] in (
            pytest.approx(distance, rel=0.02),
            pytest.approx(2 * distance, rel=0.02),
        )


def linear(**options):
    """One number in, one out: y = v w x."""
    encoder = keras.Sequential([keras.Input((1, 1, 1)), keras.layers.Flatten()])
    encoder.add(keras.layers.Dense(1, use_bias=False))
    generator = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    generator.add(keras.layers.Reshape((1, 1, 1)))
    encoder.set_weights([np.array([[0.5]])])
    generator.set_weights([np.array([[2.0]])])
    return Autoencoder(encoder, generator, 1, seed=0, **options)


def test_one_step_is_that_of_gradient_descent_on_both_networks():
    model = linear()
    model.compile(autoencoder_optimizer=keras.optimizers.SGD(0.1))
    model.generator.set_weights([np.array([[4.0]])])
    x = np.array([0.5, -1.0])
    model.train_on_batch(x.astype("float32").reshape(2, 1, 1, 1))
    # (x - v w x)^2 with w = 0.5, v = 4: y = 2 x, and the gradient of y is 2 (y - x) = 2 x.
    np.testing.assert_allclose(
        model.encoder.get_weights()[0], 0.5 - 0.1 * (2 * x * 4 * x).mean(), atol=1e-6
    )
    np.testing.assert_allclose(
        model.generator.get_weights()[0], 4.0 - 0.1 * (2 * x * 0.5 * x).mean(), atol=1e-6
    )


def test_a_loss_has_a_name_or_is_a_function():
    model = linear(loss="squared_error")
    assert model.reconstruction_loss is squared_error
    assert model.get_config()["loss"] == "squared_error"
    with pytest.raises(ValueError, match="Unknown loss of reconstructions 'l2'"):
        linear(loss="l2")
    with pytest.raises(ValueError, match="let the generator end in a sigmoid"):
        linear(loss="bernoulli")


def test_cross_entropy_learns_to_give_images_back():
    model = Autoencoder(*coders(), 4, loss="bernoulli", samples=PIXELS, seed=3)
    model.compile(autoencoder_optimizer=keras.optimizers.Adam(0.02))
    pixels = 255 * (images(8, (4, 4, 1)) // 128)
    history = model.fit(pixels, batch_size=8, epochs=30, verbose=0).history["loss"]
    assert history[-1] < 0.8 * history[0]
