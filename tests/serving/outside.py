"""Clients of an export that were not written here, in a process without Keras and this package.

`python outside.py CLIENT FOLDER...` runs `export` in each folder on `inputs.npz`, or on requests
there, and writes `CLIENT.npz`.
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np


def load(path, inputs):
    """`tf.saved_model.load`: every signature."""
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))
    outputs = {}
    for name, function in loaded.signatures.items():
        tensors = inputs_for(name, function.structured_input_signature[1], inputs)
        tensors = {key: tf.convert_to_tensor(value) for key, value in tensors.items()}
        (output,) = function(**tensors).values()
        outputs[name] = output.numpy()
    return outputs


def session(path, inputs):
    """What TensorFlow Serving does: a session, and the signatures' names of tensors."""
    import tensorflow as tf

    outputs = {}
    with tf.compat.v1.Session(graph=tf.Graph()) as running:
        graph = tf.compat.v1.saved_model.load(running, ["serve"], str(path))
        for name, signature in graph.signature_def.items():
            if not name.startswith("__"):
                tensors = inputs_for(name, signature.inputs, inputs)
                feed = {signature.inputs[key].name: value for key, value in tensors.items()}
                (output,) = signature.outputs.values()
                outputs[name] = running.run(output.name, feed)
    return outputs


def requests(path, inputs):
    """Requests in the messages of TensorFlow Serving, run as it runs them."""
    import tensorflow as tf
    from tensorflow_serving.apis import get_model_metadata_pb2, predict_pb2

    outputs = {}
    with tf.compat.v1.Session(graph=tf.Graph()) as running:
        signatures = tf.compat.v1.saved_model.load(running, ["serve"], str(path)).signature_def
        for file in path.parent.glob("*.predict"):
            request = predict_pb2.PredictRequest.FromString(file.read_bytes())
            outputs[file.stem] = answer(
                running,
                signatures[request.model_spec.signature_name],
                {name: tf.make_ndarray(tensor) for name, tensor in request.inputs.items()},
            )
        for file in path.parent.glob("*.json"):
            body = json.loads(file.read_bytes())
            signature = signatures[body["signature_name"]]
            outputs[file.stem] = answer(running, signature, tensors_of(body, signature))
    metadata = get_model_metadata_pb2.GetModelMetadataRequest
    request = metadata.FromString((path.parent / "metadata").read_bytes())
    outputs["metadata"] = np.array([request.model_spec.name, *request.metadata_field])
    return outputs


def answer(running, signature, tensors):
    assert set(tensors) == set(signature.inputs)
    feed = {signature.inputs[name].name: tensor for name, tensor in tensors.items()}
    (output,) = signature.outputs.values()
    return running.run(output.name, feed)


def tensors_of(body, signature):
    """The tensors of a REST body, by the rules of TensorFlow Serving's page on them."""
    import tensorflow as tf

    if "instances" in body:
        rows = body["instances"]
        names = list(signature.inputs)
        # Rows of one tensor come without its name.
        columns = {n: [row[n] for row in rows] for n in names} if names[1:] else {names[0]: rows}
        body = {"inputs": columns}
    return {
        name: np.array(
            value if info.dtype != tf.string else [base64.b64decode(v["b64"]) for v in value],
            tf.dtypes.as_dtype(info.dtype).as_numpy_dtype,
        )
        for name, info in signature.inputs.items()
        for value in (body["inputs"][name],)
    }


def onnx_runtime(path, inputs):
    import onnxruntime

    outputs = {}
    for file in path.glob("*.onnx"):
        running = onnxruntime.InferenceSession(file)
        tensors = {tensor.name: floats(inputs, tensor.name) for tensor in running.get_inputs()}
        (outputs[file.stem],) = running.run(None, tensors)
    return outputs


def litert(path, inputs):
    from ai_edge_litert.interpreter import Interpreter

    outputs = {}
    for file in path.glob("*.tflite"):
        interpreter = Interpreter(str(file))
        names = interpreter.get_signature_list()["serving_default"]["inputs"]
        tensors = {name: floats(inputs, name) for name in names}
        (outputs[file.stem],) = interpreter.get_signature_runner()(**tensors).values()
    return outputs


def openvino(path, inputs):
    """OpenVINO reads `serving_default`."""
    from openvino import Core

    core = Core()
    # On processors with bfloat16 it would compute in that, to 5 grey levels instead of one.
    settings = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = core.compile_model(core.read_model(path), "CPU", settings)
    (tensor,) = compiled.inputs
    (name,) = tensor.get_names() & set(inputs)
    (output,) = compiled({name: inputs[name]}).values()
    return {"serving_default": output}


def inputs_for(signature, wanted, inputs):
    """The inputs of a signature."""
    as_floats = signature.endswith("_float32")
    return {name: floats(inputs, name) if as_floats else inputs[name] for name in wanted}


def floats(inputs, name):
    return inputs.get(f"{name}_float32", inputs.get(name))


CLIENTS = {f.__name__: f for f in (load, session, requests, onnx_runtime, litert, openvino)}

if __name__ == "__main__":
    # From here on importing either one fails.
    sys.modules["keras"] = sys.modules["keras_gans"] = None
    client = sys.argv[1]
    for folder in map(Path, sys.argv[2:]):
        made = CLIENTS[client](folder / "export", dict(np.load(folder / "inputs.npz")))
        np.savez(folder / f"{client}.npz", **{name: np.array(list(a)) for name, a in made.items()})
