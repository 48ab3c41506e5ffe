"""The variational autoencoder: its cases, its two terms and its arguments."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.latents import Uniform
from keras_gans.losses import Gaussian
from keras_gans.models import VariationalAutoencoder
from keras_gans.samples import Images
from tests.harness import (
    Averages,
    Conditions,
    DrawsLatents,
    Encodes,
    Exports,
    FromLabels,
    Harness,
    coders,
    images,
    numpy_of,
)

PIXELS = Images(range=(0, 1))
TERMS = ("reconstruction", "divergence")


def variational(labels=0, **arguments):
    arguments = {"samples": PIXELS, "seed": 3, **arguments}
    return VariationalAutoencoder(*coders(variational=True, labels=labels), 4, **arguments)


class TestVariationalAutoencoder(Encodes, DrawsLatents, Averages, Exports, Harness):
    players = ("autoencoder",)
    logs = TERMS

    def build(self, **arguments):
        return variational(ema_decay=0.5, **arguments)

    def test_the_loss_is_the_sum_of_its_terms(self, model):
        history = self.fit(model)
        total = history["reconstruction"][0] + history["divergence"][0]
        assert history["autoencoder_loss"][0] == pytest.approx(total, rel=1e-5)


class TestConditionalVariationalAutoencoder(
    Encodes, FromLabels, Conditions, DrawsLatents, Exports, Harness
):
    players = ("autoencoder",)
    logs = TERMS

    def build(self, **arguments):
        return variational(labels=3, likelihood=Gaussian(0.5), **arguments)

    def test_encoder_and_decoder_read_labels(self, model):
        pixels = images(3, (4, 4, 1))
        first, second = (model.encode(pixels, labels=label) for label in (0, 1))
        assert (first != second).any()
        assert model.reconstruct(pixels, labels=[0, 1, 2]).shape == pixels.shape
        with pytest.raises(ValueError, match="labels is missing"):
            model.reconstruct(pixels)


@pytest.mark.parametrize("beta", [1.0, 4.0])
def test_both_terms_are_those_of_the_paper(beta):
    model = variational(beta=beta)
    model.compile()
    x = images(5, (4, 4, 1)) / np.float64(255)
    noise = np.random.default_rng(1).normal(size=(5, 4))
    batch = model.batch(x.astype("float32"))
    terms = model.terms(batch, ops.convert_to_tensor(noise, "float32"), training=False)
    outputs = model.encoder(ops.convert_to_tensor(x, "float32"), training=False)
    m, log_s2 = (numpy_of(ops.stop_gradient(outputs[n])) for n in ("means", "log_variances"))
    z = m + np.exp(log_s2 / 2) * noise
    y = model.generator(ops.convert_to_tensor(z, "float32"), training=False)
    y = numpy_of(ops.stop_gradient(y))
    likelihood = (x * np.log(y) + (1 - x) * np.log(1 - y)).sum((1, 2, 3)).mean()
    divergence = -0.5 * (1 + log_s2 - m**2 - np.exp(log_s2)).sum(1).mean()
    terms = {name: float(numpy_of(ops.stop_gradient(term))) for name, term in terms.items()}
    assert terms["reconstruction"] == pytest.approx(-likelihood, rel=1e-5)
    assert terms["divergence"] == pytest.approx(beta * divergence, rel=1e-4)


def test_latents_are_the_means_and_noise_is_of_training_alone():
    model = variational()
    pixels = images(3, (4, 4, 1))
    outputs = model.encoder.predict_on_batch(pixels / np.float32(255))
    np.testing.assert_allclose(model.encode(pixels), outputs["means"], atol=1e-6)
    np.testing.assert_array_equal(model.reconstruct(pixels), model.reconstruct(pixels))


def test_a_likelihood_comes_back_from_a_file(tmp_path):
    model = variational(likelihood=Gaussian(0.2), beta=2.0)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert (loaded.likelihood, loaded.beta) == (Gaussian(0.2), 2.0)


def test_a_heavier_divergence_brings_latents_nearer_to_the_prior():
    pixels = np.repeat(np.array([0, 255], "uint8"), 16).reshape(2, 4, 4, 1).repeat(4, axis=0)
    logs = []
    for beta in (0.1, 10.0):
        model = variational(beta=beta)
        model.compile(autoencoder_optimizer=keras.optimizers.Adam(0.02))
        history = model.fit(pixels, batch_size=8, epochs=60, verbose=0).history
        logs.append((history["reconstruction"][-1], history["divergence"][-1] / beta))
    (error, divergence), (larger, smaller) = logs
    assert error < 0.5 * larger
    assert smaller < 0.2 * divergence


def test_arguments_that_it_cannot_take_are_told():
    encoder, generator = coders(variational=True)
    with pytest.raises(ValueError, match=r"N\(0, 1\): give latent_dim; latents was Uniform"):
        VariationalAutoencoder(encoder, generator, latents=Uniform(4), samples=PIXELS)
    with pytest.raises(ValueError, match="let the generator end in a sigmoid"):
        VariationalAutoencoder(encoder, generator, 4)
    with pytest.raises(ValueError, match="a dict of means and log_variances; it returns"):
        VariationalAutoencoder(*coders(), 4, samples=PIXELS)
    with pytest.raises(ValueError, match="beta is the weight"):
        variational(beta=-1.0)
    with pytest.raises(ValueError, match="sigma is a deviation above 0"):
        Gaussian(0.0)
