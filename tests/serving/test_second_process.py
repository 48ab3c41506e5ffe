"""The second process, in which TensorFlow exports what was trained elsewhere."""

import subprocess
import sys
from pathlib import Path

import keras
import pytest

from keras_gans.models import GAN
from keras_gans.serving.second_process import export_from_tensorflow
from tests.harness import gan
from tests.serving.conftest import assert_within_a_grey_level

tf = pytest.importorskip("tensorflow", reason="exports are written by TensorFlow")


@keras.saving.register_keras_serializable(package="tests")
class OwnLayer(keras.layers.Layer):
    """A layer that no other process knows."""

    def call(self, images):
        return images


@keras.saving.register_keras_serializable(package="tests")
class OwnGAN(GAN):
    """A model of another module than the package's."""


def test_it_imports_the_module_of_a_model_of_ones_own(tmp_path):
    tiny = gan()
    model = OwnGAN(tiny.generator, tiny.discriminator, tiny.latent_dim)
    export_from_tensorflow(model, tmp_path / "saved_model", tmp_path / "model.keras", {})
    assert (tmp_path / "saved_model" / "saved_model.pb").exists()


def test_it_exports_what_the_model_makes(tmp_path):
    model = gan()
    path = tmp_path / "saved_model"
    export_from_tensorflow(model, path, tmp_path / "model.keras", {"float32": True})
    latents = model.draw_latents(3, seed=1)
    signatures = tf.saved_model.load(str(path)).signatures
    images = signatures["serving_default"](latents=tf.constant(latents))["images"].numpy()
    assert_within_a_grey_level(images, model.generate(latents=latents))
    assert "generate_float32" in signatures


def test_it_writes_networks_of_other_formats(tmp_path):
    pytest.importorskip("tf2onnx", reason="the converter comes with the extra `serving`")
    export_from_tensorflow(gan(), tmp_path / "onnx", tmp_path / "model.keras", {"format": "onnx"})
    assert (tmp_path / "onnx" / "from_latents.onnx").exists()


def test_it_says_what_to_do_where_it_cannot_load_the_model(tmp_path):
    model = gan()
    own = keras.Sequential([model.generator, OwnLayer()])
    own.build((None, model.latent_dim))
    model.generator = own
    with pytest.raises(RuntimeError, match=r"OwnLayer.*Save the model with"):
        export_from_tensorflow(model, tmp_path / "never", tmp_path / "model.keras", {})
    assert not (tmp_path / "never").exists()


def test_a_saved_file_is_exported_by_a_command(tmp_path):
    gan().save(tmp_path / "model.keras")
    files = [str(tmp_path / "model.keras"), str(tmp_path / "saved_model")]
    command = [sys.executable, "-m", "keras_gans.serving", *files, "--options", '{"png": true}']
    subprocess.run(command, check=True)
    assert "generate_png" in tf.saved_model.load(files[1]).signatures
    for wrong, sentence in ((command, "is not overwritten"), ([*command[:-1], "{"], "JSON")):
        finished = subprocess.run(wrong, capture_output=True, text=True, cwd=Path.cwd())
        assert finished.returncode != 0
        assert sentence in finished.stderr.splitlines()[-1]
