"""The program that grows, on tiny settings."""

import json

import pytest

from keras_gans_cli.progressive import main, options_of
from tests.backends import programs_once
from tests.cli.pictures import assert_results_came_first, write_pictures

pytestmark = programs_once

TINY = ["--recipe", "small", "--image-size", "16", "--epochs", "4"]
TINY += ["--images-per-epoch", "48", "--fade-images", "40", "--stabilise-images", "40"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of a few pictures."""
    return write_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def finished(folder, tmp_path_factory):
    """A run that was interrupted in the middle of a fade and resumed."""
    output = tmp_path_factory.mktemp("runs") / "progressive"
    common = ["--data", str(folder), "--output", str(output), *TINY]
    assert main([*common, "--epochs", "2"]) == 0
    assert main([*common, "--resume"]) == 0
    return output


def test_everything_that_was_promised_is_there(finished):
    assert {path.name for path in finished.iterdir()} == {
        "checkpoint",
        "curves.png",
        "environment.json",
        "growth",
        "logs.csv",
        "model.keras",
        "samples",
        "saved_model",
        "scores.json",
        "settings.json",
    }
    assert_results_came_first(finished, "samples/animation.gif", "growth/strip.png")
    assert (finished / "growth" / "strip.png").exists()
    assert (finished / "samples" / "animation.gif").exists()


def test_the_scores_of_every_epoch_stand_beside_those_of_real_images(finished):
    scores = json.loads((finished / "scores.json").read_text())
    assert [row["resolution"] for row in scores["epochs"]] == [4, 8, 16, 16]
    assert [row["alpha"] for row in scores["epochs"]] == pytest.approx([1.0, 1.0, 0.6, 1.0])
    assert scores["compared_images"] == 12
    for name, baseline in scores["real_against_real"].items():
        assert baseline > 0
        assert all(row[name] > 0 for row in scores["epochs"])


def test_the_model_loads_and_generates_every_resolution(finished):
    import keras

    model = keras.saving.load_model(finished / "model.keras")
    for side in (4, 8, 16):
        assert model.generate(2, seed=0, resolution=side).shape == (2, side, side, 3)


def test_images_of_ones_own_have_the_recipe_of_the_paper():
    options = options_of(["--data", "photos", "--image-size", "1024"])
    assert (options.recipe, options.channels) == ("paper", 3)
    assert options.epochs * options.images_per_epoch == 12_000_000
    assert (options.fade_images, options.stabilise_images) == (600_000, 600_000)
    options = options_of([])
    assert (options.recipe, options.channels) == ("small", 1)
    assert options_of(["--epochs", "3"]).epochs == 3
    assert (options.flip, options_of(["--flip"]).flip) == (False, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--data", "nowhere"], "nowhere"),
        (["--image-size", "48"], "power of two"),
        (["--image-size", "8"], "power of two from 16"),
        (["--resume"], "no run to resume"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(arguments, sentence, tmp_path, capsys):
    output = tmp_path / "run"
    assert main(["--output", str(output), *arguments]) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1
    assert not output.exists()
