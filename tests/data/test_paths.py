"""Paths that users give: the home folder is found, another machine's is refused."""

from pathlib import Path

import pytest

from keras_gans.data.paths import inside, local_path, stays_inside


def test_home_is_expanded(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert local_path("~/run") == tmp_path / "run"


@pytest.mark.parametrize("path", ["run", "/tmp/run", "a:b", "C:\\run", Path("run"), "photos.zip/a"])
def test_local_paths_stay_as_they_are(path):
    assert local_path(path) == Path(path)


@pytest.mark.parametrize(
    "path", ["gs://bucket/run", "s3://b/x", Path("gs://bucket/run"), "hdfs:/a"]
)
def test_remote_paths_are_refused_in_a_sentence(path):
    with pytest.raises(ValueError, match="Checkpoint's folder must lie on this machine, but "):
        local_path(path, "Checkpoint's folder")


def test_what_is_no_path_is_refused_in_a_sentence():
    with pytest.raises(TypeError, match=r"must be a string or a pathlib\.Path, but it is a int"):
        local_path(3)


@pytest.mark.parametrize("name", ["a.png", "cats/a.png", "a..b/c.png", "cats\\a.png", "..png"])
def test_a_name_that_stays_in_its_folder_is_joined(name):
    assert stays_inside(name)
    assert inside(Path("out"), name) == Path("out") / name


@pytest.mark.parametrize("name", ["/etc/a.png", "../a.png", "cats/../../a.png", "..", "cats/.."])
def test_a_name_that_leads_out_of_its_folder_is_refused(name):
    assert not stays_inside(name)
    with pytest.raises(ValueError, match=r"leads out of out, .* Rename it"):
        inside(Path("out"), name)


@pytest.mark.parametrize(
    "name", ["..\\a.png", "cats\\..\\..\\a.png", "C:\\a.png", "C:a.png", "\\\\host\\share\\a.png"]
)
def test_names_of_another_system_do_not_stay_inside(name):
    assert not stays_inside(name)
