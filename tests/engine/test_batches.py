import keras
import numpy as np
import pytest

from keras_gans.engine.batches import as_condition, named, not_read, parts_of
from keras_gans.specs import Spec

LABELS = Spec("labels", (), "int32", 0, 9)


@pytest.mark.parametrize(
    ("data", "beside"),
    [
        ("x", None),
        (("x",), None),
        (("x", "y"), "y"),
        (("x", {"labels": "y"}), {"labels": "y"}),
        ({"images": "x", "labels": "y"}, {"labels": "y"}),
        (({"images": "x", "labels": "y"},), {"labels": "y"}),
        ({"images": "x"}, None),
    ],
)
def test_samples_are_found_in_every_form_of_a_batch(data, beside):
    assert parts_of(data, "images") == ("x", beside)


def test_what_stands_beside_samples_is_named_after_what_is_read():
    two = {"labels": LABELS, "pose": LABELS}
    assert named("y", {"labels": LABELS}) == {"labels": "y"}
    assert named("y", {}) == named(None, two) == named("y", two) == {}
    assert not_read({"labels": "y", "pose": "p"}, {"labels": LABELS}) == ["pose"]
    assert not_read("y", {}) == ["y"]
    assert not_read("y", two) == not_read(None, {}) == []
    assert named({"pose": "p", "other": "o"}, two) == {"pose": "p"}


def test_conditions_become_what_networks_take():
    ids = as_condition(np.array([0, 9], "uint8"), LABELS)
    assert keras.backend.standardize_dtype(ids.dtype) == "int32"
    image = as_condition(np.array([[[[0]], [[255]]]], "uint8"), Spec("images", (2, 1, 1), "uint8"))
    np.testing.assert_array_equal(np.ravel(keras.ops.convert_to_numpy(image)), [-1, 1])
    vector = as_condition(np.array([[1, 2]]), Spec("vector", (2,), "float32"))
    assert keras.backend.standardize_dtype(vector.dtype) == "float32"
