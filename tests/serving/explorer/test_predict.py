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


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "cannot be read as JSON: Expecting value"),
        (b'{"inputs": [["]", 2]]', "cannot be read as JSON: Expecting ','"),
        (b'{"instances": [[1, 2', "cannot be read as JSON"),
        (b'{"instances": ', "cannot be read as JSON"),
        (b'{"inputs": 1} 2', "cannot be read as JSON: Extra data"),
        (b'{"inputs": "\xff"}', "cannot be read as JSON"),
        (b'{"inputs": [[' + b"1" * 5000 + b"]]}", "cannot be read as JSON"),
        (b'{"inputs": ' + b"[" * 100_000, "cannot be read as JSON"),
        (b'{"inputs": ' + b"[" * 900 + b"]" * 900 + b"}", "numbers that fit float32, in lists"),
        (b"[1]", "must be a JSON object"),
        ({}, 'either "instances"'),
        ({"instances": [[1, 2]], "inputs": [[1, 2]]}, 'either "instances"'),
        ({"signature_name": "x", "inputs": 1}, "no signature 'x'; there are serving_default"),
        ({"signature_name": 1}, "no signature 1; there are serving_default"),
        ({"signature_name": [1]}, r"no signature \[1\]"),
        ({"instances": 1}, "list of one row or more"),
        ({"instances": []}, "list of one row or more"),
        ({"instances": "x" * 1000}, "list of one row or more"),
        ({"instances": [[1, "a"]]}, "latents must hold numbers that fit float32.* holds 'a'"),
        ({"instances": [[1, 2], [1, 2, 3]]}, r"lists of equal lengths; it holds \[1, 2\]"),
        ({"instances": [{"z": 1}]}, "Row 0 must be an object of latents"),
        ({"instances": [[1, 2], {"latents": [1, 2]}]}, "lists of equal lengths"),
        ({"signature_name": "two", "instances": [{"a": 1}]}, "Row 0 must be an object of a, b"),
        ({"signature_name": "two", "instances": [1]}, "Row 0 must be an object of a, b"),
        ({"signature_name": "two", "inputs": [1]}, "two takes an object of a, b"),
        ({"signature_name": "generate", "inputs": {"seed": 7}}, "an object of num_images, seed"),
        ({"inputs": [[1, 2], [3]]}, r"equal lengths; it holds \[1, 2\]"),
        ({"inputs": [[1, [2]]]}, r"equal lengths; it holds \[2\]"),
        ({"inputs": [[1], 2]}, r"equal lengths; it holds \[1\]"),
        ({"inputs": [[1, 16777216]]}, "fit float32.* holds 16777216"),
        ({"inputs": [[True, 1]]}, "holds True"),
        ({"inputs": [[None, 1]]}, "holds None"),
        (b'{"inputs": [[NaN, 1]]}', "holds nan"),
        (b'{"inputs": [[1, 1e999]]}', "holds inf"),
        (b'{"inputs": [[1, 1e39]]}', "holds 1e[+]39"),
        ({"signature_name": "paint", "inputs": [[[[0], [256]]]]}, "fit uint8.* holds 256"),
        ({"signature_name": "paint", "inputs": [[[[0], [0.5]]]]}, "fit uint8.* holds 0.5"),
        ({"signature_name": "paint_png", "inputs": [{"b64": "no base 64!"}]}, "in base64"),
        ({"signature_name": "paint_png", "inputs": [{"b64": 1}]}, "in base64"),
        ({"signature_name": "paint_png", "inputs": [1]}, "in base64"),
        ({"signature_name": "paint_png", "inputs": ["\ud800"]}, "in base64"),
    ],
)
def test_bad_requests_get_a_sentence(content, sentence):
    with pytest.raises(RequestError, match=sentence) as refused:
        read(content)
    assert refused.value.status == 400
    assert len(str(refused.value)) < 300


def test_answers_have_the_form_of_the_request():
    one = {"images": np.array([[1, 2]], "uint8")}
    assert answer_of(one, rows=True) == {"predictions": [[1, 2]]}
    assert answer_of(one, rows=False) == {"outputs": [[1, 2]]}
    pngs = {"images_png_bytes": np.array([b"\0"], object)}
    assert answer_of(pngs, rows=True) == {"predictions": [{"b64": "AA=="}]}
    two = {"a": np.array([1, 2]), "b": np.array([3, 4])}
    assert answer_of(two, rows=True) == {"predictions": [{"a": 1, "b": 3}, {"a": 2, "b": 4}]}
    assert answer_of(two, rows=False) == {"outputs": {"a": [1, 2], "b": [3, 4]}}
