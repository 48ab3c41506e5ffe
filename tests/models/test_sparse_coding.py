"""Sparse coding makes the promises, and its step is the paper's."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.latents.fista import fista
from keras_gans.models import SparseCoding
from keras_gans.networks import dictionary
from tests.harness import Case, Exports, Harness, images, numpy_of

SHAPE, ATOMS = (4, 4, 1), 20


class FromImages(Case):
    """A model of images that infers codes, which are floats."""

    inferred = "float32"

    def arrays(self, n=10):
        return (images(n, SHAPE),)

    def inputs(self, n=3):
        return self.arrays(n)[0].astype("float32") / 127.5 - 1

    def infer(self, model, n=3, seed=0):
        return model.encode(*self.arrays(n))

    def requests(self, model, n=3):
        (given,) = self.arrays(n)
        return {
            "serving_default": ({"images": given}, model.encode(given)),
            "encode": ({"images": given}, model.encode(given)),
            "reconstruct": ({"images": given}, model.reconstruct(given)),
        }

    def freeze(self, model):
        return {}  # A dictionary is a single layer, which has no part to freeze.


class TestSparseCoding(FromImages, Exports, Harness):
    players = ("dictionary",)
    logs = ("reconstruction", "sparsity", "active")

    def build(self, **arguments):
        return SparseCoding(dictionary(SHAPE, ATOMS), inference_steps=10, seed=3, **arguments)


def points(n=6, d=8):
    return np.random.default_rng(0).standard_normal((n, d), dtype="float32")


def test_a_step_descends_the_loss_at_the_codes_and_keeps_each_atom_at_length_one():
    model = SparseCoding(dictionary((8,), 12), sparsity=0.3, seed=0)
    model.compile(dictionary_optimizer=keras.optimizers.SGD(0.1))
    x, before = points(), numpy_of(model.atoms())
    codes = fista(ops.convert_to_tensor(x), model.atoms(), 0.3, steps=50)
    z = numpy_of(codes)
    logs = model.train_on_batch(x, return_dict=True)
    error = z @ before - x
    assert logs["reconstruction"] == pytest.approx(0.5 * np.square(error).sum(1).mean(), rel=1e-4)
    assert logs["sparsity"] == pytest.approx(0.3 * np.abs(z).sum(1).mean(), rel=1e-4)
    assert logs["loss"] == pytest.approx(logs["reconstruction"] + logs["sparsity"], rel=1e-4)
    assert logs["active"] == pytest.approx((z != 0).mean(), rel=1e-4)
    moved = before - 0.1 * z.T @ error / len(x)
    moved /= np.linalg.norm(moved, axis=1, keepdims=True)
    np.testing.assert_allclose(numpy_of(model.atoms()), moved, atol=1e-5)


def test_it_finds_the_atoms_that_samples_are_made_of():
    rng = np.random.default_rng(1)
    truth = rng.standard_normal((8, 8))
    truth /= np.linalg.norm(truth, axis=1, keepdims=True)
    z = rng.laplace(size=(2000, 8)) * (rng.random((2000, 8)) < 0.2)
    keras.utils.set_random_seed(0)
    model = SparseCoding(dictionary((8,), 8), sparsity=0.05, inference_steps=20, seed=0)
    model.compile(dictionary_optimizer=keras.optimizers.Adam(0.02))

    def found():
        return np.abs(truth @ numpy_of(model.atoms()).T).max(1).mean()

    untrained = found()
    model.fit((z @ truth).astype("float32"), batch_size=100, epochs=10, verbose=0)
    assert untrained < 0.75
    assert found() > 0.9


def test_more_sparsity_leaves_fewer_codes_and_a_larger_error():
    network, x = dictionary((8,), 12), points()
    active, errors = [], []
    for sparsity in (0.0, 0.2, 1.0, 10.0):
        model = SparseCoding(network, sparsity, seed=0)
        codes = model.encode(x)
        active.append((codes != 0).mean())
        errors.append(np.square(model.reconstruct(x) - x).mean())
    assert active[0] == 1 > active[1] > active[2] > active[3] == 0
    assert errors == sorted(errors)
    np.testing.assert_allclose(errors[3], np.square(x).mean(), rtol=1e-5)
