"""The program of semantic hashing, on tiny settings."""

import json

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans_cli.semantic_hashing import main
from tests.backends import programs_once

TINY = ["--image-size", "8", "--width", "8", "--bits", "12", "--batch-size", "16"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Twenty dark and twenty bright pictures."""
    folder, rng = tmp_path_factory.mktemp("pictures"), np.random.default_rng(0)
    for label, low in (("dark", 0), ("bright", 200)):
        (folder / label).mkdir()
        for i in range(20):
            pixels = rng.integers(low, low + 56, (8, 8, 3), dtype="uint8")
            Image.fromarray(pixels).save(folder / label / f"{i}.png")
    return folder


@programs_once
def test_everything_that_was_promised_is_there_after_a_resumed_run(folder, tmp_path):
    output = tmp_path / "run"
    common = ["--data", str(folder), "--output", str(output), *TINY]
    assert main([*common, "--epochs", "1"]) == 0
    assert main([*common, "--epochs", "2", "--resume"]) == 0
    wanted = {"neighbours.png", "curves.png", "model.keras", "saved_model"}
    others = {"checkpoint", "environment.json", "logs.csv", "scores.json", "settings.json"}
    assert {path.name for path in output.iterdir()} == wanted | others
    record = json.loads((output / "scores.json").read_text())
    precision = record["precision"]
    assert {*precision} == {"by codes", "by codes, not rounded", "by pixels", "by chance"}
    assert precision["by pixels"] == 1
    assert precision["by chance"] == pytest.approx(0.5, abs=0.1)
    model = keras.saving.load_model(output / "model.keras")
    assert model.encode(np.zeros((2, 8, 8, 3), "uint8")).shape == (2, 12)


def refused(arguments, tmp_path, capsys):
    assert main([*TINY, "--output", str(tmp_path / "run"), *arguments]) == 2
    assert not (tmp_path / "run").exists()
    (line,) = capsys.readouterr().err.strip().splitlines()
    return line


def test_a_folder_without_classes_is_told(folder, tmp_path, capsys):
    assert "folder" in refused(["--data", str(folder / "dark")], tmp_path, capsys)


def test_images_without_a_label_are_told(folder, tmp_path, capsys):
    file = tmp_path / "labels.json"
    file.write_text(json.dumps({f"dark/{i}.png": "dark" for i in range(20)}))
    line = refused(["--data", str(folder), "--labels", str(file)], tmp_path, capsys)
    assert "Each image needs one label" in line


def test_too_few_images_are_told(tmp_path, capsys):
    for label in ("grey", "black"):
        (tmp_path / "few" / label).mkdir(parents=True)
        for i in range(5):
            Image.new("RGB", (8, 8)).save(tmp_path / "few" / label / f"{i}.png")
    line = refused(["--data", str(tmp_path / "few")], tmp_path, capsys)
    assert "holds 10 images; 11 are the least" in line
