"""Fields become what a step takes, or a sentence."""

import numpy as np
import pytest

from keras_gans.data.fields import as_array, as_class_names, as_fields


def test_integers_become_int32_and_float64_becomes_float32():
    given = {
        "labels": np.array([2, 0, -1], "int64"),
        "flags": [True, False, True],
        "pose": np.array([[-5, 9]] * 3, "int64"),
        "age": [0.5, 1, 2],
        "half": np.zeros(3, "float16"),
        "masks": np.zeros((3, 4, 4, 1), "uint8"),
    }
    fields = as_fields(given, 3)
    assert {name: rows.dtype.name for name, rows in fields.items()} == {
        "labels": "int32",
        "flags": "int32",
        "pose": "int32",
        "age": "float32",
        "half": "float16",
        "masks": "uint8",
    }
    for name, rows in fields.items():
        np.testing.assert_array_equal(rows, given[name])
    assert fields["masks"] is given["masks"]


def test_ids_in_a_column_come_to_the_same_as_ids():
    assert as_fields({"labels": np.array([[2], [0]], "uint8")}, 2)["labels"].tolist() == [2, 0]
    assert as_fields({"codes": np.array([[2], [0]])}, 2)["codes"].shape == (2, 1)


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("labels", [0, 1], r"`labels` to have one row for each of the 3 images, .* \[2\]"),
        ("labels", 7, r"one row for each of the 3 images, but its shape is \[\]"),
        ("labels", [0, 1, -2], r"from -1 to 2147483647, where -1 is no label, .* from -2 to 1"),
        ("labels", [0, 1, 2**31], r"from 0 to 2147483648"),
        ("pose", [0, -(2**40), 1], r"from -2147483648 to 2147483647, but they range from -1099"),
        ("pose", [0, np.nan, 1], r"`pose` to hold finite values, .* number 1 first"),
        ("pose", [[0, 0], [0, 1], [np.inf, 1]], r"`pose` to hold finite values"),
        ("texts", ["a", "b", "c"], r"`texts` to be integers or floats, but its dtype is <U1"),
        ("masks", np.full((3, 2, 2, 1), 255.0), r"`masks` to lie in \[-1, 1\]"),
    ],
)
def test_fields_that_no_step_takes_are_told(name, values, said):
    with pytest.raises(ValueError, match=said):
        as_fields({name: values}, 3)


def test_each_id_has_a_name():
    ids = np.array([0, 2, -1], "int32")
    assert as_class_names(["cat", "dog", "owl"], ids) == ("cat", "dog", "owl")
    assert as_class_names(None, ids) is None
    with pytest.raises(ValueError, match="2 `class_names` and ids up to 2"):
        as_class_names(["cat", "dog"], ids)
    for labels in (None, np.zeros((3, 2), "float32")):
        with pytest.raises(ValueError, match="2 `class_names` are those of, but there are none"):
            as_class_names(["cat", "dog"], labels)


def test_lists_become_arrays_and_arrays_stay_what_they_are():
    rows = np.zeros((2, 3))
    assert as_array(rows, "pose") is rows
    assert as_array([[0, 1], [2, 0]], "labels").tolist() == [[0, 1], [2, 0]]
    assert as_array(3, "labels").shape == ()
    with pytest.raises(ValueError, match="Expected the rows of `pose` to have one shape, but they"):
        as_array([[1.0], [1.0, 2.0]], "pose")
