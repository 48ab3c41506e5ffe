"""The program of sparse coding, on tiny settings."""

import json

import keras
import numpy as np
import pytest

from keras_gans_cli.sparse_coding import TITLES, main, tiles
from tests.backends import programs_once
from tests.cli.pictures import write_photographs

TINY = ["--patches", "64", "--patch-size", "4", "--atoms", "6", "--batch-size", "16"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photographs")
    write_photographs(folder, count=3, side=20)
    return folder


@programs_once
def test_everything_that_was_promised_is_there_after_a_resumed_run(folder, tmp_path):
    output = tmp_path / "run"
    common = ["--data", str(folder), "--output", str(output), *TINY]
    assert main([*common, "--epochs", "1"]) == 0
    assert main([*common, "--epochs", "2", "--resume"]) == 0
    pictures = {"filters.png", "reconstructions.png", "curves.png"}
    others = {"checkpoint", "model.keras", "saved_model", "scores.json", "settings.json"}
    others |= {"environment.json"} | {f"logs_{name}.csv" for name in TITLES}
    wanted = pictures | {f"{name}.keras" for name in TITLES} | others
    assert {path.name for path in output.iterdir()} == wanted
    model = keras.saving.load_model(output / "sparse_coding.keras")
    assert model.encode(np.zeros((2, 16), "float32")).shape == (2, 6)
    record = json.loads((output / "scores.json").read_text())
    assert [row["epoch"] for row in record["sparse_coding"]] == [1, 2]
    for scores in record["scores"].values():
        assert 0 < scores["unexplained"] < 2
        assert 0 < scores["active"] <= 1
    assert record["scores"]["predictive, by its encoder"]["active"] == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["--data", "nowhere"], "nowhere"), (["--patch-size", "30"], "at least 30 x 30")],
)
def test_bad_input_gets_one_line_and_leaves_nothing(arguments, sentence, tmp_path, capsys):
    output = tmp_path / "run"
    assert main([*TINY, "--output", str(output), *arguments]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert sentence in line
    assert not output.exists()


def test_one_photograph_is_too_few(tmp_path, capsys):
    write_photographs(tmp_path / "one", count=1, side=20)
    arguments = ["--data", str(tmp_path / "one"), "--output", str(tmp_path / "run"), *TINY]
    assert main(arguments) == 2
    assert "one photograph; 2 are the least" in capsys.readouterr().err


def test_tiles_are_grey_where_patches_are_zero():
    patches = np.array([[0.0, 2.0, -2.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    flat = tiles(patches, patches, 2).reshape(2, 4).tolist()
    assert flat == [[128, 255, 0, 191], [128] * 4]
