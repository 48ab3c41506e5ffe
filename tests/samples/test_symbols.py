"""Symbols: strings outside, one-hot floats inside."""

import numpy as np
import pytest
from keras import ops

from keras_gans.samples import Symbols
from keras_gans.samples.symbols import HEIGHT, WIDTH

LETTERS = Symbols("abc \n")


def test_strings_become_ids_one_hot_floats_and_strings_again():
    ids = LETTERS.encode(["ab ", "c\na"])
    np.testing.assert_array_equal(ids, [[0, 1, 3], [2, 4, 0]])
    floats = ops.convert_to_numpy(LETTERS.to_floats(ops.convert_to_tensor(ids)))
    np.testing.assert_array_equal(floats, np.eye(5)[ids])
    assert LETTERS.to_outside(floats).tolist() == ["ab ", "c\na"]
    assert LETTERS.to_outside(floats[:0]).shape == (0,)


def test_ids_of_bytes_are_taken():
    ids = LETTERS.encode(["ab "]).astype("uint8")
    LETTERS.check(ids, (3, 5))
    assert ops.convert_to_numpy(LETTERS.to_floats(ids)).tolist() == [np.eye(5)[[0, 1, 3]].tolist()]


def test_a_signature_gives_places_in_the_alphabet():
    spec = LETTERS.spec((3, 5))
    assert (spec.shape, spec.dtype, spec.classes) == ((3,), "int32", 5)
    assert "".join(spec.names) == "abc \n"


@pytest.mark.parametrize(
    ("strings", "sentence"),
    [
        (["ab", "abc"], "these have 2 to 3 letters: cut them"),
        (["xa", "by"], r"The alphabet lacks \['x', 'y'\]"),
    ],
)
def test_strings_that_have_no_ids_are_told(strings, sentence):
    with pytest.raises(ValueError, match=sentence):
        LETTERS.encode(strings)


@pytest.mark.parametrize(
    ("batch", "came"),
    [
        (np.array([[0, 5]]), "they range from 0 to 5"),
        (np.array([[-1, 0]]), "they range from -1 to 0"),
        (np.array([[0.0, 1.0]]), "its dtype is float64"),
        (np.array([["a", "b"]]), "its dtype is <U1"),
    ],
)
def test_a_batch_that_is_no_ids_is_told(batch, came):
    with pytest.raises(ValueError, match=rf"from 0 to 4, but {came}.*samples\.encode\(strings\)"):
        LETTERS.check(batch, (2, 5))


@pytest.mark.parametrize("alphabet", ["", "abca"])
def test_an_alphabet_has_each_letter_once(alphabet):
    with pytest.raises(ValueError, match="each of its letters once"):
        Symbols(alphabet)


def test_a_picture_has_a_line_for_each_string_and_a_grey_stroke_for_its_ends():
    picture = LETTERS.picture(np.array(["ab c", "    ", "a\n a"]), columns=8)
    assert picture.shape == (3 * HEIGHT, 5 * WIDTH, 1)
    cells = [
        picture[row * HEIGHT : (row + 1) * HEIGHT, 5 + column * WIDTH : 5 + (column + 1) * WIDTH]
        for row in range(3)
        for column in range(4)
    ]
    darkest = np.reshape([cell.min() for cell in cells], (3, 4))
    assert (darkest < 100).tolist() == [
        [True, True, False, True],
        [False] * 4,
        [True, False, False, True],
    ]
    assert 150 < darkest[2, 1] < 255


def test_a_file_has_a_line_for_each_string(tmp_path):
    LETTERS.save(np.array(["ab c", "a\nbc"]), tmp_path / "strings.txt")
    assert (tmp_path / "strings.txt").read_text() == "ab c\na\\nbc\n"
