"""The program that trains super-resolution and enlarges photographs, on tiny settings."""

import json

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans_cli.super_resolution import main, options_of
from keras_gans_cli.super_resolution import photographs as photographs_of
from tests.backends import programs_once
from tests.cli.pictures import write_photographs

pytestmark = programs_once

TINY = ["--scale", "2", "--blocks", "1", "--width", "2", "--patch-size", "16", "--patches", "2"]
TINY += ["--batch-size", "4", "--held-out", "0.3"]


@pytest.fixture(scope="module")
def photographs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("photographs")
    write_photographs(folder, count=12, side=36)
    return folder


@pytest.fixture(scope="module")
def finished(photographs, tmp_path_factory):
    """A run that was stopped after an epoch of each stage and resumed."""
    output = tmp_path_factory.mktemp("runs") / "super_resolution"
    common = ["--train", str(photographs), "--output", str(output), *TINY]
    assert main([*common, "--epochs", "2", "--gan-epochs", "1"]) == 0
    assert main(["--resume", "--output", str(output), "--gan-epochs", "2"]) == 0
    return output


def test_everything_that_was_promised_is_there(finished):
    assert {
        "before_and_after.png",
        "checkpoint",
        "curves.png",
        "first_stage.keras",
        "model.keras",
        "saved_model",
        "scores.json",
        "settings.json",
    } <= {path.name for path in finished.iterdir()}
    record = json.loads((finished / "scores.json").read_text())
    assert [row["epoch"] for row in record["first_stage_epochs"]] == [1, 2]
    assert [row["epoch"] for row in record["second_stage_epochs"]] == [1, 2]
    for stage in ("bicubic", "first_stage", "second_stage"):
        assert set(record[stage]) == {"psnr_y", "ssim_y"}


def test_the_second_stage_began_with_the_first(finished):
    first = keras.saving.load_model(finished / "first_stage.keras")
    model = keras.saving.load_model(finished / "model.keras")
    weights = zip(first.trainable_weights, model.generator.trainable_weights, strict=True)
    to_numpy = keras.ops.convert_to_numpy
    moved = [np.abs(to_numpy(a) - to_numpy(b)).max() for a, b in weights]
    assert 0 < max(moved) < 0.01


def test_photographs_are_enlarged_in_their_own_size(finished, photographs, tmp_path):
    arguments = ["--model", str(finished / "model.keras"), "--output", str(tmp_path / "out")]
    assert main(["--upscale", str(photographs), *arguments]) == 0
    with Image.open(tmp_path / "out" / "03.png") as image:
        assert image.size == (2 * 43, 2 * 42)
    arguments[-1] = str(tmp_path / "one")
    assert main(["--upscale", str(photographs / "03.png"), *arguments]) == 0
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["03.png"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--train", "nowhere"], "nowhere"),
        (["--upscale", "nowhere", "--model", "m.keras"], "nowhere"),
        (["--resume"], "no run to resume"),
    ],
)
def test_bad_input_gets_one_line(arguments, sentence, tmp_path, capsys):
    assert main([*arguments, "--output", str(tmp_path / "never")]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert sentence in line
    assert not (tmp_path / "never").exists()


@pytest.mark.parametrize("arguments", [[], ["--train", "a", "--upscale", "b"], ["--upscale", "a"]])
def test_what_to_do_has_to_be_said(arguments):
    with pytest.raises(SystemExit):
        main(arguments)


def test_of_a_few_photographs_one_is_held_out(tmp_path):
    """None of these names falls to a tenth by itself, and all fall to nearly all."""
    write_photographs(tmp_path / "few", count=6, side=36)
    for share in ("0.1", "0.999"):
        options = ["--train", str(tmp_path / "few"), *TINY, "--held-out", share]
        training, validation = photographs_of(options_of(options))
        assert len(training.pairs) + len(validation.pairs) == 6
        assert len(validation.pairs) == (1 if share == "0.1" else 5)


def test_one_photograph_alone_is_told(tmp_path, capsys):
    write_photographs(tmp_path / "one", count=1, side=36)
    assert main(["--train", str(tmp_path / "one"), "--output", str(tmp_path / "never")]) == 2
    assert "one holds 1 images, and at least 2 are needed" in capsys.readouterr().err
    assert not (tmp_path / "never").exists()
