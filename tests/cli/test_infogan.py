"""The program that finds categories and styles without labels, on tiny settings."""

import json

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans_cli.infogan import main
from keras_gans_cli.scores import cluster_accuracy
from tests.backends import programs_once
from tests.cli.pictures import assert_results_came_first, write_classes

pytestmark = programs_once

TINY = ["--image-size", "16", "--width", "2", "--epochs", "2", "--batch-size", "8"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of pictures whose sub-folders are their classes."""
    return write_classes(tmp_path_factory.mktemp("classes"))


@pytest.fixture(scope="module")
def finished(folder, tmp_path_factory):
    """A run that was interrupted after one epoch and resumed."""
    output = tmp_path_factory.mktemp("runs") / "infogan"
    numbers = ["--categories", "3", "--continuous", "1"]
    common = ["--data", str(folder), "--labels", *numbers, *TINY, "--output", str(output)]
    assert main([*common, "--epochs", "1"]) == 0
    assert main([*common, "--resume"]) == 0
    return output


def test_there_is_a_picture_of_each_code(finished):
    names = {path.name for path in (finished / "codes").iterdir()}
    assert names == {"category.png", "style_0.png"}
    for name, rows, columns in (("category", 3, 10), ("style_0", 9, 3)):
        with Image.open(finished / "codes" / f"{name}.png") as picture:
            assert picture.height == 4 * (rows * (16 + 2) + 2)
            assert picture.width > 4 * (columns * (16 + 2) + 2)  # Words stand before the images.
    assert (finished / "samples" / "epoch_0002.png").exists()
    assert_results_came_first(finished, "codes/category.png", "samples/animation.gif")


def test_labels_only_say_afterwards_what_the_categories_are(finished, capsys):
    scores = json.loads((finished / "scores.json").read_text())
    assert [row["epoch"] for row in scores["epochs"]] == [1, 2]
    model = keras.saving.load_model(finished / "model.keras")
    assert model.conditions == {}
    assert 0.5 <= scores["cluster_accuracy"] <= 1
    card = (finished / "saved_model" / "MODEL_CARD.md").read_text()
    assert f"| cluster_accuracy | {scores['cluster_accuracy']:.6g} |" in card


def test_without_labels_it_finds_the_same(finished, folder, tmp_path, capsys):
    numbers = ["--categories", "3", "--continuous", "1"]
    output = ["--output", str(tmp_path / "run")]
    assert main(["--data", str(folder), *numbers, *TINY, *output]) == 0
    assert "What images tell of their category: " in capsys.readouterr().out
    scores = json.loads((tmp_path / "run" / "scores.json").read_text())
    with_labels = json.loads((finished / "scores.json").read_text())
    assert "cluster_accuracy" not in scores
    assert scores["epochs"] == with_labels["epochs"]


def test_what_it_exports_recognizes_codes(finished):
    import tensorflow as tf

    exported = tf.saved_model.load(finished / "saved_model")
    images = np.zeros((2, 16, 16, 3), "uint8")
    codes = exported.signatures["recognize"](images=tf.constant(images))
    assert {name: code.shape for name, code in codes.items()} == {"category": (2,), "style": (2, 1)}
    made = exported.signatures["generate"](num_images=tf.constant(2), seed=tf.constant(7, tf.int64))
    assert made["images"].shape == (2, 16, 16, 3)


def test_clusters_are_scored_by_a_majority_vote():
    clusters = np.array([3, 3, 3, 0, 0, 7])
    labels = np.array([1, 1, 0, 1, 1, 2])
    assert cluster_accuracy(clusters, labels) == pytest.approx(5 / 6)
    assert cluster_accuracy(np.zeros(6, int), labels) == pytest.approx(4 / 6)
