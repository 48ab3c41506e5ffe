"""Clients that were not written here run the exports, without Keras and without this package."""

import functools
import json
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from keras_gans.data import to_uint8
from keras_gans.serving import messages, rest
from keras_gans.serving.pngs import image_of, png_of
from tests.backends import written_once
from tests.serving.conftest import MODELS, assert_within_a_grey_level, inputs_of, outputs_of

tf = pytest.importorskip("tensorflow", reason="SavedModels are written by TensorFlow")

pytestmark = written_once
OUTSIDE = str(Path(__file__).with_name("outside.py"))
MODULES = {
    "requests": "tensorflow_serving",
    "onnx_runtime": "onnxruntime",
    "litert": "ai_edge_litert",
    "openvino": "openvino",
}


def run(client, folders):
    """What a client makes of the exports in several folders: a dict by signature for each."""
    if client in MODULES:
        pytest.importorskip(MODULES[client], reason="the client is not installed")
    command = [sys.executable, OUTSIDE, client, *map(str, folders)]
    finished = subprocess.run(command, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stderr[-3000:]
    return [dict(np.load(folder / f"{client}.npz")) for folder in folders]


def write_inputs(model, folder):
    """What all signatures take; returns what the model makes of it in each direction."""
    inputs = inputs_of(model)
    arrays = {**inputs, "num_images": np.int32(3), "seed": np.int64(0)}
    if "images" in inputs:
        arrays["images_png_bytes"] = np.array([png_of(image) for image in inputs["images"]])
        arrays["images_float32"] = inputs["images"].astype("float32") / 127.5 - 1
    np.savez(folder / "inputs.npz", **arrays)
    directions = getattr(model, "generators", ["from_latents"])
    made = {direction: outputs_of(model, inputs, direction) for direction in directions}
    return {"serving_default": next(iter(made.values())), **made}


def as_pixels(output):
    if output.dtype.kind == "S":
        return np.stack([image_of(png) for png in output])
    return to_uint8(output)


@pytest.fixture(scope="module")
def prepared(exported, tmp_path_factory):
    """Function from names of models to a folder for each, and what the models make."""

    @functools.cache
    def prepare(*names):
        folders, expected = [], []
        for name in names:
            model, path = exported(name)
            folders.append(tmp_path_factory.mktemp(name))
            (folders[-1] / "export").symlink_to(path)
            expected.append(write_inputs(model, folders[-1]))
        return folders, expected

    return prepare


@pytest.mark.parametrize("client", ["load", "session"])
def test_tensorflow_runs_every_signature(client, prepared):
    folders, expected = prepared(*MODELS)
    for folder, images, made in zip(folders, expected, run(client, folders), strict=True):
        assert set(made) == set(json.loads((folder / "export" / "signature.json").read_text()))
        for signature, output in made.items():
            base = signature.removesuffix("_png").removesuffix("_float32")
            if base == "generate":
                np.testing.assert_array_equal(as_pixels(output), drawn_here(folder / "export"))
            else:
                expected_images = images[base.removesuffix("_from_seed")]
                assert_within_a_grey_level(as_pixels(output), expected_images)


def drawn_here(path):
    """The images of seed 0 in this process: those of every other one."""
    generate = tf.saved_model.load(str(path)).signatures["generate"]
    arguments = {"num_images": tf.constant(3), "seed": tf.constant(0, tf.int64)}
    if "labels" in generate.structured_input_signature[1]:
        arguments["labels"] = tf.constant([0, 1, 2])
    return generate(**arguments)["images"].numpy()


def test_openvino_runs_the_default_signature(prepared):
    # Noise that follows a seed is none of its operations.
    folders, expected = prepared(*[name for name in MODELS if name not in ("pix2pix", "clothes")])
    for images, made in zip(expected, run("openvino", folders), strict=True):
        assert_within_a_grey_level(made["serving_default"], images["serving_default"])


@pytest.mark.parametrize(("client", "format"), [("onnx_runtime", "onnx"), ("litert", "litert")])
def test_other_runtimes_run_the_networks(client, format, tmp_path):
    for module in ("tf2onnx", MODULES[client]):
        pytest.importorskip(module, reason="comes with the extra `serving`")
    folders, expected = [tmp_path / name for name in ("gan", "clothes", "cyclegan")], []
    for folder in folders:
        model = MODELS[folder.name]()
        model.export(folder / "export", format=format)
        expected.append(write_inputs(model, folder))
    for images, made in zip(expected, run(client, folders), strict=True):
        assert {"serving_default", *made} == set(images)
        for signature, output in made.items():
            assert_within_a_grey_level(to_uint8(output), images[signature])


def test_requests_of_the_client_run_as_tensorflow_serving_runs_them(prepared):
    pytest.importorskip("tensorflow_serving", reason="comes with the extra `serving`")
    folders, expected = prepared("gan", "clothes", "cyclegan")
    for folder in folders:
        write_requests(folder)
    for folder, images, made in zip(folders, expected, run("requests", folders), strict=True):
        assert list(made.pop("metadata")) == ["gan", "signature_def"]
        signatures = json.loads((folder / "export" / "signature.json").read_text())
        assert {signature.split(":")[0] for signature in made} == set(signatures)
        for signature, output in made.items():
            base = signature.split(":")[0].removesuffix("_png").removesuffix("_float32")
            if base == "generate":
                np.testing.assert_array_equal(as_pixels(output), drawn_here(folder / "export"))
            else:
                assert_within_a_grey_level(as_pixels(output), images[base])


def write_requests(folder):
    """Requests for every signature: a gRPC message, and REST bodies of both forms."""
    inputs = dict(np.load(folder / "inputs.npz"))
    signatures = json.loads((folder / "export" / "signature.json").read_text())
    for signature, sides in signatures.items():
        floats = signature.endswith("_float32") and "images" in sides["inputs"]
        wanted = {key: inputs[f"{key}_float32" if floats else key] for key in sides["inputs"]}
        request = messages.predict_request("gan", wanted, signature)
        (folder / f"{signature}.predict").write_bytes(request.SerializeToString())
        for rows in (False, True):
            if not (rows and "seed" in wanted):
                body = json.dumps(rest.predict_body(wanted, signature, rows))
                (folder / f"{signature}:{rows}.json").write_text(body)
    (folder / "metadata").write_bytes(messages.metadata_request("gan").SerializeToString())


def test_the_command_line_of_tensorflow_shows_and_runs_it(exported, tmp_path):
    model, path = exported("gan")
    ((key, array),) = inputs_of(model).items()
    np.save(tmp_path / "input.npy", array)
    program = str(Path(sys.executable).with_name("saved_model_cli"))
    chosen = ["--dir", str(path), "--tag_set", "serve", "--signature_def", "serving_default"]
    shown = subprocess.run([program, "show", *chosen], check=True, capture_output=True, text=True)
    assert f"inputs['{key}'] tensor_info" in shown.stdout
    assert "outputs['images'] tensor_info" in shown.stdout
    files = ["--inputs", f"{key}={tmp_path}/input.npy", "--outdir", str(tmp_path)]
    subprocess.run([program, "run", *chosen, *files], check=True, capture_output=True)
    assert_within_a_grey_level(
        np.load(tmp_path / "images.npy"), outputs_of(model, inputs_of(model))
    )


@pytest.mark.parametrize("name", [name for name in MODELS if name != "clothes"])  # One input.
def test_keras_runs_it_as_a_layer(name, exported):
    model, path = exported(name)
    inputs = inputs_of(model)
    layer = keras.layers.TFSMLayer(path, call_endpoint="serving_default")
    (array,) = inputs.values()
    images = layer(tf.constant(array))["images"].numpy()
    assert_within_a_grey_level(images, outputs_of(model, inputs))
