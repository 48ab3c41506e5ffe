"""ONNX and LiteRT files, run by their own runtimes."""

import json

import keras
import numpy as np
import pytest

from keras_gans.data import to_float, to_uint8
from keras_gans.models import LatentModel
from keras_gans.samples import Symbols, Videos, Volumes
from keras_gans.serving import networks
from tests.backends import written_once
from tests.harness import cyclegan, gan, pix2pix, progressive_gan, srgan
from tests.serving.conftest import (
    assert_within_a_grey_level,
    clothes,
    esrgan,
    inputs_of,
    of_kind,
    outputs_of,
    padded_cyclegan,
    pix2pix_without_noise,
)

pytestmark = written_once
pytest.importorskip("tf2onnx", reason="the converter comes with the extra `serving`")
onnxruntime = pytest.importorskip("onnxruntime", reason="comes with the extra `serving`")
litert = pytest.importorskip(
    "ai_edge_litert.interpreter", reason="the runtime comes with the extra `serving`"
)


def run_onnx(path, inputs):
    session = onnxruntime.InferenceSession(f"{path}.onnx")
    return dict(
        zip([o.name for o in session.get_outputs()], session.run(None, inputs), strict=True)
    )


def run_litert(path, inputs):
    return litert.Interpreter(f"{path}.tflite").get_signature_runner()(**inputs)


@pytest.mark.parametrize(("format", "run"), [("onnx", run_onnx), ("litert", run_litert)])
@pytest.mark.parametrize(
    "build",
    [
        gan,
        clothes,
        progressive_gan,
        pix2pix_without_noise,
        cyclegan,
        padded_cyclegan,
        srgan,
        esrgan,
    ],
)
def test_a_file_makes_the_images_of_the_model(build, format, run, tmp_path):
    model = build()
    path = model.export(tmp_path / "networks", format=format)
    described = json.loads((path / "signature.json").read_text())
    assert (path / "MODEL_CARD.md").exists()
    for n in (1, 3):
        inputs = inputs_of(model, n)
        floats = {
            k: v if k == "labels" else keras.ops.convert_to_numpy(to_float(v))
            for k, v in inputs.items()
        }
        for name, sides in described.items():
            outputs = run(path / name, floats)
            assert set(outputs) == set(sides["outputs"])
            assert set(floats) == set(sides["inputs"])
            direction = None if isinstance(model, LatentModel) else name
            (images,) = outputs.values()
            assert_within_a_grey_level(to_uint8(images), outputs_of(model, inputs, direction))


@pytest.mark.parametrize(("format", "run"), [("onnx", run_onnx), ("litert", run_litert)])
@pytest.mark.parametrize("kind", [Symbols("ab c"), Videos(), Volumes()])
def test_samples_go_through_a_file_as_the_networks_have_them(kind, format, run, tmp_path):
    model = of_kind(kind)
    path = model.export(tmp_path / "networks", format=format)
    described = json.loads((path / "signature.json").read_text())
    latents = model.draw_latents(3, seed=1)
    expected = keras.ops.convert_to_numpy(model(latents))
    made = run(path / "from_latents", {"latents": latents})[kind.name]
    np.testing.assert_allclose(made, expected, atol=1e-5)
    fact = {"dtype": "float32", "shape": [None, *expected.shape[1:]]}
    assert described["from_latents"]["outputs"] == {kind.name: fact}
    assert described["recode"]["inputs"] == {kind.name: fact}
    (made,) = run(path / "recode", {kind.name: expected}).values()
    means = expected.reshape(3, -1).mean(1, keepdims=True)
    np.testing.assert_allclose(made, keras.ops.convert_to_numpy(model(means)), atol=1e-5)


def test_what_does_not_convert_says_so(tmp_path, monkeypatch):
    for format in ("onnx", "litert"):
        with pytest.raises(ValueError, match=f"Pix2Pix does not convert to {format}: .* noise"):
            pix2pix().export(tmp_path / "never", format=format)
    for wrong, what in ((np.ones((2, 16, 16, 1)), "differ"), (np.ones((1, 2, 16, 16, 1)), "shape")):
        monkeypatch.setattr(
            networks, "run_onnx", lambda file, inputs, wrong=wrong: {"images": wrong}
        )
        sentence = f"from_latents does not convert to onnx: its images .*{what}"
        with pytest.raises(ValueError, match=sentence):
            gan().export(tmp_path / "never", format="onnx")
    assert list(tmp_path.iterdir()) == []


def test_an_output_that_was_not_squeezed_is_converted_again(tmp_path, monkeypatch):
    real, calls = networks.run_onnx, []

    def forgetful(file, inputs):
        calls.append(file)
        images = real(file, inputs)
        return {"images": images["images"][None]} if len(calls) == 1 else images

    monkeypatch.setattr(networks, "run_onnx", forgetful)
    path = gan().export(tmp_path / "networks", format="onnx")
    assert len(calls) == 2
    assert set(json.loads((path / "signature.json").read_text())) == {"from_latents"}
