"""The program that translates a folder."""

import zipfile

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.models import Pix2Pix
from keras_gans_cli.translate import main
from tests.backends import programs_once
from tests.cli.pictures import write_pairs
from tests.harness import cyclegan, gan

pytestmark = programs_once


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    model = cyclegan()
    model.save(folder / "model.keras")
    model.export(folder / "saved_model")
    return model, folder


@pytest.mark.parametrize("name", ["model.keras", "saved_model"])
@pytest.mark.parametrize("direction", [None, "b_to_a"])
def test_every_image_is_translated_in_its_own_size(name, direction, models, tmp_path, capsys):
    pytest.importorskip("tensorflow", reason="SavedModels are run by TensorFlow")
    model, folder = models
    images, _ = write_pairs(tmp_path, 3)
    (images / "deeper").mkdir()
    with Image.open(images / "00.png") as image:
        image.crop((0, 0, 13, 11)).save(images / "odd.png")
    Image.new("RGB", (40, 20), "red").save(images / "deeper" / "wide.jpg")
    arguments = [str(folder / name), str(images), str(tmp_path / "out")]
    assert main([*arguments, *([] if direction is None else ["--direction", direction])]) == 0
    with Image.open(tmp_path / "out" / "deeper" / "wide.png") as wide:
        assert wide.size == (40, 20)
    for source, target in (("00.png", "00.png"), ("odd.png", "odd.png")):
        with Image.open(images / source) as image, Image.open(tmp_path / "out" / target) as out:
            grey = np.asarray(image.convert("L"))[None, ..., None]
            expected = model.translate(grey, direction=direction)[0, ..., 0].astype(int)
            assert np.abs(np.asarray(out) - expected).max() <= 1
    assert "padded by reflection" in capsys.readouterr().out


def test_a_damaged_file_is_left_out_and_named(models, tmp_path, capsys):
    images, _ = write_pairs(tmp_path, 2)
    (images / "broken.png").write_bytes(b"no picture")
    arguments = [str(models[1] / "model.keras"), str(images), str(tmp_path / "out")]
    assert main([*arguments, "--size", "8"]) == 1
    captured = capsys.readouterr()
    assert "1 images were left out: broken.png (cannot identify" in captured.err
    assert "2 images are in" in captured.out
    with Image.open(tmp_path / "out" / "00.png") as image:
        assert image.size == (8, 8)


def test_members_of_an_archive_that_lead_out_of_it_are_left_out(models, tmp_path):
    images, _ = write_pairs(tmp_path, 1)
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for name in (f"{tmp_path}/outside.png", "../outside.png", "good.png"):
            archive.writestr(name, (images / "00.png").read_bytes())
    arguments = [str(models[1] / "model.keras"), str(tmp_path / "photos.zip")]
    with pytest.warns(UserWarning, match="Left out 2 .*outside.png"):
        assert main([*arguments, str(tmp_path / "deep" / "out")]) == 0
    assert [path.name for path in (tmp_path / "deep" / "out").iterdir()] == ["good.png"]
    assert not list(tmp_path.rglob("outside.png"))


def test_a_run_that_fails_leaves_nothing_behind(models, tmp_path, capsys, monkeypatch):
    images = tmp_path / "images"
    images.mkdir()
    for i in range(20):
        (images / f"{i:02d}.png").write_bytes(b"no picture")
    arguments = [str(models[1] / "model.keras"), str(images), str(tmp_path / "deep" / "out")]
    assert main(arguments) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "None of 20 images could be converted: 00.png (cannot identify" in line
    assert line.endswith("and 15 more.")

    write_pairs(tmp_path, 2)
    arguments[1] = str(tmp_path / "a")

    def interrupted(image, path):
        raise KeyboardInterrupt

    def no_room(image, path):
        raise OSError("No space left on device")

    for fail, status in ((interrupted, 130), (no_room, 2)):
        with monkeypatch.context() as patch:
            patch.setattr("keras_gans.samples.pictures.save_png", fail)
            assert main(arguments) == status
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b", "images"]
    assert main(arguments) == 0


def test_two_images_of_one_name_are_told(models, tmp_path, capsys):
    images, _ = write_pairs(tmp_path, 1)
    Image.new("RGB", (16, 16)).save(images / "00.bmp")
    assert main([str(models[1] / "model.keras"), str(images), str(tmp_path / "out")]) == 2
    assert "would have one name" in capsys.readouterr().err


def test_a_model_of_one_size_gets_images_of_that_size(tmp_path, capsys):
    layers = keras.layers
    generator = keras.Sequential(
        [keras.Input((8, 8, 3)), layers.Flatten(), layers.Dense(192), layers.Reshape((8, 8, 3))]
    )
    Pix2Pix(generator, None, noise_at_inference=False).save(tmp_path / "model.keras")
    images, _ = write_pairs(tmp_path, 1)
    assert main([str(tmp_path / "model.keras"), str(images), str(tmp_path / "out")]) == 0
    assert "resized and cropped to 8 x 8 pixels" in capsys.readouterr().out
    with Image.open(tmp_path / "out" / "00.png") as image:
        assert image.size == (8, 8)


def test_bad_input_gets_one_line(models, tmp_path, capsys):
    images, _ = write_pairs(tmp_path, 1)
    model = str(models[1] / "model.keras")
    gan().save(tmp_path / "gan.keras")
    for arguments, said in (
        ([model, str(images), str(images)], "is not overwritten"),
        ([model, str(tmp_path / "nowhere"), str(tmp_path / "out")], "there is none"),
        ([str(tmp_path / "none.keras"), str(images), str(tmp_path / "out")], "There is no model"),
        ([str(tmp_path / "gan.keras"), str(images), str(tmp_path / "out")], "translates no images"),
        ([model, str(images), str(tmp_path / "out"), "--direction", "up"], "a_to_b and b_to_a"),
    ):
        assert main(arguments) == 2
        (line,) = capsys.readouterr().err.strip().splitlines()
        assert said in line
        assert not (tmp_path / "out").exists()
