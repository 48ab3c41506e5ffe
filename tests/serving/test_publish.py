"""Versioned folders for TensorFlow Serving."""

import os
import sys

import pytest

import keras_gans
from keras_gans.serving import publish
from keras_gans.serving.publish import add_to_config
from tests.backends import written_once
from tests.harness import cyclegan, gan

tf = pytest.importorskip("tensorflow", reason="SavedModels are written by TensorFlow")


def test_importing_the_package_is_enough():
    assert keras_gans.serving.publish is publish
    assert "serving" in keras_gans.__all__


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@written_once
def test_versions_count_on_and_none_is_overwritten(tmp_path):
    model, folder = gan(), tmp_path / "served" / "dcgan"
    assert publish(model, folder) == folder / "1"
    (folder / "9").mkdir()  # Of somebody else.
    (folder / "notes").mkdir()
    assert publish(model, folder, weights="raw").name == "10"
    with pytest.raises(FileExistsError, match="is not overwritten"):
        publish(model, folder, version=9)
    for version in (0, "3"):
        with pytest.raises(ValueError, match="Versions are 1, 2, 3"):
            publish(model, folder, version=version)
    with pytest.raises(ValueError, match="runs SavedModels, not 'onnx'"):
        publish(model, folder, format="onnx")
    with pytest.raises(TypeError, match="it was a Functional"):
        publish(model.discriminator, folder)
    for warmup in (8, (0,), (0.5,)):
        with pytest.raises(ValueError, match="warmup takes batch sizes"):
            publish(model, folder, warmup=warmup)
    assert names(folder) == ["1", "10", "9", "notes"]
    assert "generate" in tf.saved_model.load(str(folder / "10")).signatures


@written_once
def test_a_failed_version_leaves_nothing(tmp_path, monkeypatch):
    replace = os.replace

    def full(source, target):
        if target == tmp_path / "cyclegan" / "1":
            raise OSError("No space left on device")
        replace(source, target)

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(OSError, match="No space left"):
        publish(cyclegan(), tmp_path / "cyclegan")
    assert names(tmp_path / "cyclegan") == []


def test_a_version_has_what_was_asked_for(tmp_path):
    pytest.importorskip("tensorflow_serving", reason="the messages come with the extra `serving`")
    path = publish(cyclegan(), tmp_path / "cyclegan", warmup=(1,), config=True, trained_on="noise")
    assert names(path / "assets.extra") == ["tf_serving_warmup_requests"]
    assert "noise" in (path / "MODEL_CARD.md").read_text()
    assert 'base_path: "/models/cyclegan"' in (tmp_path / "model.config").read_text()


def test_a_config_names_all_models_and_keeps_what_it_says(tmp_path):
    pytest.importorskip("tensorflow_serving", reason="the messages come with the extra `serving`")
    from google.protobuf import text_format
    from tensorflow_serving.config.model_server_config_pb2 import ModelServerConfig

    path = tmp_path / "model.config"
    path.write_text('model_config_list { config { name: "a" base_path: "/elsewhere/a" } }')
    add_to_config(path, "a")
    add_to_config(path, "b")
    models = text_format.Parse(path.read_text(), ModelServerConfig()).model_config_list.config
    paths = [(model.name, model.base_path) for model in models]
    assert paths == [("a", "/elsewhere/a"), ("b", "/models/b")]
    assert models[1].model_platform == "tensorflow"


def test_the_missing_extra_is_told_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_serving.apis", None)
    with pytest.raises(ImportError, match=r"keras_gans\[serving\]"):
        publish(gan(), tmp_path / "dcgan", warmup=(1,))
    assert names(tmp_path) == []
