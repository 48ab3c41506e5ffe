"""Bodies of TensorFlow Serving's REST interface."""

import json

import numpy as np
import pytest

from keras_gans.serving.rest import (
    metadata_body,
    output_of_body,
    predict_body,
    signatures_of_body,
    status_body,
)


def test_the_column_form_lists_each_tensor():
    body = predict_body({"num_images": np.int32(4), "seed": np.int64(7)}, "generate")
    assert json.loads(json.dumps(body)) == {
        "signature_name": "generate",
        "inputs": {"num_images": 4, "seed": 7},
    }


def test_the_row_form_lists_each_image():
    latents = np.array([[0.5, 1.0], [2.0, 3.0]], "float32")
    assert predict_body({"latents": latents}, rows=True) == {
        "signature_name": "serving_default",
        "instances": [[0.5, 1.0], [2.0, 3.0]],
    }
    two = predict_body({"a": np.array([1, 2]), "b": np.array([3, 4])}, rows=True)
    assert two["instances"] == [{"a": 1, "b": 3}, {"a": 2, "b": 4}]
    with pytest.raises(ValueError, match="use the column form"):
        predict_body({"num_images": np.int32(4)}, "generate", rows=True)


def test_bytes_travel_in_base64():
    pngs = np.array([b"\x89PNG\0", b"\xff"], object)
    for rows, key in ((True, "instances"), (False, "inputs")):
        values = predict_body({"images_png_bytes": pngs}, rows=rows)[key]
        values = values if rows else values["images_png_bytes"]
        assert values == [{"b64": "iVBORwA="}, {"b64": "/w=="}]
        answer = {"predictions" if rows else "outputs": values}
        np.testing.assert_array_equal(output_of_body(answer, "string"), pngs)


def test_images_come_back_in_their_dtype():
    for key in ("predictions", "outputs"):
        assert output_of_body({key: [[1, 2]]}, "uint8").dtype == np.uint8


def test_numbers_come_back_in_what_holds_them():
    for values, dtype in (([0, 255], "uint8"), ([0, 256], "int32"), ([-1], "int32")):
        assert output_of_body({"outputs": values}).dtype == dtype
    several = output_of_body({"outputs": {"ids": [300], "latents": [[0.5, 1.0]]}})
    assert several["ids"].tolist() == [300]
    assert several["latents"].dtype == np.float32


def test_outputs_come_back_in_the_dtypes_that_are_told():
    dtypes = {"ids": "int32", "latents": "float32"}
    several = output_of_body({"outputs": {"ids": [3], "latents": [[1, 2]]}}, dtypes)
    assert {name: array.dtype for name, array in several.items()} == dtypes
    assert output_of_body({"outputs": []}, {"images": "uint8"}).dtype == np.uint8
    assert output_of_body({"predictions": [3]}, {"ids": "int32"}).dtype == np.int32


def test_signatures_are_read_as_signature_json_has_them():
    info = {"dtype": "DT_INT64", "tensor_shape": {}}
    images = {"dtype": "DT_UINT8", "tensor_shape": {"dim": [{"size": "-1"}, {"size": "8"}]}}
    answer = {"generate": {"inputs": {"seed": info}, "outputs": {"images": images}}}
    assert signatures_of_body({**answer, "__saved_model_init_op": {}}) == {
        "generate": {
            "inputs": {"seed": {"dtype": "int64", "shape": []}},
            "outputs": {"images": {"dtype": "uint8", "shape": [None, 8]}},
        }
    }


def test_metadata_that_is_written_is_read():
    signatures = {
        "generate": {
            "inputs": {"seed": {"dtype": "int64", "shape": []}},
            "outputs": {"images": {"dtype": "uint8", "shape": [None, 8]}},
        }
    }
    body = json.loads(json.dumps(metadata_body("gan", 2, signatures)))
    assert body["model_spec"]["version"] == "2"
    signature_defs = body["metadata"]["signature_def"]["signature_def"]
    assert signature_defs["generate"]["inputs"]["seed"]["dtype"] == "DT_INT64"
    assert signatures_of_body(signature_defs) == signatures


def test_a_version_that_is_ready_is_available():
    (status,) = status_body(2)["model_version_status"]
    assert (status["version"], status["state"]) == ("2", "AVAILABLE")
