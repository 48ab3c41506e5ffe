"""Inference on any number of inputs, a few at a time."""

import numbers

import keras
import numpy as np


def in_chunks(function, inputs, batch_size):
    """What `function` makes of an array, chunk by chunk.

    The result is allocated once: what is needed beside it is what one chunk needs. All chunks of
    a call have one size, the last one filled up: `batch_size`, or for fewer inputs the next power
    of two. So one input costs one, and `batch_size=64` means seven traces at most.

    Args:
        function: Function from inputs to an array of as many results, or a dict of arrays.
        inputs: Array `(n, ...)`, or a dict of them; where n is 0, a chunk of zeros tells the shape
            of the result.
        batch_size: Integer >= 1, inputs at a time.

    Returns:
        Array `(n, ...)`, or a dict of them.

    Raises:
        ValueError: Another `batch_size`.

    Example:

    ```python
    in_chunks(lambda chunk: 2 * chunk, np.arange(5), batch_size=2)
    ```
    """
    check_whole_number("batch_size", batch_size, 1)
    n = len(keras.tree.flatten(inputs)[0])
    size = min(batch_size, 1 << max(n - 1, 0).bit_length())
    result = None
    for start in range(0, max(n, 1), size):
        stop = min(start + size, n)

        def filled(array, start=start, stop=stop):
            filling = [(0, size - (stop - start))] + [(0, 0)] * (array.ndim - 1)
            return np.pad(array[start:stop], filling)

        made = function(keras.tree.map_structure(filled, inputs))
        if result is None:
            result = keras.tree.map_structure(lambda x: np.empty((n, *x.shape[1:]), x.dtype), made)
        for rows, some in zip(*map(keras.tree.flatten, (result, made)), strict=True):
            rows[start:stop] = some[: stop - start]
    return result


def check_whole_number(name, value, least):
    """Raise a sentence if an argument is no whole number from `least` on."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < least:
        raise ValueError(f"{name} is a whole number from {least} on; it was {value!r}.")
