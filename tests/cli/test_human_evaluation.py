"""The program that asks people."""

import json
import re

import pytest
from PIL import Image

from keras_gans_cli.human_evaluation import main
from tests.backends import programs_once
from tests.cli.pictures import write_pairs, write_pictures

pytestmark = programs_once


def study_of(path):
    page = path.read_text()
    return json.loads(re.search(r'id="study" type="application/json">(.*?)</script>', page)[1])


def test_a_page_is_made_of_two_folders(tmp_path, capsys):
    real, fake = write_pairs(tmp_path, 5)
    (real / "broken.png").write_bytes(b"no picture")
    (tmp_path / "wide").mkdir()
    write_pictures(tmp_path / "wide")
    page = tmp_path / "page.html"
    arguments = ["--real", str(tmp_path / "wide"), "--fake", str(fake), "--output", str(page)]
    assert main([*arguments, "--number", "3", "--seed", "4"]) == 0
    assert "asks about 3 images of each folder, 16 x 16 pixels" in capsys.readouterr().out
    study = study_of(page)
    assert (study["seed"], study["question"]) == (4, "real_or_fake")
    assert (study["height"], study["width"]) == (16, 16)
    assert len(study["real"]) == len({*study["real"], *study["fake"]}) / 2 == 3
    again = tmp_path / "again.html"
    assert main([*arguments[:-1], str(again), "--number", "3", "--seed", "4"]) == 0
    assert study_of(again) == study
    arguments[1:4:2] = str(real), str(tmp_path / "wide")
    arguments[-1] = str(tmp_path / "pairs.html")
    with pytest.warns(UserWarning, match="Skipped 1 of 6 images"):
        assert main([*arguments, "--ask", "which_is_better", "--size", "10"]) == 0
    study = study_of(tmp_path / "pairs.html")
    assert len(study["real"]) == len(study["fake"]) == 5
    assert (study["height"], study["width"]) == (10, 10)


def test_large_images_fit_beside_each_other(tmp_path, capsys):
    for i in range(2):
        Image.new("RGB", (1024, 300), "red").save(tmp_path / f"{i}.png")
    folder = str(tmp_path)
    assert main(["--real", folder, "--fake", folder, "--output", f"{folder}/page.html"]) == 0
    assert "512 x 150 pixels" in capsys.readouterr().out


def test_answers_are_added_up(tmp_path, capsys):
    paths = []
    for i, count in enumerate((8, 12)):
        shares = {"fake_preferred": {"count": count, "of": 20}}
        answers = {"question": "which_is_better", "images": "0f", "level": 0.95, "shares": shares}
        paths.append(str(tmp_path / f"{i}.json"))
        (tmp_path / f"{i}.json").write_text(json.dumps(answers))
    assert main(["--answers", *paths]) == 0
    assert capsys.readouterr().out == (
        "fake preferred: 20 of 40, 50.0% (95% interval 35.2% to 64.8%; each person: 8/20, 12/20)\n"
    )


def test_bad_input_gets_one_line(tmp_path, capsys):
    real, fake = map(str, write_pairs(tmp_path, 2))
    (tmp_path / "empty").mkdir()
    (tmp_path / "answers.json").write_text("[1]")
    (tmp_path / "page.html").write_text("mine")
    page, output = str(tmp_path / "page.html"), ["--output", str(tmp_path / "out.html")]
    for arguments, said in (
        ([], "Name two folders"),
        (["--real", real, "--fake", str(tmp_path / "none"), *output], "there is none"),
        (["--real", str(tmp_path / "empty"), "--fake", fake, *output], "holds 0 images"),
        (["--real", real, "--fake", fake, "--output", page], "is not overwritten"),
        (["--real", real, "--fake", fake, "--output", f"{tmp_path}/c/b.html"], "is no folder"),
        (["--answers", page], "holds no answers"),
        (["--answers", str(tmp_path / "answers.json")], "not all answers of a page"),
    ):
        assert main(arguments) == 2
        (line,) = capsys.readouterr().err.strip().splitlines()
        assert said in line
        assert not (tmp_path / "out.html").exists()
    assert (tmp_path / "page.html").read_text() == "mine"
