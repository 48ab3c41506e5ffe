"""Bodies of TensorFlow Serving's REST interface."""

import base64

import numpy as np

DTYPES = {
    "DT_FLOAT": "float32",
    "DT_INT32": "int32",
    "DT_INT64": "int64",
    "DT_STRING": "string",
    "DT_UINT8": "uint8",
}


def predict_body(inputs, signature="serving_default", rows=False):
    """The body of a request to `/v1/models/<name>:predict`, which `json.dumps` takes.

    Args:
        inputs: Dict from names of tensors to arrays; arrays of `bytes` for strings.
        signature: Name of the signature.
        rows: Bool. Whether to write one "instance" for each image, for tensors that all have so
            many rows, instead of one list for each tensor.
    """
    values = {name: plain(array) for name, array in inputs.items()}
    if not rows:
        return {"signature_name": signature, "inputs": values}
    if any(np.ndim(array) == 0 for array in inputs.values()):
        raise ValueError(
            f"{signature} takes a number that is no list ({', '.join(inputs)}), which the row form "
            "cannot hold: use the column form."
        )
    if len(values) == 1:
        (instances,) = values.values()
    else:
        columns = zip(*values.values(), strict=True)
        instances = [dict(zip(values, row, strict=True)) for row in columns]
    return {"signature_name": signature, "instances": instances}


def plain(array):
    """An array as lists, with base64 for bytes."""
    array = np.asarray(array)
    if array.dtype.kind in "OS":
        array = np.vectorize(base64_of, otypes=[object])(array)
    return array.tolist()


def base64_of(value):
    return {"b64": base64.b64encode(value).decode()}


def output_of_body(body, dtype=None):
    """The only output in the answer to a request of either form.

    Args:
        body: Dict: the answer's JSON.
        dtype: "uint8", "int32", "float32" or "string", or a dict of them by the names of the
            outputs; by default what holds the numbers.

    Returns:
        Array; of `bytes` for "string". A dict of arrays where a request in the column form has
        several outputs.
    """
    values = body["predictions"] if "predictions" in body else body["outputs"]
    if not isinstance(values, dict):
        return array_of(values, next(iter(dtype.values())) if isinstance(dtype, dict) else dtype)
    dtypes = dtype if isinstance(dtype, dict) else dict.fromkeys(values, dtype)
    return {name: array_of(some, dtypes.get(name)) for name, some in values.items()}


def array_of(values, dtype):
    if dtype == "string":
        return np.array([base64.b64decode(value["b64"]) for value in values], object)
    array = np.array(values, dtype)
    if dtype is not None:
        return array
    if array.dtype.kind == "f":
        return array.astype("float32")
    is_uint8 = array.min(initial=0) >= 0 and array.max(initial=0) <= 255
    return array.astype("uint8" if is_uint8 else "int32")


def signatures_of_body(signature_defs):
    """Signatures as `signature.json` has them.

    Args:
        signature_defs: Dict: JSON of a map of `SignatureDef`.
    """
    return {
        name: {
            side: {
                tensor: {
                    "dtype": DTYPES[info["dtype"]],
                    "shape": [
                        None if int(dimension["size"]) < 0 else int(dimension["size"])
                        for dimension in info.get("tensor_shape", {}).get("dim", [])
                    ],
                }
                for tensor, info in signature[side].items()
            }
            for side in ("inputs", "outputs")
        }
        for name, signature in signature_defs.items()
        if not name.startswith("__")
    }


def metadata_body(name, version, signatures):
    """The body of an answer to `/v1/models/<name>/metadata`.

    Args:
        name: Name of the model.
        version: Integer.
        signatures: Dict as `signature.json` has it.
    """
    tensor_names = {"inputs": "{signature}_{tensor}:0", "outputs": "StatefulPartitionedCall:0"}
    dtypes = {dtype: name for name, dtype in DTYPES.items()}
    signature_defs = {
        signature: {
            **{
                side: {
                    tensor: {
                        "dtype": dtypes[spec["dtype"]],
                        "tensor_shape": {
                            "dim": [
                                {"size": str(-1 if size is None else size), "name": ""}
                                for size in spec["shape"]
                            ],
                            "unknown_rank": False,
                        },
                        "name": tensor_names[side].format(signature=signature, tensor=tensor),
                    }
                    for tensor, spec in sides[side].items()
                }
                for side in ("inputs", "outputs")
            },
            "method_name": "tensorflow/serving/predict",
        }
        for signature, sides in signatures.items()
    }
    return {
        "model_spec": {"name": name, "signature_name": "", "version": str(version)},
        "metadata": {"signature_def": {"signature_def": signature_defs}},
    }


def status_body(version):
    """The body of an answer to `/v1/models/<name>` for a version that is ready."""
    status = {"error_code": "OK", "error_message": ""}
    return {
        "model_version_status": [{"version": str(version), "state": "AVAILABLE", "status": status}]
    }
