"""Networks by themselves, as ONNX and LiteRT files: floats and ids in, floats and ids out."""

import keras
import numpy as np

from keras_gans.serving.extra import needed
from keras_gans.serving.saved_model import write_signatures
from keras_gans.serving.signatures import shape_of

SUFFIXES = {"onnx": ".onnx", "litert": ".tflite"}


class ShapeError(ValueError):
    """A file makes images of another shape than its network."""


def write_networks(endpoints, path, format):
    """Write one file for each endpoint, each checked in its own runtime.

    Args:
        endpoints: Dict from names to `Endpoint`s.
        path: `pathlib.Path` of the folder to create.
        format: "onnx" or "litert".

    Raises:
        ImportError: The converter or the runtime is missing.
        ValueError: A network that does not convert.
    """
    needed({"onnx": "tf2onnx", "litert": "ai_edge_litert.interpreter"}[format])
    path.mkdir()
    described = {}
    for name, endpoint in endpoints.items():
        network, inputs = network_of(endpoint), some_of(endpoint)
        file = path / f"{name}{SUFFIXES[format]}"
        try:
            try:
                convert(network, file, format, inputs)
            except ShapeError:
                # The names of the layers decide in which order tf2onnx simplifies a graph, and for
                # one in a hundred it forgets to squeeze the output. Other names mend that.
                network = network_of(endpoint)
                convert(network, file, format, inputs)
        except Exception as error:  # What converters and runtimes raise has no common class.
            raise ValueError(f"{name} does not convert to {format}: {error}") from error
        described[name] = {
            side: {
                tensor_name: {"dtype": tensor.dtype, "shape": tensor.shape}
                for tensor_name, tensor in tensors.items()
            }
            for side, tensors in (
                ("inputs", {tensor.name: tensor for tensor in network.inputs}),
                ("outputs", network.output),
            )
        }
    write_signatures(described, path)


def network_of(endpoint):
    """A network whose tensors have names that never change."""
    inputs = {
        name: keras.Input(shape_in(endpoint, name, spec), name=name, dtype=dtype_of(spec))
        for name, spec in endpoint.inputs.items()
    }
    # The converter to ONNX wants another name on each side.
    outputs = {
        "translated" if name in inputs else name: keras.layers.Activation("linear", dtype=dtype)(x)
        for name, x in endpoint.function(**inputs).items()
        for dtype in (dtype_of(endpoint.outputs[name]),)
    }
    return keras.Model(inputs if len(inputs) > 1 else next(iter(inputs.values())), outputs)


def dtype_of(spec):
    """Samples are floats to a network, also where they are integers outside."""
    is_ids = "int" in spec.dtype and spec.kind in ("labels", "latents")
    return "int32" if is_ids else "float32"


def shape_in(endpoint, name, spec):
    """The shape of an element as the network has it: a string is one of one-hot vectors."""
    if name != endpoint.samples.name:
        return spec.shape
    return endpoint.samples.to_floats(keras.Input(spec.shape, dtype=spec.dtype)).shape[1:]


def some_of(endpoint):
    """Two rows of each input."""
    rng = np.random.default_rng(0)
    some = {}
    for name, spec in endpoint.inputs.items():
        shape = (2, *shape_of(shape_in(endpoint, name, spec), endpoint.sides))
        if dtype_of(spec) == "float32":
            some[name] = rng.uniform(-1, 1, shape).astype("float32")
        else:
            some[name] = rng.integers(0, (spec.high or 0) + 1, shape, "int32")
    return some


def convert(network, file, format, inputs):
    """Write a network, run the file in its own runtime and compare with what Keras makes."""
    expected = network(inputs if len(inputs) > 1 else next(iter(inputs.values())))
    network.export(str(file), format=format, verbose=False)
    made = (run_onnx if format == "onnx" else run_litert)(file, inputs)
    for name, tensor in expected.items():
        if made[name].shape != tuple(tensor.shape):
            raise ShapeError(
                f"its {name} have the shape {made[name].shape}, not {tuple(tensor.shape)}."
            )
        difference = np.abs(made[name] - keras.ops.convert_to_numpy(tensor)).max()
        if not difference < 1 / 127.5:
            raise ValueError(f"its {name} differ from those of Keras by up to {difference:.2g}.")


def run_onnx(file, inputs):
    session = needed("onnxruntime").InferenceSession(file, providers=["CPUExecutionProvider"])
    names = [tensor.name for tensor in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


def run_litert(file, inputs):
    interpreter = needed("ai_edge_litert.interpreter").Interpreter(str(file))
    return interpreter.get_signature_runner()(**inputs)
