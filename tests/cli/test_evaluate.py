"""The program that scores images against others."""

import json
import shutil

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.data import streams
from keras_gans.metrics import FrechetDistance, InceptionScore, feature_cache
from keras_gans_cli import evaluate, progress
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
    """Options, with files of the features of ten images."""
    monkeypatch.setattr(feature_cache, "CHUNK", 10)
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
    assert found["protocol"]["size of pixels"] == [16, 16, 3]
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
    assert sorted(looked_at) == [f"b/{i:02d}.png" for i in range(30)]
    first, second = (results_in(tmp_path / name)["results"] for name in ("run", "again"))
    assert first[0] == second[0]


def watched(monkeypatch, stop_after=None):
    """The list of the files that are read from now on; after so many Ctrl-C is pressed."""
    progress, read, looked_at = evaluate.Progress.update, streams.ImageFiles._read, []

    def reading(self, row):
        looked_at.append(f"{self.folder[-1]}/{self.names[row]}")
        return read(self, row)

    def telling(self, done):
        progress(self, done)
        if done == stop_after:
            raise KeyboardInterrupt

    monkeypatch.setattr(streams.ImageFiles, "_read", reading)
    monkeypatch.setattr(evaluate.Progress, "update", telling)
    return looked_at


def test_what_was_interrupted_goes_on(folders, arguments, tmp_path, capsys, monkeypatch):
    sides = ["--real", str(folders[0]), "--fake", str(folders[1])]
    with monkeypatch.context() as patch:
        watched(patch, stop_after=50)  # Before the last ten generated images.
        assert main([*sides, *arguments]) == 130
    said = capsys.readouterr().err.strip()
    assert said.endswith(f"keras-gans evaluate --resume --output {tmp_path / 'run'}")
    looked_at = watched(monkeypatch)
    monkeypatch.setattr(evaluate, "scores_of_pixels", lambda *a: [])
    monkeypatch.setattr(evaluate, "draw_neighbours", lambda *a: None)
    assert main(["--resume", "--output", str(tmp_path / "run")]) == 0
    assert sorted(looked_at) == [f"b/{i}.png" for i in range(20, 30)]
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
    with pytest.warns(UserWarning, match=r"Skipped 1 of 30 images.*05\.png"):
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
    real = images_in(folders[0])
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
    for name in ("empty", "begun"):
        (tmp_path / name).mkdir()
    (tmp_path / "begun" / "settings.json").write_text("{}")
    cyclegan().save(tmp_path / "cyclegan.keras")
    np.savez(tmp_path / "images.npz", arr_0=np.zeros(3))
    np.savez(tmp_path / "few.npz", mu=np.zeros(3), sigma=np.eye(3))
    np.savez(tmp_path / "statistics.npz", mu=np.zeros(12), sigma=np.eye(12))
    statistics = str(tmp_path / "statistics.npz")
    for sides, said in (
        (["--real", real], "Name what to score: --fake"),
        (["--real", real, "--fake", str(tmp_path / "none")], "there is none"),
        (["--real", real, "--fake", str(tmp_path / "none.keras")], "is no .keras file"),
        (
            ["--real", real, "--fake", str(tmp_path / "cyclegan.keras")],
            "makes no images of latents",
        ),
        (["--real", real, "--fake", str(tmp_path / "none.npz")], "There are no statistics"),
        (["--real", str(tmp_path / "empty"), "--fake", fake], "holds no images"),
        (["--real", str(tmp_path / "images.npz"), "--fake", fake], "holds no statistics"),
        (["--real", str(tmp_path / "few.npz"), "--fake", fake], "quarters gives 12 features, but"),
        (["--real", statistics, "--fake", statistics], "one at least must be images"),
        (["--real", real, "--fake", str(tmp_path / "begun")], "has not written its model.keras"),
        (["--real", statistics, "--fake", fake, "--held-out", real], "compares images, not"),
        (["--real", real, "--fake", fake, "--resize", "nearest"], "`resize` is one of"),
    ):
        assert main([*sides, *arguments]) == 2
        (line,) = capsys.readouterr().err.strip().splitlines()
        assert said in line
        assert not (tmp_path / "run").exists()


def test_copies_are_found_where_training_and_held_out_images_are_named(
    folders, arguments, tmp_path, capsys
):
    training, held_out = map(str, folders)
    common = ["--real", training, "--fake", training, "--held-out", held_out]
    assert main([*common, *arguments]) == 0
    found = {k: v for r in results_in(tmp_path / "run")["results"] for k, v in r["values"].items()}
    assert found["memorization_quarters_ratio"] == 0
    assert found["memorization_quarters_copies"] == 1
    said = capsys.readouterr().out
    assert "about 0.01; more where training images are copied" in said
    assert not any(name.startswith("inception_score") for name in found)


def test_a_classifier_that_is_named_gives_the_inception_score(folders, arguments, tmp_path):
    path = str(tmp_path / "classes.keras")
    layers = [keras.Input((16, 16, 3)), keras.layers.Flatten(), keras.layers.Dense(4)]
    keras.Sequential(layers, name="classes").save(path)
    sides = ["--real", str(folders[0]), "--fake", str(folders[1]), "--classifier", path]
    assert main([*sides, *arguments]) == 0
    (result,) = [
        r
        for r in results_in(tmp_path / "run")["results"]
        if r["protocol"]["metric"] == "InceptionScore"
    ]
    expected = InceptionScore(path).compare(None, images_in(folders[1]))
    assert result["values"] == pytest.approx(expected, rel=1e-4)
    assert result["protocol"]["num_real"] == 0


def test_each_image_gets_from_its_own_size_to_the_extractor(
    folders, arguments, extractor, tmp_path
):
    real = tmp_path / "large"
    real.mkdir()
    for i in range(12):
        Image.effect_noise((40 + i, 60), 90).convert("RGB").save(real / f"{i:02d}.png")
    sides = ["--real", str(real), "--fake", str(folders[1])]
    assert main([*sides, *arguments, "--resize", "clean"]) == 0
    value = results_in(tmp_path / "run")["results"][0]["values"]["frechet_quarters"]
    expected = FrechetDistance(extractor, resize="clean").compare(real, folders[1])
    assert value == pytest.approx(expected, rel=1e-5)


def test_a_log_gets_a_line_now_and_then_and_says_how_long_the_rest_takes(capsys, monkeypatch):
    now = iter([0.0, 1.0, 10.0, 31.0, 32.0, 40.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(now))
    bar = progress.Progress(1000, "images")
    for done in (100, 110, 200, 410, 420, 1000):
        bar.update(done)
    assert capsys.readouterr().out.splitlines() == [
        "100 of 1,000 images",
        "410 of 1,000 images, 10 a second, 59 s left",
        "1,000 of 1,000 images in 40 s",
    ]
    assert [progress.time_of(s) for s in (9, 61, 3725)] == ["9 s", "1:01 min", "1:02 h"]
