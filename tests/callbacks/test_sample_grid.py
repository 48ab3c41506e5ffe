"""Grids of samples."""

from pathlib import Path

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.callbacks import SampleGrid
from keras_gans.callbacks.pictures import label_rows, put_before
from keras_gans.callbacks.sample_grid import names_of_rows, usual_rows
from keras_gans.data import ImageDataset, to_uint8
from keras_gans.latents import Categorical, Normal
from keras_gans.models import GAN
from keras_gans.samples.pictures import make_grid, make_large_grid
from tests.harness import (
    conditional_gan,
    dense_gan,
    images,
    images_for,
    labels,
    pix2pix,
    resident_megabytes,
)


def fit(callback, epochs=2, **arguments):
    model = dense_gan(**arguments)
    model.compile()
    model.fit(images_for(model), epochs=epochs, verbose=0, callbacks=[callback])
    return model


def test_every_epoch_gives_a_grid_and_the_end_an_animation(tmp_path):
    grid = SampleGrid(tmp_path / "samples", rows=2, columns=3)
    model = fit(grid)
    names = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert names == ["animation.gif", "epoch_0000.png", "epoch_0001.png", "epoch_0002.png"]
    last = np.asarray(Image.open(tmp_path / "samples/epoch_0002.png"))
    expected = make_grid(model.generate(latents=grid.latents), columns=3)[..., 0]
    scale = len(last) // len(expected)
    np.testing.assert_array_equal(last, expected.repeat(scale, 0).repeat(scale, 1))
    with Image.open(tmp_path / "samples/animation.gif") as animation:
        assert animation.n_frames == 3


def test_the_averaged_generator_is_the_one_that_is_shown(tmp_path):
    grid = SampleGrid(tmp_path, rows=1, columns=1)
    model = fit(grid, ema_decay=0.9)
    rng = np.random.default_rng(0)
    for weight in model.averaged_generator.weights:
        weight.assign(rng.normal(size=tuple(weight.shape)))
    grid.save(7)
    averaged = to_uint8(model.averaged_generator.predict(grid.latents, verbose=0))
    trained = to_uint8(model.generator.predict(grid.latents, verbose=0))
    shown = np.asarray(Image.open(tmp_path / "epoch_0007.png"))
    scale = 64 // 4
    picture = shown[2 * scale :: scale, 2 * scale :: scale][:4, :4]
    assert np.abs(picture.astype(int) - averaged[0, ..., 0]).max() <= 1
    assert (averaged != trained).any()


def test_a_grid_every_few_epochs(tmp_path):
    fit(SampleGrid(tmp_path, rows=1, columns=1, every=2), epochs=4)
    assert [path.stem for path in sorted(tmp_path.glob("*.png"))] == [
        "epoch_0000",
        "epoch_0002",
        "epoch_0004",
    ]


def test_the_same_seed_gives_the_same_latents(tmp_path):
    grids = [SampleGrid(tmp_path / str(i), rows=1, columns=2, seed=4) for i in range(2)]
    for grid in grids:
        fit(grid, epochs=1)
    np.testing.assert_array_equal(grids[0].latents, grids[1].latents)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads Linux's /proc")
def test_three_hundred_grids_take_one_trace_and_no_memory(tmp_path):
    model = dense_gan()
    traces = []
    call = model.call
    object.__setattr__(model, "call", lambda *a, **k: traces.append(1) or call(*a, **k))
    grid = SampleGrid(tmp_path, rows=2, columns=2)
    grid.set_model(model)
    grid.on_train_begin()
    for epoch in range(50):
        grid.save(epoch)
    before, traced = resident_megabytes(), len(traces)
    for epoch in range(300):
        grid.save(epoch % 10)
    assert resident_megabytes() - before < 20
    if keras.backend.backend() != "torch":
        assert len(traces) == traced


def test_tensorboard_gets_the_grids_when_asked(tmp_path):
    pytest.importorskip("tensorflow", reason="TensorBoard summaries are written by TensorFlow")
    pytest.importorskip("tensorboard", reason="the extra 'tensorboard' is not installed")
    from tensorflow.python.summary.summary_iterator import summary_iterator

    fit(SampleGrid(tmp_path / "a", rows=1, columns=2, tensorboard=tmp_path / "b"), epochs=1)
    (file,) = (tmp_path / "b").iterdir()
    tags = [v.tag for event in summary_iterator(str(file)) for v in event.summary.value]
    assert tags == ["samples", "samples"]


def test_a_model_without_latents_is_refused_before_training(tmp_path):
    model = pix2pix()
    model.compile()
    with pytest.raises(TypeError, match="Pix2Pix makes none"):
        model.fit(
            images(4, (8, 8, 1)), images(4, (8, 8, 3)), verbose=0, callbacks=[SampleGrid(tmp_path)]
        )


def test_bad_arguments_are_refused(tmp_path):
    with pytest.raises(ValueError, match="folder of TensorBoard must lie on this machine"):
        SampleGrid(tmp_path, tensorboard="gs://bucket/logs")
    with pytest.raises(ValueError, match="columns must be 1 or more; it was 0"):
        SampleGrid(tmp_path, columns=0)


def fit_on_classes(callback, epochs=1, **arguments):
    model = conditional_gan(**arguments)
    model.compile()
    dataset = ImageDataset(
        images_for(model), 4, fields={"labels": labels()}, class_names=["bag", "coat", "shirt"]
    )
    model.fit(dataset, epochs=epochs, verbose=0, callbacks=[callback])
    return model


def test_each_class_has_a_row_with_its_name(tmp_path):
    grid = SampleGrid(tmp_path, columns=2)
    model = fit_on_classes(grid)
    made = model.generate(
        latents=grid.latents, labels=["bag", "bag", "coat", "coat", *["shirt"] * 2]
    )
    rows = [make_large_grid(row, 2) for row in np.split(made, 3)]
    expected = label_rows(np.concatenate(rows), ["bag", "coat", "shirt"])
    shown = np.asarray(Image.open(tmp_path / "epoch_0001.png"))
    np.testing.assert_array_equal(shown, expected[..., 0])


@pytest.mark.parametrize(
    ("conditions", "ids", "names"),
    [
        ({"labels": ["shirt", "bag"]}, [2, 0], ["shirt", "bag"]),
        ({"labels": np.array([1, 1, 2])}, [1, 1, 2], ["coat", "coat", "shirt"]),
    ],
)
def test_other_rows_are_shown_where_they_are_asked_for(tmp_path, conditions, ids, names):
    grid = SampleGrid(tmp_path, columns=1, conditions=conditions)
    model = fit_on_classes(grid)
    made = model.generate(latents=grid.latents, labels=ids)
    expected = label_rows(np.concatenate([make_large_grid(one[None], 1) for one in made]), names)
    shown = np.asarray(Image.open(tmp_path / "epoch_0001.png"))
    np.testing.assert_array_equal(shown, expected[..., 0])


def test_classes_without_names_are_shown_by_their_numbers():
    model = conditional_gan()
    assert names_of_rows(model, {"labels": [2, 0]}) == ["2", "0"]
    model.class_names = ("bag",)
    assert names_of_rows(model, {"labels": np.array([2, 0])}) == ["2", "bag"]
    assert usual_rows(model) == 3
    assert usual_rows(dense_gan()) == 6
    assert usual_rows(conditional_gan(classes=1000)) == 20


def two_sources():
    noise = keras.Input((3,), name="noise")
    code = keras.Input((), dtype="int32", name="code")
    x = keras.layers.Concatenate()([noise, keras.layers.Embedding(2, 3)(code)])
    x = keras.layers.Reshape((4, 4, 1))(keras.layers.Dense(16, activation="tanh")(x))
    generator = keras.Model([noise, code], x)
    latents = {"noise": Normal(3), "code": Categorical(2)}
    return GAN(generator, dense_gan().discriminator, latents=latents, seed=3)


def test_sources_that_are_left_out_are_drawn_once(tmp_path):
    noise = np.random.default_rng(0).normal(size=(4, 3))
    grid = SampleGrid(tmp_path, 2, 2, latents={"noise": noise}, seed=5)
    grid.set_model(two_sources())
    grid.on_train_begin()
    np.testing.assert_array_equal(grid.latents["noise"], noise)
    np.testing.assert_array_equal(grid.latents["code"], grid.model.draw_latents(4, seed=5)["code"])
    np.testing.assert_array_equal(grid.picture(), grid.picture())


def test_latents_of_the_only_source_can_have_a_row_each(tmp_path):
    model, latents = dense_gan(), np.array([[1, 2, 3, 4], [0, 0, 0, 0]], "float32")
    grid = SampleGrid(tmp_path, columns=2, conditions={"latents": latents})
    grid.set_model(model)
    grid.on_train_begin()
    shown = make_large_grid(model.generate(latents=latents.repeat(2, axis=0)), 2)
    np.testing.assert_array_equal(grid.picture(), shown)


def test_an_image_that_the_model_reads_stands_before_its_row(tmp_path):
    latents, sketch = keras.Input((4,), name="latents"), keras.Input((4, 4, 1), name="sketch")
    x = keras.layers.Concatenate()([latents, keras.layers.Flatten()(sketch)])
    x = keras.layers.Reshape((4, 4, 1))(keras.layers.Dense(16, activation="tanh")(x))
    model = GAN(keras.Model([latents, sketch], x), dense_gan().discriminator, 4, seed=3)
    sketches = images(2, (4, 4, 1))
    grid = SampleGrid(tmp_path, columns=2, conditions={"sketch": sketches})
    grid.set_model(model)
    grid.on_train_begin()
    made = model.generate(latents=grid.latents, sketch=sketches.repeat(2, axis=0))
    rows = [make_large_grid(row, 2) for row in (made[:2], made[2:])]
    rows = [put_before(*row) for row in zip(sketches, rows, strict=True)]
    np.testing.assert_array_equal(grid.picture(), np.concatenate(rows))


def test_the_codes_of_a_source_can_have_a_row_each(tmp_path):
    model = two_sources()
    grid = SampleGrid(tmp_path, columns=2, conditions={"code": [0, 1]})
    grid.set_model(model)
    grid.on_train_begin()
    made = model.generate(latents={**grid.latents, "code": np.array([0, 0, 1, 1])})
    rows = np.concatenate([make_large_grid(row, 2) for row in (made[:2], made[2:])])
    np.testing.assert_array_equal(grid.picture(), label_rows(rows, ["0", "1"]))


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ({"conditions": {"labels": [0, 1]}, "rows": 3}, ValueError, "its 3 rows have 2 labels"),
        ({"conditions": {"labels": [0, 3]}}, ValueError, "3 is one"),
        ({"conditions": {"pose": [0, 3]}}, TypeError, "reads labels; it was given 'pose'"),
        ({"conditions": {"labels": 2}}, ValueError, r"labels is 2: pass a list .* as \[2\]"),
        ({"conditions": {"labels": "bag"}}, ValueError, r"labels is 'bag': .* as \['bag'\]"),
        ({"latents": {"noise": np.zeros((24, 4))}}, ValueError, "'noise' is none"),
    ],
)
@pytest.mark.parametrize("resumed", [False, True])
def test_rows_that_cannot_be_shown_are_told_before_training(
    tmp_path, arguments, error, sentence, resumed
):
    if resumed:
        (tmp_path / "epoch_0000.png").touch()
    with pytest.raises(error, match=sentence):
        fit_on_classes(SampleGrid(tmp_path, **arguments))
