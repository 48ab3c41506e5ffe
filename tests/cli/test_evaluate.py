"""The program that scores images against others."""

import json
import shutil

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.data import read_folder
from keras_gans.metrics import FrechetDistance
from keras_gans_cli import evaluate, image_sets
from keras_gans_cli.evaluate import main
from tests.backends import programs_once
from tests.cli.pictures import write_pairs
from tests.harness import cyclegan, dense_gan

pytestmark = programs_once


@pytest.fixture(scope="module")
def extractor(tmp_path_factory):
    """The path of a network that gives the mean colours of the quarters of an image."""
    path = tmp_path_factory.mktemp("extractor") / "quarters.keras"
    layers = keras.layers
    pooled = [keras.Input((16, 16, 3)), layers.AveragePooling2D(8), layers.Flatten()]
    keras.Sequential(pooled, name="quarters").save(path)
    return str(path)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return write_pairs(tmp_path_factory.mktemp("folders"), 30)


@pytest.fixture
def arguments(extractor, tmp_path, monkeypatch):
    """Options, with chunks of ten images."""
    monkeypatch.setattr(evaluate, "CHUNK_BYTES", 10 * 16 * 16 * 3)
    cache, output = str(tmp_path / "cache"), str(tmp_path / "run")
    return ["--extractor", extractor, "--cache", cache, "--output", output]


def results_in(folder):
    return json.loads((folder / "scores.json").read_text())


def images_in(folder):
    return np.stack([np.asarray(Image.open(path)) for path in sorted(folder.iterdir())])


def test_two_folders_are_scored_by_a_protocol_that_is_written_down(
    folders, arguments, extractor, tmp_path, capsys
):
    real, fake = folders
    shutil.make_archive(tmp_path / "real", "zip", real)
    common = ["--real", str(tmp_path / "real.zip"), "--fake", str(fake), *arguments]
    assert main([*common, "--split", "test"]) == 0
    found = results_in(tmp_path / "run")
    (frechet,) = [r for r in found["results"] if "frechet_quarters" in r["values"]]
    expected = FrechetDistance(extractor).compare(images_in(real), images_in(fake))
    assert frechet["values"]["frechet_quarters"] == pytest.approx(expected, rel=1e-5)
    low, high = frechet["intervals"]["frechet_quarters"]
    assert low < expected < high
    how = frechet["protocol"]
    assert (how["num_real"], how["num_fake"], how["split"]) == (30, 30, "test")
    assert how["extractor_weights"] and how["resize"] == "bilinear, antialiased"
    assert found["protocol"]["real"]["of"] == 30
    assert found["protocol"]["shape"] == [16, 16, 3]
    said = capsys.readouterr().out
    assert "frechet_quarters" in said and f"{expected:.5g}" in said
    assert "Fewer than 10,000 of each move most scores" in said
    with Image.open(tmp_path / "run" / "neighbours.png") as picture:
        assert picture.width > 640


def test_real_images_are_looked_at_once(folders, arguments, tmp_path, monkeypatch):
    real, fake = map(str, folders)
    assert main(["--real", real, "--fake", fake, *arguments]) == 0
    looked_at = watched(monkeypatch)
    monkeypatch.setattr(evaluate, "scores_of_pixels", lambda *a: [])
    monkeypatch.setattr(evaluate, "draw_neighbours", lambda *a: None)
    again = [*arguments[:-1], str(tmp_path / "again")]
    assert main(["--real", real, "--fake", fake, *again]) == 0
    assert looked_at == [("b", range(10)), ("b", range(10, 20)), ("b", range(20, 30))]
    first, second = (results_in(tmp_path / name)["results"] for name in ("run", "again"))
    assert first[0] == second[0]


def watched(monkeypatch, stop_at=None):
    """The list of the chunks that are read from now on; Ctrl-C is pressed before one of them."""
    images, looked_at = image_sets.ImageFiles.images, []

    def watching(self, rows, shape):
        looked_at.append((self.folder[-1], rows))
        if len(looked_at) == stop_at:
            raise KeyboardInterrupt
        return images(self, rows, shape)

    monkeypatch.setattr(image_sets.ImageFiles, "images", watching)
    return looked_at


def test_what_was_interrupted_goes_on(folders, arguments, tmp_path, capsys, monkeypatch):
    sides = ["--real", str(folders[0]), "--fake", str(folders[1])]
    with monkeypatch.context() as patch:
        watched(patch, stop_at=6)  # The last chunk of the generated images.
        assert main([*sides, *arguments]) == 130
    said = capsys.readouterr().err.strip()
    assert said.endswith(f"keras-gans evaluate --resume --output {tmp_path / 'run'}")
    looked_at = watched(monkeypatch)
    assert main(["--resume", "--output", str(tmp_path / "run")]) == 0
    assert looked_at[0] == ("b", range(20, 30))
    assert results_in(tmp_path / "run")["results"][0]["protocol"]["num_fake"] == 30


def test_changed_images_are_looked_at_again(folders, arguments, tmp_path):
    real, fake = tmp_path / "a", tmp_path / "b"
    for folder, copy in zip(folders, (real, fake), strict=True):
        shutil.copytree(folder, copy)
    scores = []
    for _ in range(2):
        sides = ["--real", str(real), "--fake", str(fake)]
        assert main([*sides, *arguments, *(["--resume"] if scores else [])]) == 0
        scores.append(results_in(tmp_path / "run")["results"][0]["values"]["frechet_quarters"])
        for path in real.iterdir():
            Image.new("RGB", (16, 16), "red").save(path)
    assert scores[1] > 1.5 * scores[0]


def test_damaged_images_are_left_out(folders, arguments, tmp_path):
    fake = tmp_path / "b"
    shutil.copytree(folders[1], fake)
    (fake / "05.png").write_bytes(b"no picture")
    with pytest.warns(UserWarning, match="Skipped 1 of 10 images"):
        assert main(["--real", str(folders[0]), "--fake", str(fake), *arguments]) == 0
    assert results_in(tmp_path / "run")["results"][0]["protocol"]["num_fake"] == 29


def test_a_model_is_scored_by_what_it_generates(folders, arguments, extractor, tmp_path):
    model = dense_gan()
    model.save(tmp_path / "model.keras")
    common = ["--real", str(folders[0]), "--fake", str(tmp_path / "model.keras"), "--number", "20"]
    assert main([*common, *arguments, "--seed", "3"]) == 0
    found = results_in(tmp_path / "run")
    side = found["protocol"]["fake"]
    assert (side["weights"], side["seed"]) == ("raw", 3)
    real = read_folder(folders[0], model.image_shape)
    real = real[np.sort(np.random.default_rng(3).permutation(30)[:20])]
    expected = FrechetDistance(extractor).compare(real, model.generate(20, seed=3))
    value = found["results"][0]["values"]["frechet_quarters"]
    assert value == pytest.approx(expected, rel=1e-4)
    assert found["results"][0]["protocol"]["weights"] == "raw"


@pytest.mark.parametrize("side", ["--real", "--fake"])
def test_statistics_that_other_tools_wrote_are_one_side(
    side, folders, arguments, extractor, tmp_path
):
    metric, images = FrechetDistance(extractor), [images_in(folder) for folder in folders]
    features = metric.features(images[0]).astype("float64")
    statistics = tmp_path / "statistics.npz"
    np.savez(statistics, mu=features.mean(0), sigma=np.cov(features.T))
    other = "--fake" if side == "--real" else "--real"
    assert main([side, str(statistics), other, str(folders[1]), *arguments]) == 0
    (result,) = results_in(tmp_path / "run")["results"]
    expected = metric.compare(*images)
    assert result["values"]["frechet_quarters"] == pytest.approx(expected, rel=1e-4)


def test_grey_images_are_judged_by_features_of_clothes_and_others_are_not(folders, tmp_path):
    grey = tmp_path / "grey"
    grey.mkdir()
    for path in folders[0].iterdir():
        with Image.open(path) as image:
            image.convert("L").save(grey / path.name)
    for fake, extractor in ((grey, "fashion_mnist"), (folders[1], "cifar10")):
        output = tmp_path / extractor
        places = ["--cache", str(tmp_path / "cache"), "--output", str(output)]
        assert main(["--real", str(folders[0]), "--fake", str(fake), *places]) == 0
        first = results_in(output)["results"][0]
        assert first["protocol"]["extractor"] == extractor
        assert f"frechet_{extractor}" in first["values"]


def test_bad_input_gets_one_line(folders, arguments, tmp_path, capsys):
    real, fake = map(str, folders)
    (tmp_path / "empty").mkdir()
    cyclegan().save(tmp_path / "cyclegan.keras")
    np.savez(tmp_path / "images.npz", arr_0=np.zeros(3))
    np.savez(tmp_path / "few.npz", mu=np.zeros(3), sigma=np.eye(3))
    np.savez(tmp_path / "statistics.npz", mu=np.zeros(12), sigma=np.eye(12))
    statistics = str(tmp_path / "statistics.npz")
    for sides, said in (
        (["--real", real], "Name what to score: --fake FOLDER"),
        (["--real", real, "--fake", str(tmp_path / "none")], "there is none"),
        (["--real", real, "--fake", str(tmp_path / "none.keras")], "There is no model"),
        (
            ["--real", real, "--fake", str(tmp_path / "cyclegan.keras")],
            "makes no images of latents",
        ),
        (["--real", real, "--fake", str(tmp_path / "none.npz")], "There are no statistics"),
        (["--real", str(tmp_path / "empty"), "--fake", fake], "holds no images"),
        (["--real", str(tmp_path / "images.npz"), "--fake", fake], "holds no statistics"),
        (["--real", str(tmp_path / "few.npz"), "--fake", fake], "quarters gives 12 features, but"),
        (["--real", statistics, "--fake", statistics], "one at least must be images"),
        (["--real", real, "--fake", fake, "--resize", "nearest"], "`resize` is one of"),
    ):
        assert main([*sides, *arguments]) == 2
        (line,) = capsys.readouterr().err.strip().splitlines()
        assert said in line
        assert not (tmp_path / "run").exists()
