"""Requests to predict, as TensorFlow Serving's REST interface reads and answers them."""

import json

import numpy as np
import pytest

from keras_gans.serving.explorer.errors import RequestError
from keras_gans.serving.explorer.predict import answer_of, read_request
from keras_gans.serving.rest import predict_body


def takes(**inputs):
    return {
        "inputs": {
            name: {"dtype": dtype, "shape": shape} for name, (dtype, *shape) in inputs.items()
        }
    }


SIGNATURES = {
    "serving_default": takes(latents=("float32", None, 2)),
    "generate": takes(num_images=("int32",), seed=("int64",)),
    "paint": takes(images=("uint8", None, 1, 2, 1)),
    "paint_png": takes(images_png_bytes=("string", None)),
    "two": takes(a=("int32", None), b=("int32", None)),
}


def read(content):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return read_request(body, SIGNATURES)


@pytest.mark.parametrize("rows", [False, True])
@pytest.mark.parametrize(
    ("signature", "inputs"),
    [
        ("serving_default", {"latents": np.array([[0.5, 1], [2, 3]], "float32")}),
        ("paint", {"images": np.array([[[[0], [255]]]], "uint8")}),
        ("paint_png", {"images_png_bytes": np.array([b"\x89PNG", b"\0"], object)}),
        ("two", {"a": np.array([1, 2], "int32"), "b": np.array([3, 4], "int32")}),
    ],
)
def test_what_the_client_writes_is_read(signature, inputs, rows):
    name, arrays, in_rows = read(predict_body(inputs, signature, rows))
    assert (name, in_rows) == (signature, rows)
    assert arrays.keys() == inputs.keys()
    for key, array in arrays.items():
        assert array.dtype == inputs[key].dtype
        np.testing.assert_array_equal(array, inputs[key])


def test_short_forms_are_read():
    name, arrays, rows = read({"inputs": [[1, 2]]})
    assert (name, rows) == ("serving_default", False)
    np.testing.assert_array_equal(arrays["latents"], [[1, 2]])
    _, arrays, _ = read({"signature_name": "generate", "inputs": {"num_images": 4, "seed": 7}})
    assert (arrays["num_images"].shape, arrays["seed"].dtype) == ((), "int64")


# The messages are those of TensorFlow Serving's json_tensor.cc and http_rest_api_handler.cc.
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "JSON Parse error: The document is empty"),
        (
            b'{"inputs": [["]", 2]]',
            "JSON Parse error: Missing a comma or } after an object member. at offset: 21",
        ),
        (
            b'{"instances": [[1, 2',
            "JSON Parse error: Missing a comma or ] after an array element. at offset: 20",
        ),
        (b'{"instances": ', "JSON Parse error: Invalid value. at offset: 14"),
        (
            b'{"inputs": 1} 2',
            "JSON Parse error: The document root must not be followed by other values. "
            "at offset: 14",
        ),
        (b"[1]", "JSON Value: [\n    1\n] Is not object"),
        ({}, "Missing 'inputs' or 'instances' key"),
        (
            {"signature_name": "x", "inputs": 1},
            'Serving signature name: "x" not found in signature def',
        ),
        (
            {"signature_name": 1},
            'JSON Value: {\n    "signature_name": 1\n} not formatted correctly. '
            "'signature_name' key must be a string value.",
        ),
        (
            {"instances": 1},
            "JSON Value: {\n    \"instances\": 1\n} Excepting 'instances' to be an list/array",
        ),
        (
            {"instances": []},
            "JSON Value: {\n    \"instances\": []\n} No values in 'instances' array",
        ),
        (
            {"instances": [[1, "a"]]},
            "Failed to process element: 0 of 'instances' list. Error: INVALID_ARGUMENT: "
            'JSON Value: "a" Type: String is not of expected type: float',
        ),
        (
            {"instances": [[1, 2], [1, 2, 3]]},
            "Failed to process element: 1 of 'instances' list. Error: INVALID_ARGUMENT: "
            "Expecting tensor size: 2 but got: 3",
        ),
        (
            {"instances": [{"z": 1}]},
            "Failed to process element: 0 key: z of 'instances' list. Error: INVALID_ARGUMENT: "
            "JSON object: does not have named input: z",
        ),
        (
            {"instances": [[1, 2], {"latents": [1, 2]}]},
            "Expecting value/list but got object at item 1 of input list",
        ),
        (
            {"signature_name": "two", "instances": [{"a": 1}]},
            "Failed to process element: 0 of 'instances' list. JSON object: {\n    \"a\": 1\n} "
            "keys must be equal to: a,b",
        ),
        (
            {"signature_name": "two", "instances": [1]},
            "instances is a plain list, but expecting list of objects as multiple input tensors "
            "required as per tensorinfo_map",
        ),
        (
            {"signature_name": "generate", "inputs": {"seed": 7}},
            "Missing named input: num_images in 'inputs' object.",
        ),
        (
            {"inputs": [[1, 2], [3]]},
            "Encountered list at unexpected size: 1 at level: 1 expected size: 2",
        ),
        (
            {"inputs": [[1, [2]]]},
            "Encountered list at unexpected level: 2 expected < 2",
        ),
        (
            {"inputs": [[1], 2]},
            "JSON Value: 2 found at incorrect level: 2 in the JSON DOM. Expected at level: 2",
        ),
        (
            {"inputs": [[1, 16777216]]},
            "Cannot convert JSON value: 16777216 to float without loss of precision.",
        ),
        (
            {"inputs": [[True, 1]]},
            "JSON Value: true Type: True is not of expected type: float",
        ),
        (
            {"signature_name": "paint_png", "inputs": [{"b64": "no base 64!"}]},
            "Unable to base64 decode",
        ),
        (
            {"signature_name": "paint_png", "inputs": [{"b64": 1}]},
            'JSON Value: {\n    "b64": 1\n} not formatted correctly for base64 data',
        ),
    ],
)
def test_bad_requests_are_refused_in_the_words_of_tensorflow_serving(content, message):
    with pytest.raises(RequestError) as refused:
        read(content)
    assert str(refused.value) == message
    assert refused.value.status == 400


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"inputs": [[NaN, 1]]}', "NaN is not finite"),
        (b'{"inputs": [[1, 1e999]]}', "Infinity is not finite"),
        (b'{"inputs": [[' + b"1" * 5000 + b"]]}", "too big"),
        (b'{"inputs": ' + b"[" * 100_000, "nested too deep"),
        (b'{"inputs": ' + b"[" * 900 + b"]" * 900 + b"}", "nested too deep"),
        (b'{"inputs": "\xff"}', "Invalid encoding"),
        ({"signature_name": "paint", "inputs": [[[[0], [256]]]]}, "256 Type: Number"),
        ({"signature_name": "paint", "inputs": [[[[0], [0.5]]]]}, "0.5 Type: Number"),
        ({"instances": "x" * 1000}, r"x\.\.\. Excepting"),
    ],
)
def test_what_would_harm_is_refused_too(content, message):
    with pytest.raises(RequestError, match=message):
        read(content)


def test_answers_have_the_form_of_the_request():
    one = {"images": np.array([[1, 2]], "uint8")}
    assert answer_of(one, rows=True) == {"predictions": [[1, 2]]}
    assert answer_of(one, rows=False) == {"outputs": [[1, 2]]}
    pngs = {"images_png_bytes": np.array([b"\0"], object)}
    assert answer_of(pngs, rows=True) == {"predictions": [{"b64": "AA=="}]}
    two = {"a": np.array([1, 2]), "b": np.array([3, 4])}
    assert answer_of(two, rows=True) == {"predictions": [{"a": 1, "b": 3}, {"a": 2, "b": 4}]}
    assert answer_of(two, rows=False) == {"outputs": {"a": [1, 2], "b": [3, 4]}}
