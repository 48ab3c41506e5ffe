"""The program that trains pix2pix, on tiny settings."""

import json

import keras
import pytest
from PIL import Image

from keras_gans_cli.held_out import is_held_out
from keras_gans_cli.pix2pix import main
from tests.backends import programs_once
from tests.cli.pictures import assert_results_came_first, write_pairs

pytestmark = programs_once

TINY = ["--image-size", "16", "--width", "2", "--batch-size", "8", "--receptive-field", "16"]
TINY += ["--held-out", "0.3"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return write_pairs(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def finished(folders, tmp_path_factory):
    """A run that was interrupted after one epoch and resumed."""
    output = tmp_path_factory.mktemp("runs") / "pix2pix"
    common = ["--source", str(folders[0]), "--target", str(folders[1]), "--output", str(output)]
    assert main([*common, *TINY, "--epochs", "1"]) == 0
    assert main(["--resume", "--output", str(output), "--epochs", "2"]) == 0
    return output


def test_everything_that_was_promised_is_there(finished):
    assert {path.name for path in finished.iterdir()} == {
        "checkpoint",
        "curves.png",
        "environment.json",
        "logs.csv",
        "model.keras",
        "samples",
        "saved_model",
        "scores.json",
        "settings.json",
    }
    assert_results_came_first(finished, "samples/animation.gif")
    with Image.open(finished / "samples" / "epoch_0002.png") as grid:
        assert grid.width > 8 * 64
        assert grid.height > 3 * 64


def test_scores_stand_beside_the_baselines(finished):
    scores = json.loads((finished / "scores.json").read_text())
    assert [row["epoch"] for row in scores["epochs"]] == [1, 2]
    assert set(scores["baselines"]) == {"copy of the input", "mean training image"}
    for values in (*scores["baselines"].values(), scores["trained"]):
        assert set(values) == {"l1_distance", "psnr", "ssim"}
    assert sum(scores["pairs"].values()) == 40
    # The last epoch's validation is the score of the trained model.
    assert scores["epochs"][-1]["val_ssim"] == pytest.approx(scores["trained"]["ssim"], abs=0.01)


def test_the_held_out_names_are_the_same_in_every_run():
    held_out = is_held_out(0.1)
    names = [f"{i}.png" for i in range(1000)]
    assert 60 < sum(held_out(name) for name in names) < 140
    assert all(held_out(name) <= is_held_out(0.3)(name) for name in names)
    assert held_out("folder/0013") == held_out("0013")


def test_of_few_images_some_are_held_out_and_some_are_not(tmp_path):
    images, _ = write_pairs(tmp_path, 6)
    names = [path.stem for path in images.iterdir()]
    for share, least, expected in ((1e-6, 1, 1), (1e-6, 2, 2), (0.9999, 2, 5)):
        held_out = is_held_out(share, images, least=least)
        assert sum(held_out(name) for name in names) == expected
    few = {name for name in names if is_held_out(1e-6, images)(name)}
    assert few < {name for name in names if is_held_out(1e-6, images, least=2)(name)}


@pytest.mark.parametrize("text", ["0", "1", "nan"])
def test_a_share_is_between_0_and_1(text, capsys):
    with pytest.raises(SystemExit):
        main(["--source", "anywhere", "--held-out", text])
    assert "expected a share between 0 and 1" in capsys.readouterr().err


def test_the_model_translates_after_loading(finished):
    model = keras.saving.load_model(finished / "model.keras")
    assert model.image_shapes[0] == (16, 16, 3)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--source", "nowhere"], "nowhere"),
        (["--image-size", "20"], "divisible by 8"),
        (["--resume"], "no run to resume"),
        (["--target", "nowhere"], "nowhere"),
    ],
)
def test_bad_input_gets_one_line_and_leaves_nothing(arguments, sentence, folders, tmp_path, capsys):
    output = tmp_path / "run"
    good = ["--source", str(folders[0]), "--target", str(folders[1]), *TINY]
    assert main([*good, "--output", str(output), *arguments]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert sentence in line
    assert not output.exists()


def test_a_file_without_a_partner_is_named(folders, tmp_path, capsys):
    a, b = write_pairs(tmp_path, 20)
    (b / "03.png").unlink()
    # Names are held out by their hash: the message comes from whichever part the file is in.
    assert main(["--source", str(a), "--target", str(b), *TINY, "--output", "never"]) == 2
    assert "03.png" in capsys.readouterr().err


def test_a_source_has_to_be_named(capsys):
    with pytest.raises(SystemExit):
        main(["--epochs", "1"])
    assert "--source" in capsys.readouterr().err
