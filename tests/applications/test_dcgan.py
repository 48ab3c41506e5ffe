"""The main job, on tiny settings."""

import json
import shutil

import pytest

from applications.dcgan import main
from tests.applications.pictures import assert_results_came_first, write_pictures

TINY = ["--image-size", "16", "--width", "2", "--epochs", "2", "--batch-size", "8"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of a few pictures."""
    return write_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def finished(folder, tmp_path_factory):
    """A run that was interrupted after one epoch and resumed."""
    output = tmp_path_factory.mktemp("runs") / "dcgan"
    common = ["--data", str(folder), "--output", str(output), *TINY]
    assert main([*common, "--epochs", "1"]) == 0
    assert main([*common, "--resume"]) == 0
    return output


def test_everything_that_was_promised_is_there(finished):
    names = {path.name for path in finished.iterdir()}
    assert names == {
        "checkpoint",
        "curves.png",
        "model.keras",
        "samples",
        "saved_model",
        "scores.json",
        "settings.json",
    }
    assert (finished / "samples" / "animation.gif").exists()
    assert (finished / "samples" / "epoch_0002.png").exists()
    assert_results_came_first(finished, "samples/animation.gif")


def test_the_scores_of_every_epoch_stand_beside_their_protocol(finished):
    scores = json.loads((finished / "scores.json").read_text())
    assert [row["epoch"] for row in scores["epochs"]] == [1, 2]
    name = scores["score"]
    assert scores["trained"] == pytest.approx(scores["epochs"][-1][name])
    assert min(scores["untrained"], scores["real_against_real"]) > 0
    assert scores["protocol"]["extractor"] == "fashion_mnist"
    assert scores["protocol"]["num_real"] == scores["protocol"]["num_fake"] > 0


def test_the_card_of_the_export_says_what_it_was_trained_on_and_how_good_it_is(finished, folder):
    card = (finished / "saved_model" / "MODEL_CARD.md").read_text()
    assert f"| trained on | {folder} |" in card
    score = json.loads((finished / "scores.json").read_text())["trained"]
    assert f"| frechet_fashion_mnist | {score:.6g} |" in card


def test_the_model_loads_and_generates(finished):
    import keras

    model = keras.saving.load_model(finished / "model.keras")
    assert model.generate(2, seed=0).shape == (2, 16, 16, 3)


def test_a_resumed_run_is_the_straight_one(finished, folder, tmp_path):
    assert main(["--data", str(folder), "--output", str(tmp_path / "run"), *TINY]) == 0
    straight, resumed = (
        json.loads((path / "scores.json").read_text()) for path in (tmp_path / "run", finished)
    )
    assert straight == resumed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--data", "nowhere"], "nowhere"),
        (["--image-size", "48"], "power of two"),
        (["--resume"], "no run to resume"),
    ],
)
def test_bad_input_gets_one_line_and_leaves_nothing(arguments, sentence, tmp_path, capsys):
    output = tmp_path / "run"
    assert main([*TINY, "--output", str(output), *arguments]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert sentence in line
    assert not output.exists()


def test_a_run_of_another_kind_is_not_touched(finished, folder, tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(finished, copy)
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
    common = ["--data", str(folder), "--output", str(copy), *TINY]
    assert main(common) == 2
    assert "--resume" in capsys.readouterr().err
    assert main([*common, "--resume", "--seed", "5"]) == 2
    assert "--seed 0, not 5" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before


def test_other_images_than_clothes_are_told_what_the_score_is_worth(folder, tmp_path, capsys):
    arguments = ["--data", str(folder), "--output", str(tmp_path / "run"), *TINY]
    assert main([*arguments, "--epochs", "1"]) == 0
    said = capsys.readouterr().out
    n = len(list(folder.iterdir()))
    steps = -(-n // 8)
    assert said.count("a classifier of clothes, which do not fit other images") == 2
    assert f"this run makes {steps}. For as many: --epochs {-(-1500 // steps)}." in said
    assert f"after {steps} steps, when pictures have hardly emerged" in said


@pytest.mark.parametrize("arguments", [["--epochs", "0"], ["--seed", "-1"], ["--batch-size", "x"]])
def test_wrong_numbers_are_told_by_the_parser(arguments):
    with pytest.raises(SystemExit) as exit_status:
        main(arguments)
    assert exit_status.value.code == 2
