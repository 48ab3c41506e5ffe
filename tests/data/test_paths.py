"""Paths that users give: the home folder is found, another machine's is refused."""

from pathlib import Path

import pytest

from keras_gans.data.paths import local_path


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
