"""Networks by themselves, as ONNX and LiteRT files: floats in, floats in [-1, 1] out."""

import json

import keras
import numpy as np

from keras_gans.engine import TranslationModel
from keras_gans.serving.extra import needed
from keras_gans.serving.saved_model import SIGNATURES
from keras_gans.serving.signatures import input_shape

SUFFIXES = {"onnx": ".onnx", "litert": ".tflite"}


def write_networks(model, path, format, weights="averaged", **choice):
    """Write one file for each network that makes images, each checked in its own runtime.

    Args:
        model: As in `export`.
        path: `pathlib.Path` of the folder to create.
        format: "onnx" or "litert".
        weights: As in `export`.
        **choice: Likewise.

    Raises:
        ImportError: The converter or the runtime is missing.
        ValueError: A network that does not convert.
    """
    needed({"onnx": "tf2onnx", "litert": "ai_edge_litert.interpreter"}[format])
    path.mkdir()
    inputs = np.random.default_rng(0).uniform(-1, 1, (2, *input_shape(model))).astype("float32")
    described = {}
    for name, network in networks_of(model, weights, **choice).items():
        file = path / f"{name}{SUFFIXES[format]}"
        try:
            ((output_name, expected),) = network(inputs).items()
            network.export(str(file), format=format, verbose=False)
            check_file(file, inputs, keras.ops.convert_to_numpy(expected))
        except Exception as error:  # What converters and runtimes raise has no common class.
            raise ValueError(f"{name} does not convert to {format}: {error}") from error
        described[name] = {
            side: {key: {"dtype": tensor.dtype, "shape": tensor.shape}}
            for side, key, tensor in (
                ("inputs", network.inputs[0].name, network.inputs[0]),
                ("outputs", output_name, network.outputs[0]),
            )
        }
    (path / SIGNATURES).write_text(json.dumps(described, indent=2) + "\n")


def networks_of(model, weights, **choice):
    """Dict from names to networks whose tensors have names that never change."""
    if not isinstance(model, TranslationModel):
        generator = model.served_generator(weights=weights, **choice)
        return {"from_latents": named(generator, "latents", "images")}
    # The converter to ONNX wants another name on each side.
    return {
        direction: named(model.translator(direction).generator, "images", "translated")
        for direction in model.generators
    }


def named(network, input_name, output_name):
    inputs = keras.Input(network.input_shape[1:], name=input_name)
    outputs = keras.layers.Activation("linear", dtype="float32")(network(inputs, training=False))
    return keras.Model(inputs, {output_name: outputs})


def check_file(file, inputs, expected):
    """Compare what a file computes with what Keras does."""
    run = run_onnx if file.suffix == ".onnx" else run_litert
    difference = np.abs(run(file, inputs) - expected).max()
    if not difference < 1 / 127.5:
        raise ValueError(f"its images differ from those of Keras by up to {difference:.2g}.")


def run_onnx(file, inputs):
    session = needed("onnxruntime").InferenceSession(file, providers=["CPUExecutionProvider"])
    return session.run(None, {session.get_inputs()[0].name: inputs})[0]


def run_litert(file, inputs):
    interpreter = needed("ai_edge_litert.interpreter").Interpreter(str(file))
    (tensor,) = interpreter.get_input_details()
    interpreter.resize_tensor_input(tensor["index"], inputs.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(tensor["index"], inputs)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[0]["index"])
