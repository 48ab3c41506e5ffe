"""Weights of `keras.applications`: see also test_vgg and test_inception."""

import pytest

from keras_gans.networks.imagenet import application


def build(include_top, weights, **options):
    if weights == "imagenet":
        raise Exception("URL fetch failure")
    return include_top, weights, options


def test_the_network_is_built_without_its_top(tmp_path):
    assert application(build, "Net", None, "net.h5", pooling="avg") == (
        False,
        None,
        {"pooling": "avg"},
    )
    path = tmp_path / "net.h5"
    path.touch()
    assert application(build, "Net", str(path), "net.h5")[1] == path


def test_what_is_not_there_is_told(tmp_path):
    with pytest.raises(
        OSError, match=r"Net could not be downloaded .*URL.* Fetch the file net\.h5"
    ):
        application(build, "Net", "imagenet", "net.h5")
    with pytest.raises(FileNotFoundError, match="no weights of Net at"):
        application(build, "Net", tmp_path / "x.h5", "net.h5")
