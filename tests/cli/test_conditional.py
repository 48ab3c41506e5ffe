"""Three ways to make images of a class, on tiny settings."""

import json

import keras
import pytest
from PIL import Image

from keras_gans_cli.conditional import PRESETS, main, options_of
from tests.backends import programs_once, shown_on_tensorflow
from tests.cli.pictures import write_classes

TINY = ["--image-size", "16", "--width", "2", "--epochs", "2", "--batch-size", "8"]


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    """A folder of pictures whose sub-folders are their classes."""
    return write_classes(tmp_path_factory.mktemp("classes"))


@programs_once
@pytest.mark.parametrize("way", PRESETS)
def test_each_way_makes_images_of_the_classes_that_folders_are_named_after(way, classes, tmp_path):
    output = tmp_path / "run"
    assert main(["--by", way, "--data", str(classes), "--output", str(output), *TINY]) == 0
    model = keras.saving.load_model(output / "model.keras")
    assert model.name == PRESETS[way]
    assert model.generate(labels=["dog", "cat", "dog"], seed=0).shape == (3, 16, 16, 3)
    with Image.open(output / "samples" / "epoch_0002.png") as picture:
        # Two rows of eight images of 16 pixels, the names of their classes at the left.
        assert picture.width > 8 * 16 + 40
    assert (output / "curves.png").exists()


@shown_on_tensorflow("exact resuming is tested on each backend by the harness")
def test_a_resumed_run_of_an_acgan_is_the_straight_one(classes, tmp_path, capsys):
    common = ["--by", "auxiliary", "--data", str(classes), *TINY]
    outputs = [["--output", str(tmp_path / name)] for name in ("straight", "resumed")]
    assert main([*common, *outputs[0]]) == 0
    assert main([*common, *outputs[1], "--epochs", "1"]) == 0
    assert main(["--by", "projection", "--resume", *outputs[1]]) == 2
    assert "has --by auxiliary, not projection" in capsys.readouterr().err
    assert main(["--resume", "--epochs", "2", *outputs[1]]) == 0
    straight, resumed = (
        json.loads((tmp_path / name / "scores.json").read_text())
        for name in ("straight", "resumed")
    )
    for row, expected in zip(resumed.pop("epochs"), straight["epochs"], strict=True):
        assert row == pytest.approx(expected, rel=1e-6)
    assert resumed.items() < straight.items()
    assert 0 <= straight["epochs"][-1]["fake_accuracy"] <= 1


@shown_on_tensorflow("a classifier is the same on every backend")
def test_a_classifier_says_how_many_samples_are_what_was_asked_for(tmp_path, capsys):
    arguments = ["--by", "projection", "--epochs", "1", "--batch-size", "1000"]
    assert main([*TINY, *arguments, "--output", str(tmp_path / "run")]) == 0
    scores = json.loads((tmp_path / "run" / "scores.json").read_text())
    assert 0 <= scores["recognized"] < 0.5 < scores["recognized_real"] < 1
    assert f"recognizes {scores['recognized']:.1%} of its samples" in capsys.readouterr().out


def test_labels_are_learnt_without_being_asked_for():
    assert options_of([]).labels == "label"
    assert options_of(["--data", "clothes"]).labels == "folders"
    assert [options_of(["--by", way]).epochs for way in PRESETS] == [12, 16, 12]
    assert options_of(["--data", "clothes", "--labels", "kinds.csv"]).labels == "kinds.csv"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--data", "nowhere"], "nowhere"),
        (["--labels", "nowhere.csv"], "nowhere.csv"),
        (["--resume"], "no run to resume"),
    ],
)
def test_bad_input_gets_one_line_and_leaves_nothing(arguments, sentence, tmp_path, capsys):
    output = tmp_path / "run"
    assert main([*TINY, "--output", str(output), *arguments]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert sentence in line
    assert not output.exists()


def test_images_without_a_class_are_told(classes, tmp_path, capsys):
    table = tmp_path / "labels.csv"
    rows = [f"{name}/{i}.png,{3 * k}\n" for k, name in enumerate(("cat", "dog")) for i in range(24)]
    table.write_text("file,label\n" + "".join(rows))
    arguments = [*TINY, "--data", str(classes), "--output", str(tmp_path / "run")]
    assert main([*arguments, "--labels", str(table)]) == 2
    assert "2 different labels, and the largest is 3" in capsys.readouterr().err
    table.write_text("file,label\n" + "".join(rows[1:]))
    assert main([*arguments, "--labels", str(table)]) == 2
    assert "1 of 48 images have no label" in capsys.readouterr().err
