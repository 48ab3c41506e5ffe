"""`model.export`: what it refuses, and what it leaves behind."""

import numpy as np
import pytest

from keras_gans.models import GAN
from keras_gans.serving import export, publish
from keras_gans.serving.__main__ import main
from keras_gans.serving.explorer import load_served
from tests.backends import written_once
from tests.harness import cyclegan, gan, progressive_gan
from tests.models.test_gan import linear_gan

tf = pytest.importorskip("tensorflow", reason="exports are written by TensorFlow")


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
    for name in ("png", "float32"):
        with pytest.raises(TypeError, match=f"{name} is True or False; it was 'yes'"):
            build().export(tmp_path / "never", **{name: "yes"})
    assert list(tmp_path.iterdir()) == []


@written_once
def test_paths_of_other_machines_are_refused_and_home_is_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for path in ("gs://bucket/dcgan", "s3://bucket/dcgan"):
        for write in (gan().export, lambda path: publish(gan(), path)):
            with pytest.raises(ValueError, match="must lie on this machine"):
                write(path)
    assert gan().export("~/dcgan") == tmp_path / "dcgan"
    assert publish(gan(), "~/served") == tmp_path / "served" / "1"
    assert load_served("~/served").version == 1
    with pytest.raises(ValueError, match="must lie on this machine"):
        load_served("gs://bucket/dcgan")
    gan().save(tmp_path / "model.keras")
    main(["~/model.keras", "~/again"])
    with pytest.raises(SystemExit):
        main(["gs://bucket/model.keras", "~/never"])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("again", "dcgan", "model.keras", "served")
    ]


@written_once
def test_points_are_exported_as_they_are(tmp_path):
    model = linear_gan()
    path = model.export(tmp_path / "points", float32=True, png=True)
    signatures = tf.saved_model.load(str(path)).signatures
    assert set(signatures) == {"serving_default", "from_latents", "generate"}
    latents = model.draw_latents(3, seed=1)
    points = signatures["from_latents"](latents=tf.constant(latents))["points"].numpy()
    assert points.dtype == np.float32
    np.testing.assert_allclose(points, model.generate(latents=latents), rtol=1e-5, atol=1e-6)
    with pytest.raises(ValueError, match="makes no uint8 images"):
        load_served(path)


class Plain(GAN):
    def endpoints(self):
        return super().endpoints()


@written_once
def test_a_model_of_ones_own_needs_neither_weights_nor_a_docstring(tmp_path):
    plain = gan()
    model = Plain(plain.generator, plain.discriminator, 4)
    path = model.export(tmp_path / "model")
    assert (path / "MODEL_CARD.md").read_text().startswith("# Plain\n\n")
    with pytest.raises(TypeError, match=r"Plain takes no weights; its options are [^w]*\."):
        model.export(tmp_path / "never", weights="raw")


@written_once
def test_models_that_state_no_endpoints_are_refused(tmp_path):
    with pytest.raises(TypeError, match=r"states its `endpoints`, .* it was a Functional"):
        export(gan().generator, tmp_path / "never")
