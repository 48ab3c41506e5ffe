"""What ships is read by the oldest Keras that setup.cfg allows."""

import json
import zipfile

import pytest

from benchmarks.shipped import config_of, files, older, rewrite


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_no_shipped_network_says_what_an_older_keras_refuses(path):
    assert config_of(path) == older(config_of(path)), "Run python -m benchmarks.shipped."


def test_what_was_added_goes_where_it_says_nothing():
    config = {"layers": [{"units": 3, "quantization_config": None, "renorm": True}]}
    assert older(config) == {"layers": [{"units": 3, "renorm": True}]}


def test_weights_stay_as_they_are(tmp_path):
    path = tmp_path / "model.keras"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps({"input_axes": None, "a": 1}))
        archive.writestr("model.weights.h5", b"\0\1")
    rewrite(path)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["config.json", "model.weights.h5"]
        assert archive.read("model.weights.h5") == b"\0\1"
    assert config_of(path) == {"a": 1}
    assert [file.name for file in tmp_path.iterdir()] == ["model.keras"]
