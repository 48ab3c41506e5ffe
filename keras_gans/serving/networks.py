"""Networks by themselves, as ONNX and LiteRT files: floats in, floats in [-1, 1] out."""

import json

import keras
import numpy as np

from keras_gans.models import TranslationModel
from keras_gans.serving.extra import needed
from keras_gans.serving.saved_model import SIGNATURES
from keras_gans.serving.signatures import input_shape

SUFFIXES = {"onnx": ".onnx", "litert": ".tflite"}


class ShapeError(ValueError):
    """A file makes images of another shape than its network."""


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
    for name, (generator, *names) in generators_of(model, weights, **choice).items():
        network = named(generator, *names)
        file = path / f"{name}{SUFFIXES[format]}"
        try:
            try:
                convert(network, file, format, inputs)
            except ShapeError:
                # The names of the layers decide in which order tf2onnx simplifies a graph, and for
                # one in a hundred it forgets to squeeze the output. Other names mend that.
                network = named(generator, *names)
                convert(network, file, format, inputs)
        except Exception as error:  # What converters and runtimes raise has no common class.
            raise ValueError(f"{name} does not convert to {format}: {error}") from error
        described[name] = {
            side: {tensor_name: {"dtype": tensor.dtype, "shape": tensor.shape}}
            for side, tensor_name, tensor in zip(
                ("inputs", "outputs"),
                names,
                (network.inputs[0], network.outputs[0]),
                strict=True,
            )
        }
    (path / SIGNATURES).write_text(json.dumps(described, indent=2) + "\n")


def generators_of(model, weights, **choice):
    """Dict from names of files to `(network, name of its input, name of its output)`."""
    if not isinstance(model, TranslationModel):
        generator = model.served_generator(weights=weights, **choice)
        return {"from_latents": (generator, "latents", "images")}
    # The converter to ONNX wants another name on each side.
    return {
        direction: (model.translator(direction).generator, "images", "translated")
        for direction in model.generators
    }


def named(network, input_name, output_name):
    """A network whose tensors have names that never change."""
    inputs = keras.Input(network.input_shape[1:], name=input_name)
    outputs = keras.layers.Activation("linear", dtype="float32")(network(inputs, training=False))
    return keras.Model(inputs, {output_name: outputs})


def convert(network, file, format, inputs):
    """Write a network, run the file in its own runtime and compare with what Keras makes."""
    (expected,) = network(inputs).values()
    network.export(str(file), format=format, verbose=False)
    images = (run_onnx if format == "onnx" else run_litert)(file, inputs)
    if images.shape != tuple(expected.shape):
        raise ShapeError(f"its images have the shape {images.shape}, not {tuple(expected.shape)}.")
    difference = np.abs(images - keras.ops.convert_to_numpy(expected)).max()
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
