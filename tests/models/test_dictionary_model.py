"""What sparse coding and predictive sparse decomposition have in common."""

import keras
import numpy as np
import pytest

from keras_gans.models import DictionaryModel, SparseCoding, dictionary_model
from keras_gans.networks import dictionary
from tests.harness import numpy_of
from tests.models.test_sparse_coding import ATOMS, SHAPE, points


def test_atoms_are_what_each_code_alone_stands_for():
    model = SparseCoding(dictionary(SHAPE, ATOMS), seed=0)
    assert model.num_atoms == ATOMS
    kernel = model.dictionary.get_layer("atoms").get_weights()[0]
    np.testing.assert_allclose(numpy_of(model.atoms()), kernel.reshape(ATOMS, *SHAPE), atol=1e-6)


def test_samples_a_few_at_a_time_are_those_at_once():
    model = SparseCoding(dictionary((8,), 12), seed=0)
    x = points(7)
    np.testing.assert_allclose(model.encode(x, batch_size=2), model.encode(x), atol=1e-5)
    np.testing.assert_allclose(model.reconstruct(x, batch_size=2), model.reconstruct(x), atol=1e-5)


def test_codes_are_sought_in_float32_in_half_precision_too():
    keras.config.set_dtype_policy("mixed_bfloat16")
    model = SparseCoding(dictionary((8,), 12), seed=0)
    x = points(7)
    expected = numpy_of(model.codes_of(keras.ops.convert_to_tensor(x)))
    np.testing.assert_allclose(model.encode(x), expected, atol=1e-5)


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="PyTorch compiles nothing")
def test_the_search_is_compiled_once_for_all_chunks(monkeypatch):
    searches = []

    def counted(*arguments):
        searches.append(arguments)
        return fista(*arguments)

    fista = dictionary_model.fista
    monkeypatch.setattr(dictionary_model, "fista", counted)
    model = SparseCoding(dictionary((8,), 12), seed=0)
    model.encode(points(7), batch_size=2)
    model.reconstruct(points(5), batch_size=2)
    assert len(searches) == 1


def test_a_model_that_does_not_say_its_codes_is_told():
    with pytest.raises(NotImplementedError, match="must say the `codes_of` samples"):
        DictionaryModel(dictionary((8,), 12), 0.1, 10).codes_of(points())


def test_no_sample_has_no_codes():
    model = SparseCoding(dictionary(SHAPE, ATOMS), seed=0)
    assert model.encode(np.zeros((0, *SHAPE), "uint8")).shape == (0, ATOMS)
    assert model.reconstruct(np.zeros((0, *SHAPE), "uint8")).shape == (0, *SHAPE)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"sparsity": -1}, "a number from 0 on; it was -1"),
        ({"sparsity": float("nan")}, "it was nan"),
        ({"inference_steps": 0}, "inference_steps is a whole number from 1 on"),
    ],
)
def test_numbers_out_of_range_are_told(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        SparseCoding(dictionary(SHAPE, ATOMS), **arguments)


def test_samples_of_another_shape_are_told():
    model = SparseCoding(dictionary((8,), 12), seed=0)
    with pytest.raises(ValueError, match=r"points of shape \[n, 8\]"):
        model.encode(points(d=9))
