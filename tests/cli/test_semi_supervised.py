"""The program that learns from images of which few have a label, on tiny settings."""

import json
import shutil

import keras
import numpy as np
import pytest

from keras_gans_cli.semi_supervised import entrants_of, main, options_of, table, with_labels_of
from tests.backends import programs_once
from tests.cli.pictures import assert_results_came_first, write_classes

pytestmark = programs_once

TINY = ["--image-size", "8", "--width", "2", "--batch-size", "8", "--known", "4"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of pictures whose sub-folders are their classes."""
    return write_classes(tmp_path_factory.mktemp("classes"))


@pytest.fixture(scope="module")
def finished(folder, tmp_path_factory):
    """A run of one epoch."""
    output = tmp_path_factory.mktemp("runs") / "semi_supervised"
    assert main(["--data", str(folder), "--output", str(output), *TINY, "--epochs", "1"]) == 0
    return output


def test_everything_that_was_promised_is_there(finished):
    made = {"errors.md", "curves.png", "told.png", "samples.png", "environment.json"}
    made |= {"logs_gan_4.csv", "logs_alone_4.csv"}
    results = {"model.keras", "saved_model", "checkpoint", "scores.json", "settings.json"}
    assert {path.name for path in finished.iterdir()} == made | results
    assert_results_came_first(finished, "samples.png")
    model = keras.saving.load_model(finished / "model.keras")
    assert model.class_names == ("cat", "dog")
    assert model.classify(np.zeros((2, 8, 8, 3), "uint8")).shape == (2,)


def test_the_table_says_what_was_measured(finished):
    errors = json.loads((finished / "scores.json").read_text())["errors"]
    lines = (finished / "errors.md").read_text().splitlines()
    assert lines[0] == "| labels known | images with labels alone | all 39 images |"
    record = json.loads((finished / "scores.json").read_text())
    for name in ("gan", "alone"):  # What is drawn is what is written.
        validated = record[f"{name}_4"][-1]["val_accuracy"]
        assert validated == pytest.approx(1 - errors["4"][name], abs=1e-6)
    assert lines[2:] == [f"| 4 | {errors['4']['alone']:.1%} | {errors['4']['gan']:.1%} |"]
    card = (finished / "saved_model" / "MODEL_CARD.md").read_text()
    assert f"| held_out_error | {errors['4']['gan']:.6g} |" in card
    two = {"7": {"alone": 0.25, "gan": 0.125}, "all": {"alone": 0.5, "gan": 0.0}}
    assert table(two, {"7": 7, "all": 1000}, 1000)[2:] == [
        "| 7 | 25.0% | 12.5% |",
        "| 1,000 | 50.0% | 0.0% |",
    ]


def test_a_resumed_run_is_the_straight_one(finished, folder, tmp_path):
    shutil.copytree(finished, tmp_path / "resumed")
    for name, more in (("resumed", ["--resume"]), ("straight", [])):
        output = ["--output", str(tmp_path / name), "--epochs", "2"]
        assert main(["--data", str(folder), *TINY, *output, *more]) == 0
    straight, resumed = (
        json.loads((tmp_path / name / "scores.json").read_text())
        for name in ("straight", "resumed")
    )
    assert straight == resumed


def test_both_begin_with_the_same_classifier():
    gan, alone = entrants_of((8, 8, 1), ["cat", "dog"], 2, seed=0)
    begun = [w for layer in alone.layers for w in layer.get_weights()]
    assert len(begun) == 10
    for weight, other in zip(begun, gan.classifier.get_weights(), strict=True):
        np.testing.assert_array_equal(weight, other)


def test_what_is_known_comes_in_order():
    assert options_of(["--known", "all", "1000", "100"]).known == [100, 1000, "all"]


def test_as_many_labels_of_each_class_are_known():
    labels = np.array([0, 1, 0, -1, 1, 0, 1], "int32")
    assert with_labels_of(labels, 5, 2).tolist() == [0, 1, 0, -1, 1, -1, -1]
    assert with_labels_of(labels, "all", 2) is labels


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--known", "1"], "--known 1 is 0 of each of the 2 classes, and there are "),
        (["--known", "400"], "--known 400 is 200 of each of the 2 classes"),
        (["--batch-size", "1"], "--batch-size is 2 or more"),
        (["--data", "nowhere"], "nowhere"),
        (["--resume"], "no run to resume"),
    ],
)
def test_bad_input_gets_one_line_and_leaves_nothing(arguments, sentence, folder, tmp_path, capsys):
    output = tmp_path / "run"
    assert main(["--data", str(folder), *TINY, "--output", str(output), *arguments]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert sentence in line
    assert not output.exists()
