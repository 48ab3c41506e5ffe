"""The program of autoencoders, on tiny settings."""

import json

import keras
import pytest

from keras_gans_cli.autoencoders import TITLES, main
from tests.backends import programs_once
from tests.cli.pictures import write_pictures

pytestmark = programs_once

TINY = ["--image-size", "8", "--width", "4", "--epochs", "2", "--batch-size", "16"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def finished(folder, tmp_path_factory):
    """A run that was interrupted after one epoch and resumed."""
    output = tmp_path_factory.mktemp("runs") / "autoencoders"
    common = ["--data", str(folder), "--output", str(output), *TINY]
    assert main([*common, "--epochs", "1"]) == 0
    assert main([*common, "--resume"]) == 0
    return output


def test_everything_that_was_promised_is_there(finished):
    pictures = ("reconstructions", "restored", "samples", "manifold", "curves")
    wanted = {f"{name}.png" for name in pictures} | {f"{name}.keras" for name in TITLES}
    others = {"checkpoint", "model.keras", "saved_model", "scores.json", "settings.json"}
    others |= {"environment.json"} | {f"logs_{name}.csv" for name in TITLES}
    assert {path.name for path in finished.iterdir()} == wanted | others
    model = keras.saving.load_model(finished / "two_latents.keras")
    assert model.generate(2, seed=0).shape == (2, 8, 8, 3)


def test_a_resumed_run_is_the_straight_one(finished, folder, tmp_path):
    assert main(["--data", str(folder), "--output", str(tmp_path / "run"), *TINY]) == 0
    straight, resumed = (
        json.loads((path / "scores.json").read_text()) for path in (tmp_path / "run", finished)
    )
    assert straight == resumed
    assert {"corrupted images", "the mean image", *TITLES.values()} == {*straight["errors"]}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [(["--data", "nowhere"], "nowhere"), (["--resume"], "no run to resume")],
)
def test_bad_input_gets_one_line_and_leaves_nothing(arguments, sentence, tmp_path, capsys):
    output = tmp_path / "run"
    assert main([*TINY, "--output", str(output), *arguments]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert sentence in line
    assert not output.exists()
