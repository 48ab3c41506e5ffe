"""The main job, on tiny settings."""

import json
import shutil

import keras
import numpy as np
import pytest

from keras_gans_cli.dcgan import main, options_of, prepare, train
from keras_gans_cli.generation import number_of_clusters
from keras_gans_cli.options import fast_precision
from tests.backends import programs_once, shown_on_tensorflow, written_once
from tests.cli.pictures import assert_results_came_first, write_classes, write_pictures

TINY = ["--image-size", "16", "--width", "2", "--epochs", "2", "--batch-size", "8"]
TINY += ["--precision", "float32"]  # The policy is that of the process.


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder of a few pictures."""
    return write_pictures(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    """A folder of pictures whose sub-folders are their classes."""
    return write_classes(tmp_path_factory.mktemp("classes"))


@pytest.fixture(scope="module")
def with_labels(classes, tmp_path_factory):
    """A run with labels that was interrupted after one epoch and resumed."""
    output = tmp_path_factory.mktemp("runs") / "labels"
    common = ["--labels", "--data", str(classes), "--output", str(output), *TINY]
    assert main([*common, "--epochs", "1"]) == 0
    assert main([*common, "--resume"]) == 0
    return output


@pytest.fixture(scope="module")
def finished(folder, tmp_path_factory):
    """A run that was interrupted after one epoch and resumed."""
    output = tmp_path_factory.mktemp("runs") / "dcgan"
    common = ["--data", str(folder), "--output", str(output), *TINY]
    assert main([*common, "--epochs", "1"]) == 0
    assert main([*common, "--resume"]) == 0
    return output


def test_everything_that_was_promised_is_there(finished):
    names = {path.name for path in finished.iterdir()}
    assert names == {
        "checkpoint",
        "curves.png",
        "environment.json",
        "logs.csv",
        "model.keras",
        "samples",
        "saved_model",
        "scores.json",
        "settings.json",
    }
    assert (finished / "samples" / "animation.gif").exists()
    assert (finished / "samples" / "epoch_0002.png").exists()
    assert_results_came_first(finished, "samples/animation.gif")


def test_the_scores_of_every_epoch_stand_beside_their_protocol(finished):
    scores = json.loads((finished / "scores.json").read_text())
    assert [row["epoch"] for row in scores["epochs"]] == [1, 2]
    name = scores["score"]
    assert scores["trained"] == pytest.approx(scores["epochs"][-1][name])
    assert min(scores["untrained"], scores["real_against_real"]) > 0
    assert scores["protocol"]["extractor"] == "cifar10"  # The pictures are in colour.
    assert scores["protocol"]["num_real"] == scores["protocol"]["num_fake"] > 0


def test_the_card_of_the_export_says_what_it_was_trained_on_and_how_good_it_is(finished, folder):
    card = (finished / "saved_model" / "MODEL_CARD.md").read_text()
    assert f"| trained on | {folder} |" in card
    score = json.loads((finished / "scores.json").read_text())["trained"]
    assert f"| frechet_cifar10 | {score:.6g} |" in card


def test_the_model_loads_and_generates(finished):
    model = keras.saving.load_model(finished / "model.keras")
    assert model.generate(2, seed=0).shape == (2, 16, 16, 3)


def test_a_resumed_run_is_the_straight_one(finished, folder, tmp_path):
    assert main(["--data", str(folder), "--output", str(tmp_path / "run"), *TINY]) == 0
    straight, resumed = (
        json.loads((path / "scores.json").read_text()) for path in (tmp_path / "run", finished)
    )
    assert straight == resumed


@programs_once
def test_with_labels_it_makes_images_of_the_classes(with_labels):
    model = keras.saving.load_model(with_labels / "model.keras")
    assert model.class_names == ("cat", "dog")
    assert model.generate(labels=["dog", "cat", "dog"], seed=0).shape == (3, 16, 16, 3)


@written_once
def test_with_labels_it_exports_what_takes_them(with_labels):
    import tensorflow as tf

    exported = tf.saved_model.load(with_labels / "saved_model")
    labels = np.array([1, 0, 1], "int32")
    made = exported.signatures["generate"](
        num_images=tf.constant(3), seed=tf.constant(7, tf.int64), labels=tf.constant(labels)
    )
    assert made["images"].shape == (3, 16, 16, 3)
    model = keras.saving.load_model(with_labels / "model.keras")
    latents = model.draw_latents(3, seed=7)
    served = exported.signatures["from_latents"](latents=latents, labels=labels)["images"]
    wanted = model.generate(latents=latents, labels=labels)
    np.testing.assert_allclose(served, wanted, atol=1)  # Of 255: another order of summation.


@shown_on_tensorflow("exact resuming with labels is tested on each backend by the harness")
def test_a_resumed_run_with_labels_is_the_straight_one(with_labels, classes, tmp_path):
    common = ["--labels", "folders", "--data", str(classes), *TINY]
    assert main([*common, "--output", str(tmp_path / "run")]) == 0
    straight, resumed = (
        json.loads((path / "scores.json").read_text()) for path in (tmp_path / "run", with_labels)
    )
    assert straight == resumed


@shown_on_tensorflow("a classifier is the same on every backend")
def test_a_classifier_says_what_the_embedded_labels_are_worth(tmp_path, capsys):
    arguments = ["--labels", "--epochs", "1", "--batch-size", "1000"]
    assert main([*TINY, *arguments, "--output", str(tmp_path / "run")]) == 0
    scores = json.loads((tmp_path / "run" / "scores.json").read_text())
    assert 0 <= scores["recognized"] < 0.5 < scores["recognized_real"] < 1
    last = capsys.readouterr().out.strip().splitlines()[-1]
    assert f"recognizes {scores['recognized']:.1%} of its samples" in last
    assert f"of real images {scores['recognized_real']:.1%}" in last


def test_images_without_a_label_are_told(classes, tmp_path, capsys):
    table = tmp_path / "labels.csv"
    table.write_text("file,label\n" + "".join(f"cat/{i}.png,{i % 2}\n" for i in range(24)))
    output = tmp_path / "run"
    common = [*TINY, "--data", str(classes), "--output", str(output)]
    assert main([*common, "--labels", str(table)]) == 2
    assert "24 of 48 images have no label" in capsys.readouterr().err
    assert not output.exists()


def test_numbers_of_classes_that_no_image_has_are_told(classes, tmp_path, capsys):
    table, output = tmp_path / "labels.csv", tmp_path / "run"
    codes = {"cat": 90_210, "dog": 90_211}
    rows = [f"{name}/{i}.png,{code}\n" for name, code in codes.items() for i in range(24)]
    table.write_text("file,label\n" + "".join(rows))
    common = [*TINY, "--data", str(classes), "--output", str(output)]
    assert main([*common, "--labels", str(table)]) == 2
    assert "2 different labels, and the largest is 90211" in capsys.readouterr().err
    assert not output.exists()


@programs_once
def test_a_run_whose_folders_were_renamed_is_not_resumed(with_labels, classes, tmp_path, capsys):
    run, data = tmp_path / "run", tmp_path / "data"
    shutil.copytree(with_labels, run)
    shutil.copytree(classes, data)
    settings = json.loads((run / "settings.json").read_text())
    (run / "settings.json").write_text(json.dumps({**settings, "data": str(data)}))
    (data / "cat").rename(data / "emu")
    assert main(["--resume", "--output", str(run), "--epochs", "3"]) == 2
    said = capsys.readouterr().err
    assert "has the classes cat, dog, and the data now have dog, emu: resume it with" in said


def test_classes_are_scored_and_watched_in_the_proportion_of_the_images(classes, tmp_path):
    data = tmp_path / "data"
    shutil.copytree(classes, data)
    for i in range(6, 24):
        (data / "dog" / f"{i}.png").unlink()
    arguments = ["--labels", "--data", str(data), "--output", str(tmp_path / "run")]
    model, dataset, monitor, run = prepare(options_of([*TINY, *arguments]))
    handed_over = []

    def fit(dataset, epochs, callbacks):
        handed_over.extend(callbacks)
        raise KeyboardInterrupt

    object.__setattr__(model, "fit", fit)
    with pytest.raises(KeyboardInterrupt):
        train(model, dataset, monitor, run)
    score = handed_over[0]
    images, fields = dataset.sample_with_fields(30, seed=0)
    np.testing.assert_array_equal(score.images, images[:15])
    np.testing.assert_array_equal(score.conditions["labels"], fields["labels"][:15])
    assert np.bincount(monitor.conditions["labels"]).tolist() == [24, 6]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--labels", "nowhere.csv"], "nowhere.csv"),
        (["--labels", "folders"], "folders"),
        (["--data", "nowhere"], "nowhere"),
        (["--image-size", "48"], "power of two"),
        (["--resume"], "no run to resume"),
    ],
)
def test_bad_input_gets_one_line_and_leaves_nothing(arguments, sentence, tmp_path, capsys):
    output = tmp_path / "run"
    assert main([*TINY, "--output", str(output), *arguments]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert sentence in line
    assert not output.exists()


def test_a_run_of_another_kind_is_not_touched(finished, folder, tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(finished, copy)
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*")}
    common = ["--data", str(folder), "--output", str(copy), *TINY]
    assert main(common) == 2
    assert "--resume" in capsys.readouterr().err
    assert main([*common, "--resume", "--seed", "5"]) == 2
    assert "--seed 0, not 5" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in copy.rglob("*")} == before


def test_other_images_than_clothes_are_told_what_the_score_is_worth(folder, tmp_path, capsys):
    arguments = ["--data", str(folder), "--output", str(tmp_path / "run"), *TINY]
    assert main([*arguments, "--epochs", "1"]) == 0
    said = capsys.readouterr().out
    n = len(list(folder.iterdir()))
    steps = -(-n // 8)
    assert said.count("a classifier of 32x32 photographs, which see what is coarse") == 2
    assert "Training clustered_dcgan on 2 clusters of images that look alike." in said
    assert f"this run makes {steps}. For as many: --epochs {-(-1500 // steps)}." in said
    assert f"after {steps} steps, when pictures have hardly emerged" in said


def test_epochs_are_as_many_as_the_precision_allows_in_the_same_time(monkeypatch):
    def chosen(*arguments):
        options = options_of([*arguments])
        return options.precision, options.epochs

    monkeypatch.setattr("keras_gans_cli.dcgan.fast_precision", lambda: "mixed_bfloat16")
    assert chosen() == ("mixed_bfloat16", 9)
    assert chosen("--epochs", "3") == ("mixed_bfloat16", 3)
    assert chosen("--precision", "float32") == ("float32", 7)
    assert chosen("--labels") == ("float32", 12)
    monkeypatch.undo()
    assert chosen()[0] == fast_precision()
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert chosen() == ("float32", 7)


@pytest.mark.parametrize(("num_images", "clusters"), [(4, 2), (200, 2), (7_679, 64), (10_000, 128)])
def test_a_cluster_has_sixty_images_where_there_are_enough(num_images, clusters):
    assert number_of_clusters(num_images) == clusters


@pytest.mark.parametrize("arguments", [["--epochs", "0"], ["--seed", "-1"], ["--batch-size", "x"]])
def test_wrong_numbers_are_told_by_the_parser(arguments):
    with pytest.raises(SystemExit) as exit_status:
        main(arguments)
    assert exit_status.value.code == 2
