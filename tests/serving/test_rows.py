"""What a request sends."""

import numpy as np
import pytest

from keras_gans.serving.rows import in_batches, rows_of

SPECS = {
    "labels": {"dtype": "int32", "shape": [None]},
    "pose": {"dtype": "float32", "shape": [None, 2]},
    "sketch": {"dtype": "uint8", "shape": [None, 4, 4, 1]},
    "map_png_bytes": {"dtype": "string", "shape": [None]},
}


def test_values_get_the_dtype_of_the_signature():
    sketches = np.zeros((2, 4, 4, 1), "uint8")
    given = {"labels": [0, 1], "pose": [[0, 1], [1, 0]], "sketch": sketches, "map": sketches}
    dtypes = {name: array.dtype for name, array in rows_of(given, SPECS).items()}
    assert dtypes == {"labels": "int32", "pose": "float32", "sketch": "uint8", "map": "uint8"}
    pngs = [b"\x89PNG\0", b"\0"]
    assert rows_of({"map_png_bytes": pngs}, SPECS)["map_png_bytes"].tolist() == pngs
    none = rows_of({"labels": [], "pose": []}, SPECS)
    assert {name: array.shape for name, array in none.items()} == {"labels": (0,), "pose": (0, 2)}


def test_one_value_of_any_shape_is_for_all():
    sketch = np.arange(16, dtype="uint8").reshape(4, 4, 1)
    given = {"labels": 1, "pose": [0.1, 0.2], "sketch": sketch, "map_png_bytes": b"\0"}
    rows = rows_of(given, SPECS, 3)
    assert rows["labels"].tolist() == [1, 1, 1]
    np.testing.assert_array_equal(rows["pose"], np.float32([[0.1, 0.2]] * 3))
    np.testing.assert_array_equal(rows["sketch"], [sketch] * 3)
    assert rows["map_png_bytes"].tolist() == [b"\0"] * 3
    assert rows_of({"pose": [0.1, 0.2], "labels": [0, 1, 2]}, SPECS)["pose"].shape == (3, 2)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"labels": [2**32 + 1]}, "labels are whole numbers that fit int32; .* 4294967297"),
        ({"labels": [0.5]}, "labels are whole numbers"),
        ({"labels": [2**70]}, "labels are ids or other numbers; these are object"),
        ({"labels": [[0, 1]]}, r"labels have the shape \['n'\], or \[\] of one for all"),
        ({"pose": [[0, 1e39]]}, "Pose must be finite"),
        ({"sketch": np.full((1, 4, 4, 1), 256)}, "sketch are whole numbers that fit uint8"),
        ({"map": np.zeros((1, 4, 4, 1))}, "map are whole numbers that fit uint8"),
        ({"map_png_bytes": ["a.png"]}, "map_png_bytes are the bytes of PNGs"),
        ({"colour": [2**40]}, "colour are whole numbers that fit int32"),
    ],
)
def test_what_does_not_fit_is_told(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        rows_of(given, SPECS)


def test_fewer_than_none_are_refused():
    with pytest.raises(ValueError, match="num_images is 0 or more; it was -1"):
        rows_of({}, SPECS, -1)


def test_rows_go_in_batches_also_none():
    sizes = []

    def compute(rows):
        sizes.append(len(rows["a"]))
        return rows["a"] + rows["b"]

    for n in (5, 0):
        rows = {"a": np.ones((n, 2), "uint8"), "b": np.ones((n, 2), "uint8")}
        made = in_batches(compute, rows, 2)
        assert (made.shape, made.dtype, made.tolist()) == ((n, 2), "uint8", [[2, 2]] * n)
    assert sizes == [2, 2, 1, 1]
