"""The program of semantic hashing, on tiny settings."""

import json

import keras
import numpy as np
import pytest
from PIL import Image

from applications.semantic_hashing import main
from tests.backends import shown_on_tensorflow

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


@shown_on_tensorflow("the program is the same on every backend")
def test_everything_that_was_promised_is_there_after_a_resumed_run(folder, tmp_path):
    output = tmp_path / "run"
    common = ["--data", str(folder), "--output", str(output), *TINY]
    assert main([*common, "--epochs", "1"]) == 0
    assert main([*common, "--epochs", "2", "--resume"]) == 0
    wanted = {"neighbours.png", "curves.png", "model.keras", "saved_model"}
    others = {"checkpoint", "scores.json", "settings.json"}
    assert {path.name for path in output.iterdir()} == wanted | others
    record = json.loads((output / "scores.json").read_text())
    precision = record["precision"]
    assert {*precision} == {"by codes", "by codes, not rounded", "by pixels", "by chance"}
    assert precision["by pixels"] == 1
    assert precision["by chance"] == pytest.approx(0.5, abs=0.1)
    model = keras.saving.load_model(output / "model.keras")
    assert model.encode(np.zeros((2, 8, 8, 3), "uint8")).shape == (2, 12)


def test_a_folder_without_classes_is_told(folder, tmp_path, capsys):
    arguments = ["--data", str(folder / "dark"), "--output", str(tmp_path / "run"), *TINY]
    assert main(arguments) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "folder" in line
    assert not (tmp_path / "run").exists()
