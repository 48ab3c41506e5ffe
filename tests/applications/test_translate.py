"""The program that translates a folder."""

import zipfile

import numpy as np
import pytest
from PIL import Image

from applications.translate import main
from tests.applications.pictures import write_pairs
from tests.harness import cyclegan, gan


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    model = cyclegan()
    model.save(folder / "model.keras")
    model.export(folder / "saved_model")
    return model, folder


@pytest.mark.parametrize("name", ["model.keras", "saved_model"])
@pytest.mark.parametrize("direction", [None, "b_to_a"])
def test_every_image_is_translated_in_its_own_size(name, direction, models, tmp_path):
    pytest.importorskip("tensorflow", reason="SavedModels are run by TensorFlow")
    model, folder = models
    images, _ = write_pairs(tmp_path, 3)
    (images / "deeper").mkdir()
    Image.new("RGB", (40, 20), "red").save(images / "deeper" / "wide.jpg")
    arguments = [str(folder / name), str(images), str(tmp_path / "out")]
    assert main([*arguments, *([] if direction is None else ["--direction", direction])]) == 0
    with Image.open(tmp_path / "out" / "deeper" / "wide.png") as wide:
        assert wide.size == (32, 16)
    with Image.open(images / "00.png") as source, Image.open(tmp_path / "out" / "00.png") as out:
        grey = np.asarray(source.convert("L"))[None, ..., None]
        expected = model.translate(grey, direction=direction)[0, ..., 0].astype(int)
        assert np.abs(np.asarray(out) - expected).max() <= 1


def test_a_damaged_file_is_left_out_and_named(models, tmp_path, capsys):
    images, _ = write_pairs(tmp_path, 2)
    (images / "broken.png").write_bytes(b"no picture")
    arguments = [str(models[1] / "model.keras"), str(images), str(tmp_path / "out")]
    assert main([*arguments, "--size", "8"]) == 1
    captured = capsys.readouterr()
    assert "broken.png was left out" in captured.err
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
