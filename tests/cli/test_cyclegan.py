"""The program that trains CycleGAN, on tiny settings."""

import json

import pytest

from keras_gans_cli.cyclegan import main
from tests.backends import programs_once
from tests.cli.pictures import assert_results_came_first, write_pairs

pytestmark = programs_once

TINY = ["--image-size", "16", "--width", "2", "--blocks", "1", "--batch-size", "8"]
TINY += ["--receptive-field", "16", "--held-out", "0.3"]


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run that was interrupted after one epoch and resumed."""
    a, b = write_pairs(tmp_path_factory.mktemp("pictures"))
    output = tmp_path_factory.mktemp("runs") / "cyclegan"
    common = ["--source", str(a), "--target", str(b), "--output", str(output)]
    assert main([*common, *TINY, "--epochs", "1"]) == 0
    # Its learning rates fall over twice as many steps then, which is told.
    with pytest.warns(UserWarning, match=r"generator\.learning_rate\.decay_steps 4, where .* 2"):
        assert main(["--resume", "--output", str(output), "--epochs", "2"]) == 0
    return output


def test_everything_that_was_promised_is_there(finished):
    assert {path.name for path in finished.iterdir()} == {
        "a_to_b",
        "b_to_a",
        "checkpoint",
        "curves.png",
        "environment.json",
        "logs.csv",
        "model.keras",
        "saved_model",
        "scores.json",
        "settings.json",
    }
    assert_results_came_first(finished, "a_to_b/animation.gif")
    assert (finished / "b_to_a" / "epoch_0002.png").exists()


def test_partners_are_compared_where_there_are_some(finished):
    scores = json.loads((finished / "scores.json").read_text())
    assert set(scores["trained"]) == set(scores["baselines"]["copy of the input"])
    assert scores["epochs"][-1]["val_cycle"] > 0


def test_folders_without_partners_train(tmp_path, capsys):
    a, b = write_pairs(tmp_path, 20)
    for path in list(b.iterdir()):
        path.rename(b / f"other_{path.name}")
    common = ["--source", str(a), "--target", str(b), "--output", str(tmp_path / "run")]
    assert main([*common, *TINY, "--epochs", "1"]) == 0
    assert "to the partners" not in capsys.readouterr().out
    assert "trained" not in json.loads((tmp_path / "run" / "scores.json").read_text())


def test_both_folders_have_to_be_named(capsys):
    with pytest.raises(SystemExit):
        main(["--source", "somewhere"])
    assert "--target" in capsys.readouterr().err
