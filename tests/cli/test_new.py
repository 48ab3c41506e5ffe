"""`keras-gans new`: what it writes trains, is saved, exported, and passes its own test."""

import re
import subprocess
import sys
from pathlib import Path

import keras
import pytest

import tests.harness
from keras_gans_cli import new
from keras_gans_cli.__main__ import main

VARIANTS = {"latent": "sliced_wgan", "translation": "my_gan"}


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    """A folder with a variant of each kind, as another program would find it."""
    here = tmp_path_factory.mktemp("new")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(here)
        for kind, name in VARIANTS.items():
            assert main(["new", name, "--from", kind]) == 0
    return here


def test_every_kind_passes_its_test_as_it_is_written(here):
    """On other backends what compiles once: `tests/models/` has what such models promise there."""
    elsewhere = keras.backend.backend() != "tensorflow"
    some = ["-k", "trains or generates or translates"] if elsewhere else []
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *VARIANTS.values(), *some]
    finished = subprocess.run(command, cwd=here, capture_output=True, text=True)
    assert finished.returncode == 0, finished.stdout[-3000:]
    assert f"{4 if elsewhere else 14} passed" in finished.stdout


def test_there_is_a_template_of_every_kind():
    folders = {path.parent.name for path in new.TEMPLATES.glob("*/__init__.py")}
    assert folders == {*VARIANTS} == {*new.KINDS}


def test_nothing_but_the_names_differs_from_the_template(here):
    assert {path.name for path in here.iterdir()} == {*VARIANTS.values()}
    for kind, name in VARIANTS.items():
        templates = [*(new.TEMPLATES / kind).glob("*.py")]
        assert len(templates) == 4
        for template in templates:
            written = (here / name / template.name.replace("my_gan", name)).read_text()
            assert written == template.read_text().replace("my_gan", name).replace(
                "MyGAN", "MyGAN" if name == "my_gan" else "SlicedWGAN"
            )


def test_what_is_written_knows_the_library_and_not_its_checkout(here):
    for path in here.rglob("*.py"):
        names = re.findall(r"^\s*(?:from|import) ([\w.]+)", path.read_text(), re.MULTILINE)
        found = {name.split(".")[0] for name in names} - {""}
        assert found <= {"keras", "keras_gans", "numpy", "pytest"}, path


@pytest.mark.parametrize("kind", VARIANTS)
def test_the_case_at_its_end_builds_the_model_for_the_harness(kind, here, monkeypatch):
    monkeypatch.syspath_prepend(here)
    name = VARIANTS[kind]
    _, comment = (here / name / f"test_{name}.py").read_text().split("Put it into a file of its")
    lines = [re.sub("^# ?", "", line) for line in comment.splitlines()[1:]]
    names = {"__name__": f"test_of_{kind}"}
    exec("\n".join(lines), names)
    (case,) = (
        value
        for found, value in names.items()
        if found.startswith("Test") and issubclass(value, tests.harness.Harness)
    )
    model = case().build()
    assert {f"{player}_loss" for player in case.players} | {*case.logs} == {
        tracker.name for tracker in model.metrics
    }


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("9gan", "it was '9gan'"),
        ("my-gan", "it was 'my-gan'"),
        ("MyGAN", "it was 'MyGAN'"),
        ("../gan", "it was '../gan'"),
        ("class", "it was 'class'"),
        ("json", "json is a package of that name already"),
        ("there", "there exists and is not overwritten"),
    ],
)
def test_another_name_is_one_sentence_and_writes_nothing(
    name, sentence, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    Path("there").mkdir()
    assert main(["new", name]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("keras-gans new: ") and sentence in line
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_a_package_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(new, "named", lambda text, name: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        main(["new", "other_gan"])
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    ("name", "expected"), [("my_gan", "MyGAN"), ("wgan", "WGAN"), ("two_judges", "TwoJudges")]
)
def test_a_class_is_called_as_papers_call_it(name, expected):
    assert new.class_of(name) == expected
