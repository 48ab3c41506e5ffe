"""`written_aside`: whole files or none."""

import pytest

from keras_gans.data.aside import written_aside


def test_a_file_appears_when_it_is_whole(tmp_path):
    path = tmp_path / "a.txt"
    with written_aside(path) as aside:
        aside.write_text("half")
        assert not path.exists()
        aside.write_text("whole")
    assert path.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [path]


def test_after_an_error_the_earlier_file_stays_alone(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("earlier")
    with pytest.raises(OSError, match="full"), written_aside(path) as aside:
        aside.write_text("half")
        raise OSError("The disk is full.")
    assert path.read_text() == "earlier"
    assert list(tmp_path.iterdir()) == [path]
