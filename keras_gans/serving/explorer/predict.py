"""Requests to predict, in the forms of TensorFlow Serving's REST interface.

What does not fit the signature is refused before the model runs, also NaN and integers outside a
tensor's dtype, which TensorFlow Serving lets through. The sentences are ours.
"""

import base64
import json
import reprlib

import numpy as np

from keras_gans.serving.explorer.errors import RequestError
from keras_gans.serving.rest import plain

LARGEST_EXACT = 2**24 - 1  # The largest integer that TensorFlow Serving writes into a float32.


def read_request(body, signatures):
    """What a body asks for.

    Args:
        body: Bytes.
        signatures: Dict as `signature.json` has it.

    Returns:
        `(name of the signature, dict from names of tensors to arrays, whether in the row form)`.

    Raises:
        RequestError: It does not fit the signature.

    Example:

    ```python
    read_request(b'{"instances": [[0.5, 1.0]]}', signatures)
    ```
    """
    document = parse(body)
    signature = document.get("signature_name") or "serving_default"
    if not isinstance(signature, str) or signature not in signatures:
        raise RequestError(
            f"There is no signature {reprlib.repr(signature)}; there are {', '.join(signatures)}."
        )
    specs = signatures[signature]["inputs"]
    in_rows = "instances" in document
    if in_rows == ("inputs" in document):
        raise RequestError('Expected either "instances", a list of rows, or "inputs", the tensors.')
    tensors = columns_of(document["instances"], specs) if in_rows else document["inputs"]
    if len(specs) == 1 and not is_object(tensors):
        tensors = {next(iter(specs)): tensors}
    if not is_object(tensors) or not specs.keys() <= tensors.keys():
        raise RequestError(f"{signature} takes an object of {', '.join(specs)}.")
    arrays = {name: array_of(name, tensors[name], specs[name]["dtype"]) for name in specs}
    return signature, arrays, in_rows


def parse(body):
    """The JSON object in a body."""
    try:
        document = json.loads(body.decode())
    except (RecursionError, ValueError) as error:
        raise RequestError(f"The body cannot be read as JSON: {error}.") from error
    if not isinstance(document, dict):
        raise RequestError("The body must be a JSON object.")
    return document


def columns_of(rows, specs):
    """The tensors in the row form; a list of the only one's rows stays as it is."""
    if not isinstance(rows, list) or not rows:
        raise RequestError('"instances" must be a list of one row or more.')
    if len(specs) == 1 and not is_object(rows[0]):
        return rows
    for number, row in enumerate(rows):
        if not is_object(row) or row.keys() != specs.keys():
            raise RequestError(f"Row {number} must be an object of {', '.join(specs)}.")
    return {name: [row[name] for row in rows] for name in specs}


def is_object(value):
    """Whether a value is an object that is no bytes in base64."""
    return isinstance(value, dict) and value.keys() != {"b64"}


def array_of(name, value, dtype):
    """The tensor in a value or in lists of values."""
    values = np.array(value, object)  # Lists of different lengths stay lists in it.
    if dtype == "string":
        return np.vectorize(bytes_of, otypes=[object])(values)
    if dtype == "float32":
        least, most, largest = -LARGEST_EXACT, LARGEST_EXACT, float(np.finfo(dtype).max)
    else:
        least, most, largest = np.iinfo(dtype).min, np.iinfo(dtype).max, -1.0  # No float fits.
    for number in values.ravel():
        if type(number) is int:
            fits = least <= number <= most
        else:
            fits = type(number) is float and abs(number) <= largest
        if not fits:
            raise RequestError(
                f"{name} must hold numbers that fit {dtype}, in lists of equal lengths; it holds "
                f"{reprlib.repr(number)}."
            )
    return values.astype(dtype)


def bytes_of(value):
    try:
        if isinstance(value, str):
            return value.encode()
        return base64.b64decode(value["b64"], validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise RequestError('Bytes are sent as {"b64": "..."}, in base64.') from error


def answer_of(outputs, rows):
    """The body of an answer, which `json.dumps` takes.

    Args:
        outputs: Dict from names to arrays.
        rows: Bool: whether the request was in the row form.
    """
    values = {name: plain(array) for name, array in outputs.items()}
    if rows and len(values) > 1:
        columns = zip(*values.values(), strict=True)
        return {"predictions": [dict(zip(values, row, strict=True)) for row in columns]}
    if len(values) == 1:
        (values,) = values.values()
    return {"predictions" if rows else "outputs": values}
