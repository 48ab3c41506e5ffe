"""`keras-gans`: what one command writes the next one takes."""

import csv
import json

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.data.folders import read_image
from keras_gans_cli.__main__ import main
from keras_gans_cli.commands import COMMANDS, TRAINED
from keras_gans_cli.generate import columns_of
from tests.backends import programs_once
from tests.browsers import in_a_browser, opened_browser
from tests.cli.pictures import write_classes

pytestmark = programs_once

TINY = ["--image-size", "16", "--width", "2", "--epochs", "1", "--batch-size", "8"]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a run of `train dcgan` on two classes."""
    folder = tmp_path_factory.mktemp("commands")
    (folder / "<b>classes").mkdir()
    data = write_classes(folder / "<b>classes")
    arguments = ["--labels", "--data", str(data), "--output", str(folder / "run"), *TINY]
    arguments += ["--tensorboard"]
    assert main(["train", "dcgan", *arguments]) == 0
    return folder / "run"


def arrays(folder):
    return {f"{p.relative_to(folder)}": np.asarray(Image.open(p)) for p in folder.rglob("*.png")}


# The words.


@pytest.mark.parametrize("words", [[], ["train"]])
def test_without_a_word_one_is_told_which_there_are(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    said = capsys.readouterr().out
    for name in TRAINED if words else ["train", *COMMANDS]:
        assert f"\n  {name} " in said
    assert len(said.splitlines()) <= 24


@pytest.mark.parametrize("words", [["dance"], ["train", "dance"]])
def test_another_word_is_refused(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "invalid choice: 'dance'" in capsys.readouterr().err


def test_the_version_is_said(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip().count(".") == 2


@pytest.mark.parametrize(
    "words", [[name] for name in COMMANDS] + [["train", name] for name in TRAINED], ids=" ".join
)
def test_every_command_has_help_that_calls_it_by_its_name(words, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert said.startswith(f"usage: keras-gans {' '.join(words)} ")
    assert "[options]" in said or len(words) == 1
    assert "runs/" not in said or f"runs/{words[-1].replace('-', '_')})" in said


# A run.


def test_a_run_says_in_which_environment_it_was_made(run):
    said = json.loads((run / "environment.json").read_text())
    assert said["keras"] == keras.__version__
    assert said["backend"].startswith(keras.backend.backend())
    assert said["devices"] and said["python"] and said["machine"]


def test_the_logs_are_a_table_too(run):
    with (run / "logs.csv").open() as file:
        rows = [*csv.DictReader(file)]
    history = json.loads((run / "scores.json").read_text())["epochs"]
    assert [{k: float(v) for k, v in row.items()} for row in rows] == history


def test_logs_for_tensorboard_are_written_where_they_are_asked_for(run):
    (events,) = (run / "tensorboard" / "epochs" / "train").iterdir()
    assert b"discriminator_loss" in events.read_bytes()


def test_the_settings_of_a_run_make_it_again_bit_for_bit(run, tmp_path):
    config = ["--config", str(run / "settings.json")]
    assert main(["train", "dcgan", *config, "--output", str(tmp_path / "again")]) == 0
    one, other = (
        keras.saving.load_model(folder / "model.keras").get_weights()
        for folder in (run, tmp_path / "again")
    )
    for mine, theirs in zip(one, other, strict=True):
        np.testing.assert_array_equal(mine, theirs)
    settings = [(folder / "settings.json").read_text() for folder in (run, tmp_path / "again")]
    assert settings[0] == settings[1]


def test_settings_of_another_program_are_told(run, tmp_path, capsys):
    (tmp_path / "list.json").write_text("[]")
    for config, sentence in (
        (run / "settings.json", "is of another program: this one has no"),
        (run / "curves.png", "curves.png holds no settings"),
        (tmp_path / "list.json", "expected a JSON object of options"),
    ):
        arguments = ["--config", str(config), "--output", str(tmp_path / "out")]
        assert main(["train", "autoencoders", *arguments]) == 2
        assert sentence in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# What is made of it.


def test_images_of_each_class_are_written_into_a_folder_of_its_name(run, tmp_path, capsys):
    assert main(["generate", str(run), str(tmp_path / "a"), "--number", "5", "--seed", "3"]) == 0
    assert "5 images are in" in capsys.readouterr().out
    written = arrays(tmp_path / "a")
    assert {*written} == {"cat/0.png", "dog/1.png", "cat/2.png", "dog/3.png", "cat/4.png"}
    model = keras.saving.load_model(run / "model.keras")
    made = model.generate(seed=3, labels=[0, 1, 0, 1, 0])
    for name, image in written.items():
        np.testing.assert_array_equal(image, made[int(name[4])])


def test_a_class_can_be_asked_for_and_exports_take_the_same_words(run, tmp_path):
    model, out = str(run / "saved_model"), str(tmp_path / "a")
    assert main(["generate", model, out, "--number", "3", "--set", "labels=dog"]) == 0
    assert {*arrays(tmp_path / "a")} == {"dog/0.png", "dog/1.png", "dog/2.png"}


def test_more_images_than_are_made_at_once_differ(run, tmp_path, monkeypatch):
    monkeypatch.setattr("keras_gans_cli.generate.AT_ONCE", 4)
    for name in ("a", "b"):
        assert main(["generate", str(run), str(tmp_path / name), "--number", "10"]) == 0
    first, second = (arrays(tmp_path / name) for name in ("a", "b"))
    assert len({image.tobytes() for image in first.values()}) == 10
    for name, image in first.items():
        np.testing.assert_array_equal(image, second[name])


def test_a_name_of_a_picture_makes_one_of_all(run, tmp_path, capsys):
    picture = tmp_path / "deep" / "all.png"
    assert main(["generate", str(run), str(picture), "--number", "9"]) == 0
    assert read_image(picture).size == ((2 * 18 + 2) * 4, (5 * 18 + 2) * 4)  # A column per class.
    assert main(["generate", str(run), str(picture)]) == 2
    assert "all.png exists and is not overwritten" in capsys.readouterr().err


def test_rows_of_a_picture_are_full_where_they_can_be():
    assert [columns_of(n, {}) for n in (1, 2, 7, 9, 48, 64, 50)] == [1, 2, 3, 3, 8, 8, 10]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["generate", "{run}", "out", "--set", "labels=cow"], "labels are cat, dog."),
        (["generate", "{run}", "out", "--set", "style=1"], "what can be set of this model is lab"),
        (["generate", "nowhere", "out"], "There is no model at"),
        (["generate", "{run}/curves.png", "out"], "is no `.keras` file"),
        (["translate", "{run}", "{run}", "out"], "makes images of latents"),
        (["upscale", "{run}", "{run}/curves.png", "out"], "which enlarges nothing"),
        (["export", "{run}/saved_model", "out"], "is no .keras file, and no folder of a run"),
        (["export", "{run}", "{run}"], "exists"),
        (["report", "{run}/samples"], "is not the folder of a run"),
        (["report", "{run}", "--output", "{run}/curves.png"], "exists and is not overwritten"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments, sentence, run, tmp_path, capsys):
    filled = [str(tmp_path / "out") if x == "out" else x.format(run=run) for x in arguments]
    assert main(filled) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"keras-gans {arguments[0]}: ") and sentence in line
    assert not (tmp_path / "out").exists()


def test_a_run_that_is_not_finished_is_told(run, tmp_path, capsys):
    (tmp_path / "settings.json").write_text("{}")
    assert main(["export", str(tmp_path), str(tmp_path / "out")]) == 2
    assert "has not written its model.keras yet" in capsys.readouterr().err


def test_an_export_says_what_the_run_says(run, tmp_path):
    assert main(["export", str(run), str(tmp_path / "out"), "--png"]) == 0
    assert main(["publish", str(run), str(tmp_path / "served" / "cats")]) == 0
    for folder in (tmp_path / "out", tmp_path / "served" / "cats" / "1"):
        card = (folder / "MODEL_CARD.md").read_text()
        assert "frechet_cifar10" in card and "classes" in card.split("trained on")[1]
    assert "generate_png" in (tmp_path / "out" / "signature.json").read_text()


def test_a_report_holds_the_run(run, tmp_path):
    for _ in range(2):  # Its own file is replaced.
        assert main(["report", str(run)]) == 0
    page = (run / "report.html").read_text()
    assert page.count('src="data:image/png;base64,') == 2  # The last grid and the curves.
    assert page.count('src="data:image/gif;base64,') == 1
    assert "&lt;b&gt;classes" in page and "<b>classes" not in page
    record = json.loads((run / "scores.json").read_text())
    for text in (
        "protocol extractor weights",
        f"{record['trained']:.4g}",
        "Model card",
        "1 epoch<",
    ):
        assert text in page
    assert main(["report", str(run), "--output", str(tmp_path / "deep" / "page.html")]) == 0


@in_a_browser
def test_a_browser_shows_a_report_without_anything_else(run, tmp_path):
    path = tmp_path / "page.html"
    assert main(["report", str(run), "--output", str(path)]) == 0
    with opened_browser() as browser:
        browser.get(path.as_uri())
        wide = "return [...document.images].map(image => image.naturalWidth)"
        assert min(browser.execute_script(wide)) > 50
        asked = "return performance.getEntriesByType('resource').map(x => x.name)"
        assert not [x for x in browser.execute_script(asked) if not x.startswith("data:")]
        assert not [line for line in browser.get_log("browser") if line["level"] == "SEVERE"]
