"""Requests to predict, as TensorFlow Serving's REST interface reads and answers them.

The rules and messages are those of its `json_tensor.cc` and `http_rest_api_handler.cc`. What goes
beyond them is for one person's machine: limits, shapes checked before the model runs, and NaN and
numbers out of range refused, which TensorFlow Serving lets through.
"""

import base64
import binascii
import json
import math
import re

import numpy as np

from keras_gans.serving.explorer.errors import RequestError
from keras_gans.serving.rest import plain

LARGEST_EXACT = 2**24 - 1  # The largest integer that TensorFlow Serving writes into a float32.
DEEPEST = 32  # Dimensions of an array; numpy has no more in some releases.
TOO_DEEP = "JSON Parse error: lists are nested too deep"
KINDS = {dict: "Object", list: "Array", str: "String", type(None): "Null"}
JSON_ERRORS = {
    "Expecting value": "Invalid value.",
    "Expecting property name": "Missing a name for object member.",
    "Expecting ':'": "Missing a colon after a name of object member.",
    "Expecting ','": "Missing a comma or ] after an array element.",
    "Extra data": "The document root must not be followed by other values.",
    "Unterminated string": "Missing a closing quotation mark in string.",
    "Invalid \\escape": "Invalid escape character in string.",
    "Invalid control": "Invalid encoding in string.",
}


def read_request(body, signatures):
    """What a body asks for.

    Args:
        body: Bytes.
        signatures: Dict as `signature.json` has it.

    Returns:
        `(name of the signature, dict from names of tensors to arrays, whether in the row form)`.

    Raises:
        RequestError: Anything that TensorFlow Serving refuses, in its words.

    Example:

    ```python
    read_request(b'{"instances": [[0.5, 1.0]]}', signatures)
    ```
    """
    try:
        return asked_for(parse(body), signatures)
    except RecursionError as error:
        raise RequestError(TOO_DEEP) from error


def asked_for(document, signatures):
    signature = document.get("signature_name", "serving_default")
    if not isinstance(signature, str):
        raise RequestError(
            f"JSON Value: {written(document)} not formatted correctly. 'signature_name' key must "
            "be a string value."
        )
    signature = signature or "serving_default"
    if signature not in signatures:
        raise RequestError(f'Serving signature name: "{signature}" not found in signature def')
    specs = signatures[signature]["inputs"]
    if "instances" in document and "inputs" in document:
        raise RequestError(
            f"JSON Value: {written(document)} Not formatted correctly expecting only one of "
            "'inputs' or 'instances' keys to exist "
        )
    if "instances" in document:
        return signature, tensors_of_rows(document, specs), True
    if "inputs" in document:
        return signature, tensors_of_columns(document["inputs"], specs), False
    raise RequestError("Missing 'inputs' or 'instances' key")


def parse(body):
    """The JSON object in a body."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise RequestError(
            f"JSON Parse error: Invalid encoding in string. at offset: {error.start}"
        ) from error
    if not text.strip():
        raise RequestError("JSON Parse error: The document is empty")
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise RequestError(
            f"JSON Parse error: {json_error(error)} at offset: {error.pos}"
        ) from error
    except ValueError as error:  # An integer of thousands of digits.
        raise RequestError("JSON Parse error: Number too big to be stored in double.") from error
    if not isinstance(document, dict):
        raise RequestError(f"JSON Value: {written(document)} Is not object")
    return document


def json_error(error):
    """Python's complaint in the words of RapidJSON."""
    if error.msg.startswith("Expecting ','"):
        without_strings = re.sub(r'"(?:[^"\\]|\\.)*"', "", error.doc[: error.pos])
        opened = [0]
        for bracket in re.findall(r"[][{}]", without_strings):
            opened.append(bracket) if bracket in "[{" else opened.pop()
        if opened[-1] == "{":
            return "Missing a comma or } after an object member."
    return next((ours for theirs, ours in JSON_ERRORS.items() if error.msg.startswith(theirs)), "")


def tensors_of_rows(document, specs):
    rows = document["instances"]
    if not isinstance(rows, list):
        raise RequestError(
            f"JSON Value: {written(document)} Excepting 'instances' to be an list/array"
        )
    if not rows:
        raise RequestError(f"JSON Value: {written(document)} No values in 'instances' array")
    named = is_object(rows[0])
    if not named and len(specs) > 1:
        raise RequestError(
            "instances is a plain list, but expecting list of objects as multiple input tensors "
            "required as per tensorinfo_map"
        )
    columns = {name: [] for name in specs}
    shapes = {}
    for number, row in enumerate(rows):
        if named != is_object(row):
            raise RequestError(
                f"Expecting object but got list at item {number} of input list"
                if named
                else f"Expecting value/list but got object at item {number} of input list"
            )
        values = row if named else {next(iter(specs)): row}
        for name, value in values.items():
            at = f"Failed to process element: {number}{f' key: {name}' if named else ''}"
            try:
                columns_of_one(name, value, specs, shapes)
            except RequestError as error:
                raise RequestError(
                    f"{at} of 'instances' list. Error: INVALID_ARGUMENT: {error}"
                ) from error
            columns[name].append(value)
        if set(values) != set(specs):
            raise RequestError(
                f"Failed to process element: {number} of 'instances' list. JSON object: "
                f"{written(row)} keys must be equal to: {','.join(sorted(specs))}"
            )
    return {name: array_of(values, specs[name]["dtype"]) for name, values in columns.items()}


def columns_of_one(name, value, specs, shapes):
    if name not in specs:
        raise RequestError(f"JSON object: does not have named input: {name}")
    shape = shape_of(value)
    check(value, shape, specs[name]["dtype"])
    expected = shapes.setdefault(name, shape)
    if math.prod(expected) != math.prod(shape):
        raise RequestError(
            f"Expecting tensor size: {math.prod(expected)} but got: {math.prod(shape)}"
        )
    if expected != shape:
        first, second = ("[" + ",".join(map(str, sides)) + "]" for sides in (expected, shape))
        raise RequestError(f"Expecting shape {first} but got: {second}")


def tensors_of_columns(columns, specs):
    if not is_object(columns):
        if len(specs) > 1:
            raise RequestError(
                "inputs is a plain value/list, but expecting an object as multiple input tensors "
                "required as per tensorinfo_map"
            )
        columns = {next(iter(specs)): columns}
    tensors = {}
    for name, spec in specs.items():
        if name not in columns:
            raise RequestError(f"Missing named input: {name} in 'inputs' object.")
        check(columns[name], shape_of(columns[name]), spec["dtype"])
        tensors[name] = array_of(columns[name], spec["dtype"])
    return tensors


def is_object(value):
    """Whether a value is an object that is no bytes in base64."""
    return isinstance(value, dict) and not is_base64(value)


def is_base64(value):
    return isinstance(value, dict) and set(value) == {"b64"} and isinstance(value["b64"], str)


def shape_of(value):
    """The shape of a list of lists, by the first of each."""
    shape = []
    while isinstance(value, list):
        shape.append(len(value))
        if not value:
            break
        value = value[0]
    if len(shape) > DEEPEST:
        raise RequestError(TOO_DEEP)
    return tuple(shape)


def check(value, shape, dtype, level=0):
    """Refuse what is no tensor of that shape and dtype."""
    if not isinstance(value, list):
        if level != len(shape):
            raise RequestError(
                f"JSON Value: {written(value)} found at incorrect level: {level + 1} in the JSON "
                f"DOM. Expected at level: {len(shape)}"
            )
        check_value(value, dtype)
        return
    if level >= len(shape):
        raise RequestError(f"Encountered list at unexpected level: {level} expected < {len(shape)}")
    if len(value) != shape[level]:
        raise RequestError(
            f"Encountered list at unexpected size: {len(value)} at level: {level} expected size: "
            f"{shape[level]}"
        )
    for part in value:
        check(part, shape, dtype, level + 1)


def check_value(value, dtype):
    if dtype == "string":
        if isinstance(value, dict):
            bytes_of(value)
        elif not isinstance(value, str):
            raise type_error(value, dtype)
    elif isinstance(value, bool) or not isinstance(value, (int, float)):
        raise type_error(value, dtype)
    elif dtype == "float32":
        if not math.isfinite(value):
            raise RequestError(f"JSON Value: {written(value)} is not finite")
        largest = LARGEST_EXACT if isinstance(value, int) else np.finfo("float32").max
        if abs(value) > largest:
            raise RequestError(
                f"Cannot convert JSON value: {written(value)} to float without loss of precision."
            )
    else:
        limits = np.iinfo(dtype)
        if isinstance(value, float) or not limits.min <= value <= limits.max:
            raise type_error(value, dtype)


def type_error(value, dtype):
    kind = str(value) if isinstance(value, bool) else KINDS.get(type(value), "Number")
    expected = dtype.removesuffix("32") if dtype == "float32" else dtype
    return RequestError(
        f"JSON Value: {written(value)} Type: {kind} is not of expected type: {expected}"
    )


def bytes_of(value):
    if isinstance(value, str):
        return value.encode()
    if not is_base64(value):
        raise RequestError(f"JSON Value: {written(value)} not formatted correctly for base64 data")
    try:
        return base64.b64decode(value["b64"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise RequestError("Unable to base64 decode") from error


def array_of(value, dtype):
    """The array of a value that was checked."""
    if dtype != "string":
        return np.array(value, dtype)
    return np.vectorize(bytes_of, otypes=[object])(np.array(value, object))


def written(value):
    """A value as JSON, cut where it is long."""
    text = ""
    for part in json.JSONEncoder(indent=4).iterencode(value):
        text += part
        if len(text) > 200:
            return f"{text[:200]}..."
    return text


def answer_of(outputs, rows):
    """The body of an answer, which `json.dumps` takes.

    Args:
        outputs: Dict from names to arrays.
        rows: Bool: whether the request was in the row form.
    """
    values = {name: plain(array.tolist()) for name, array in outputs.items()}
    if rows and len(values) > 1:
        columns = zip(*values.values(), strict=True)
        return {"predictions": [dict(zip(values, row, strict=True)) for row in columns]}
    if len(values) == 1:
        (values,) = values.values()
    return {"predictions" if rows else "outputs": values}
