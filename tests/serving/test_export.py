"""`model.export`: what it refuses, and what it leaves behind."""

import pytest

from tests.harness import cyclegan, gan, progressive_gan
from tests.models.test_gan import linear_gan

pytest.importorskip("tensorflow", reason="exports are written by TensorFlow")


def test_nothing_is_overwritten(exported):
    model, path = exported("gan")
    with pytest.raises(FileExistsError, match="is not overwritten"):
        model.export(path)
    assert [child.name for child in path.parent.iterdir()] == ["saved_model"]


def test_a_full_disk_is_an_oserror_and_leaves_nothing(exported, tmp_path):
    resource = pytest.importorskip("resource", reason="limits of processes are Unix's")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
        with pytest.raises(OSError, match="File too large"):
            exported("gan")[0].export(tmp_path / "never")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("build", [gan, cyclegan, progressive_gan])
def test_unknown_options_are_told_before_anything_is_written(build, tmp_path):
    with pytest.raises(ValueError, match=r"weights is .* it was 'mean'"):
        build().export(tmp_path / "never", weights="mean")
    with pytest.raises(ValueError, match='format is "tf_saved_model"'):
        build().export(tmp_path / "never", format="caffe")
    with pytest.raises(ValueError, match="leave float32 and png to SavedModels"):
        build().export(tmp_path / "never", format="onnx", png=True)
    with pytest.raises(TypeError, match=r"takes no colour; its options are .*weights"):
        build().export(tmp_path / "never", colour=True)
    assert list(tmp_path.iterdir()) == []


def test_points_are_refused():
    with pytest.raises(ValueError, match="no images"):
        linear_gan().export("never_written")
