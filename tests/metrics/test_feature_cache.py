"""Features of folders are computed once."""

import json
import os
import zipfile

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.data.streams import ImageFiles
from keras_gans.metrics import FrechetDistance, PrecisionRecall
from keras_gans.metrics import feature_cache as module
from tests.backends import shown_on_tensorflow

pytestmark = shown_on_tensorflow("files of numpy")

IMAGES = np.random.default_rng(0).integers(0, 256, (2, 25, 4, 4, 3), "uint8")


def pixels(scale=1.0):
    layers = [keras.layers.Rescaling(scale), keras.layers.Flatten()]
    return keras.Sequential([keras.Input((4, 4, 3)), *layers], name="pixels")


@pytest.fixture
def folders(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "CHUNK", 10)
    for name, images in zip(("a", "b"), IMAGES, strict=True):
        (tmp_path / name).mkdir()
        for i, image in enumerate(images):
            Image.fromarray(image).save(tmp_path / name / f"{i:02d}.png")
    return tmp_path / "a", tmp_path / "b"


@pytest.fixture
def read(monkeypatch):
    """The names of the files that are decoded from now on."""
    names, original = [], ImageFiles._read

    def watched(self, row):
        names.append(f"{os.path.basename(self.folder)}/{self.names[row]}")
        return original(self, row)

    monkeypatch.setattr(ImageFiles, "_read", watched)
    return names


def cached(metric, tmp_path):
    metric.cache = tmp_path / "cache"
    return metric


def test_all_metrics_of_one_extractor_look_at_a_folder_once(folders, read, tmp_path):
    extractor = pixels()
    score = cached(FrechetDistance(extractor), tmp_path).compare(*folders)
    assert score == pytest.approx(FrechetDistance(pixels()).compare(*IMAGES), rel=1e-5)
    assert len(read) == 50
    other = cached(PrecisionRecall(extractor, k=3), tmp_path)
    found = other.measured(*folders, split=None, weights=None, seed=0, repeats=5)
    assert len(read) == 50
    expected = other.measured(*IMAGES, split=None, weights=None, seed=0, repeats=5)
    assert found.values == pytest.approx(expected.values)
    (about, _) = sorted((tmp_path / "cache").glob("*/about.json"), key=lambda p: p.read_text())
    told = json.loads(about.read_text())
    assert told["images"] == str(folders[0]) and told["number"] == 25
    assert told["extractor"] == "pixels" and len(told["extractor_weights"]) == 12


def test_no_metric_has_a_cache_of_itself(folders, read):
    metric = FrechetDistance(pixels())
    assert metric.compare(*folders) == metric.compare(*folders)
    assert len(read) == 100


def change_time(folder, tmp_path):
    os.utime(folder / "03.png", ns=(1, 1))


def change_pixels(folder, tmp_path):
    """Of a file whose size and time stay."""
    path = folder / "03.bmp"
    stat = path.stat()
    Image.new("RGB", (4, 4), "red").save(path)
    assert path.stat().st_size == stat.st_size
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def rename(folder, tmp_path):
    (folder / "03.png").rename(folder / "99.png")


def delete(folder, tmp_path):
    (folder / "24.png").unlink()


@pytest.mark.parametrize("change", [change_time, change_pixels, rename, delete])
def test_a_changed_folder_is_looked_at_again(change, folders, read, tmp_path):
    Image.new("RGB", (4, 4), "blue").save(folders[0] / "03.bmp")
    metric = cached(FrechetDistance(pixels()), tmp_path)
    metric.set_reference(folders[0])
    del read[:]
    change(folders[0], tmp_path)
    metric.set_reference(folders[0])
    assert len(read) == 26 - (change is delete)


def test_another_extractor_resize_or_draw_has_features_of_its_own(folders, read, tmp_path):
    extractor = pixels()
    for metric in (
        FrechetDistance(extractor),
        FrechetDistance(extractor, resize="clean"),
        FrechetDistance(pixels(2.0)),  # Of the same name, and the same weights.
    ):
        del read[:]
        cached(metric, tmp_path).set_reference(folders[0])
        assert len(read) == 25
    identities = {
        ImageFiles(folders[0], number, seed).identity for number, seed in ((9, 0), (9, 1), (8, 0))
    }
    assert len(identities) == 3


def test_an_archive_is_known_by_its_checksums(folders, read, tmp_path):
    metric = cached(FrechetDistance(pixels()), tmp_path)
    for images, looked_at in ((IMAGES[0], 25), (IMAGES[0], 0), (IMAGES[1], 25)):
        with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
            for i, image in enumerate(images):
                with archive.open(f"{i:02d}.bmp", "w") as file:
                    Image.fromarray(image).save(file, "BMP")
        del read[:]
        metric.set_reference(tmp_path / "images.zip")
        assert len(read) == looked_at


@pytest.mark.parametrize("damage", [b"", b"no archive", None, "cut"])
def test_damaged_files_are_made_anew(damage, folders, read, tmp_path):
    metric = cached(FrechetDistance(pixels()), tmp_path)
    score = metric.compare(folders[0], IMAGES[1])
    first, second, _ = sorted((tmp_path / "cache").glob("*/*.npz"))
    del read[:]
    if damage is None:
        second.unlink()
    elif damage == "cut":
        second.write_bytes(second.read_bytes()[:-200])
    else:
        second.write_bytes(damage)
    assert metric.compare(folders[0], IMAGES[1]) == score
    assert read == [f"a/{i}.png" for i in range(10, 20)]
    content = bytearray(first.read_bytes())
    content[len(content) // 2] ^= 1
    first.write_bytes(content)
    assert metric.compare(folders[0], IMAGES[1]) == score


def test_images_that_cannot_be_read_are_told_also_when_they_were_known(folders, tmp_path):
    (folders[0] / "03.png").write_bytes(b"no image")
    metric = cached(FrechetDistance(pixels()), tmp_path)
    for cause in ("cannot identify", "as before"):
        with pytest.warns(UserWarning, match=rf"Skipped 1 of 25 images.*03.png \(.*{cause}"):
            metric.set_reference(folders[0])
        assert metric._reference[0] == 24
    for path in folders[0].iterdir():
        path.write_bytes(b"no image")
    for _ in range(2):
        with pytest.raises(ValueError, match=r"of 25 files .* none could be read"):
            metric.set_reference(folders[0])


def test_images_of_several_sizes_are_those_of_a_stream(tmp_path):
    for i, size in enumerate([(4, 4), (7, 9), (12, 5), (4, 4)]):
        Image.effect_noise(size, 90).save(tmp_path / f"{i}.png")
    metric = FrechetDistance(pixels())
    expected = metric.features(tmp_path)
    metric.cache = tmp_path / "cache"
    np.testing.assert_array_equal(metric.features(tmp_path), expected)
