"""Inference a few inputs at a time."""

import tracemalloc

import numpy as np
import pytest

from keras_gans.engine.chunks import check_whole_number, in_chunks


@pytest.mark.parametrize(
    ("n", "sizes"), [(0, [1]), (1, [1]), (2, [2]), (5, [8]), (9, [12]), (12, [12]), (25, [12] * 3)]
)
def test_all_chunks_of_a_call_have_one_of_few_sizes(n, sizes):
    seen = []

    def double(chunk):
        seen.append(len(chunk))
        return 2 * chunk

    inputs = np.arange(2 * n).reshape(n, 2)
    np.testing.assert_array_equal(in_chunks(double, inputs, batch_size=12), 2 * inputs)
    assert seen == sizes


def test_beside_the_result_there_is_one_chunk():
    tracemalloc.start()
    result = in_chunks(lambda chunk: np.ones((len(chunk), 2**16), "uint8"), np.zeros((250, 3)), 8)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.1 * result.nbytes
    assert result.all()


@pytest.mark.parametrize("value", [0, -1, 2.0, True, None, "3"])
def test_what_is_no_whole_number_is_told(value):
    with pytest.raises(
        ValueError, match=f"batch_size is a whole number from 1 on; it was {value!r}"
    ):
        in_chunks(lambda chunk: chunk, np.zeros((2, 2)), value)
    check_whole_number("batch_size", np.int64(3), 1)
