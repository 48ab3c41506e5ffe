"""Predictive sparse decomposition makes the promises, and its step is the paper's."""

import keras
import numpy as np
import pytest

from keras_gans.models import PredictiveSparseDecomposition
from keras_gans.networks import dictionary, tanh_encoder
from tests.harness import Exports, Harness, numpy_of
from tests.models.test_sparse_coding import ATOMS, SHAPE, FromImages, points


class TestPredictiveSparseDecomposition(FromImages, Exports, Harness):
    players = ("dictionary", "encoder")
    logs = ("reconstruction", "sparsity", "active")

    def build(self, **arguments):
        networks = tanh_encoder(SHAPE, ATOMS), dictionary(SHAPE, ATOMS)
        return PredictiveSparseDecomposition(*networks, inference_steps=10, seed=3, **arguments)

    def freeze(self, model):
        gains = model.encoder.get_layer("gains")
        gains.trainable = False
        return {"encoder": [gains]}


def model_of_points(**arguments):
    networks = tanh_encoder((8,), 12), dictionary((8,), 12)
    return PredictiveSparseDecomposition(*networks, seed=0, **arguments)


def loss(x, z, atoms, predicted, sparsity, weight):
    """The paper's equation 4, of each sample."""
    error = np.square(x - z @ atoms).sum(1)
    return error + sparsity * np.abs(z).sum(1) + weight * np.square(z - predicted).sum(1)


def test_a_step_descends_the_loss_at_its_best_codes():
    model = model_of_points(sparsity=0.4, prediction_weight=0.7, inference_steps=500)
    optimizers = {f"{player}_optimizer": keras.optimizers.SGD(0.1) for player in model.players}
    model.compile(**optimizers)
    x = points()
    atoms, predicted = numpy_of(model.atoms()), model.encode(x).astype("float64")
    z = numpy_of(model.best_codes(x, predicted))
    # No codes are better: neither others nearby, nor those of any single atom.
    best = loss(x, z, atoms, predicted, 0.4, 0.7)
    rng = np.random.default_rng(0)
    for _ in range(20):
        nearby = z + 0.01 * rng.standard_normal(z.shape)
        assert (best <= loss(x, nearby, atoms, predicted, 0.4, 0.7) + 1e-6).all()
    assert (z == 0).any()

    gains = model.encoder.get_layer("gains").get_weights()[0].astype("float64")
    logs = model.train_on_batch(x, return_dict=True)
    assert logs["loss"] == pytest.approx(best.mean(), rel=1e-4)
    assert logs["encoder_loss"] == pytest.approx(
        0.7 * np.square(z - predicted).sum(1).mean(), rel=1e-4
    )
    assert logs["sparsity"] == pytest.approx(0.4 * np.abs(z).sum(1).mean(), rel=1e-4)
    moved = atoms - 0.1 * 2 * z.T @ (z @ atoms - x) / len(x)
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    np.testing.assert_allclose(numpy_of(model.atoms()), moved, atol=1e-5)
    # The prediction is gains * tanh(...), and the gains are 1.
    slope = 2 * 0.7 * ((predicted - z) * predicted / gains).mean(0)
    moved_gains = model.encoder.get_layer("gains").get_weights()[0]
    np.testing.assert_allclose(moved_gains, gains - 0.1 * slope, atol=1e-5)


def test_the_encoder_is_inference():
    model = model_of_points()
    x = points()
    hidden, gains = (model.encoder.layers[i].get_weights() for i in (2, 3))
    codes = np.tanh(x @ hidden[0] + hidden[1]) * gains[0]
    np.testing.assert_allclose(model.encode(x), codes, atol=1e-6)
    np.testing.assert_allclose(model.reconstruct(x), codes @ numpy_of(model.atoms()), atol=1e-5)


def test_the_encoder_learns_to_predict_the_codes():
    model = model_of_points(sparsity=0.1)
    model.compile(encoder_optimizer=keras.optimizers.Adam(0.01))
    rng = np.random.default_rng(0)
    codes = rng.laplace(size=(500, 12)) * (rng.random((500, 12)) < 0.2)
    x = (codes @ numpy_of(model.atoms())).astype("float32")

    def error():
        return np.square(model.reconstruct(x) - x).mean()

    untrained = error()
    model.fit(x, batch_size=50, epochs=10, verbose=0)
    assert error() < untrained / 2


def test_networks_that_do_not_fit_are_told():
    with pytest.raises(ValueError, match=r"makes \(8,\) of \(12,\); the encoder has to go back"):
        PredictiveSparseDecomposition(tanh_encoder((8,), 13), dictionary((8,), 12))
    with pytest.raises(ValueError, match="a number above 0; it was 0"):
        model_of_points(prediction_weight=0)
