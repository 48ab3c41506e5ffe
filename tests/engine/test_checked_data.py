"""Data are looked at before a step is made."""

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.data import ImageDataset, images
from tests.harness import conditional_gan, dense_gan, images_for, state_of


@pytest.mark.parametrize("scale", [255.0, 1.5])
def test_floats_out_of_range_are_told_before_the_first_step(scale):
    model = dense_gan()
    model.compile()
    pixels = images_for(model).astype("float32") / 255 * scale
    before = state_of(model.weights)
    with pytest.raises(ValueError, match=r"\[-1, 1\].*range from.*127\.5 - 1"):
        model.fit(pixels, verbose=0)
    for a, b in zip(before, model.weights, strict=True):
        np.testing.assert_array_equal(a, b.numpy())


def test_images_of_another_shape_are_told():
    model = dense_gan()
    model.compile()
    with pytest.raises(ValueError, match=r"\[n, 4, 4, 1\].*\[2, 8, 8, 1\]"):
        model.fit(np.zeros((2, 8, 8, 1), "uint8"), verbose=0)


@pytest.mark.parametrize("name", ["sample_weight", "class_weight"])
def test_weights_are_refused_and_not_ignored(name):
    model = dense_gan()
    model.compile()
    with pytest.raises(ValueError, match=f"no use for `{name}`"):
        model.fit(images_for(model), verbose=0, **{name: {0: 1.0}})


def test_a_generator_of_batches_trains_whole():
    model = dense_gan()
    model.compile()
    pixels = images_for(model, 6)
    model.fit(
        ((pixels[i : i + 2],) for i in (0, 2, 4)), steps_per_epoch=3, shuffle=False, verbose=0
    )
    assert int(model.optimizer.iterations) == 3


def test_labels_beside_the_images_are_ignored():
    model = dense_gan()
    model.compile()
    with pytest.warns(UserWarning, match="reads images alone"):
        model.fit(images_for(model, 4), np.zeros(4), batch_size=2, verbose=0)
    assert int(model.optimizer.iterations) == 2


def test_a_data_set_of_the_package_runs_in_its_own_order():
    model = dense_gan()
    model.compile(run_eagerly=True)
    pixels = np.arange(8, dtype="uint8").repeat(16).reshape(8, 4, 4, 1)
    dataset = ImageDataset(pixels, batch_size=4, seed=5)
    seen = []
    train_step = model.train_step

    def watched(data):
        images = keras.utils.unpack_x_y_sample_weight(data)[0]
        seen.extend(keras.ops.convert_to_numpy(images)[:, 0, 0, 0].tolist())
        return train_step(data)

    object.__setattr__(model, "train_step", watched)
    model.fit(dataset, epochs=3, initial_epoch=1, verbose=0)
    assert seen == [*dataset.order(1).tolist(), *dataset.order(2).tolist()]


NAMES = ("bag", "coat", "shirt")


def named_data(names, n=10):
    ids = np.arange(n) % min(3, len(names))
    return ImageDataset(
        images_for(conditional_gan(), n), 4, fields={"labels": ids}, class_names=names
    )


@pytest.mark.parametrize("part", ["x", "validation_data", "evaluate"])
def test_other_names_of_classes_are_refused_before_a_step(part):
    model = conditional_gan()
    model.compile()
    model.class_names = NAMES
    other = named_data(("bag", "hat", "shirt"))
    with pytest.raises(
        ValueError, match=r"Class 1 of this GAN is 'coat', .* data is 'hat'.* = None"
    ):
        if part == "evaluate":
            model.evaluate(other, verbose=0)
        elif part == "x":
            model.fit(other, verbose=0)
        else:
            model.fit(named_data(NAMES), validation_data=other, verbose=0)
    assert int(model.optimizer.iterations) == 0
    assert model.class_names == NAMES


def test_a_model_learns_other_classes_where_that_is_meant():
    model = conditional_gan()
    model.compile()
    model.fit(named_data(NAMES), verbose=0)
    model.fit(named_data(NAMES), verbose=0)
    model.class_names = None
    model.fit(named_data(("ant", "bee", "cat")), verbose=0)
    assert model.class_names == ("ant", "bee", "cat")


@pytest.mark.parametrize("names", [NAMES[:2], (*NAMES, "hat")])
def test_as_many_names_as_the_networks_have_classes_are_wanted(names):
    model = conditional_gan()
    model.compile()
    with pytest.raises(ValueError, match=f"have 3 classes, and the data name {len(names)}: "):
        model.fit(named_data(names), verbose=0)
    assert int(model.optimizer.iterations) == 0
    assert model.class_names is None


def without(*missing, n=30):
    """Labels of three classes, some of which no image has."""
    return np.resize(np.setdiff1d(np.arange(3), missing), n).astype("int32")


@pytest.mark.parametrize("form", ["arrays", "lists", "a data set", "names"])
def test_a_class_without_images_is_mentioned_once_before_the_first_step(form):
    model = conditional_gan()
    model.compile(run_eagerly=True)
    pixels, ids = images_for(model, 30), without(1)
    names = {"class_names": NAMES} if form == "names" else {}
    data = {"arrays": (pixels, ids), "lists": (pixels, ids.tolist())}.get(
        form, (ImageDataset(pixels, 30, fields={"labels": ids}, **names),)
    )
    # Here warnings are errors: it comes before the step that would end the `fit`.
    sentence = f"None of the 30 images in `x` has {'coat' if names else 1} for its `labels`, of 3"
    with pytest.raises(UserWarning, match=sentence):
        model.fit(*data, batch_size=None if len(data) == 1 else 30, verbose=0)
    assert model.steps_taken("generator") == 0
    model.fit(*data, verbose=0)
    assert model.steps_taken("generator") == 1


def test_a_table_that_leaves_a_class_out_is_mentioned_too(tmp_path):
    model = conditional_gan()
    model.compile()
    rows = ["file,label"]
    for i, pixels in enumerate(images_for(model, 30)):
        Image.fromarray(pixels[..., 0]).save(tmp_path / f"{i}.png")
        rows.append(f"{i}.png,{2 * (i % 2)}")
    table = tmp_path / "labels.csv"
    table.write_text("\n".join(rows))
    data = images(tmp_path, (4, 4, 1), labels=str(table), batch_size=10)
    with pytest.raises(UserWarning, match="has 1 for its `labels`"):
        model.fit(data, verbose=0)


def test_nothing_is_said_of_few_images_and_of_classes_that_are_all_there():
    model = conditional_gan()
    model.compile(run_eagerly=True)
    for ids in (without(1, n=29), without()):
        model.fit(images_for(model, len(ids)), ids, batch_size=30, verbose=0)
    pixels = images_for(model, 30)
    # What is held out, or evaluated, may be of one class.
    held_out = pixels, without(0, 1)
    model.fit(pixels, without(), batch_size=30, verbose=0, validation_data=held_out)
    model.evaluate(*held_out, batch_size=30, verbose=0)


def test_of_many_classes_without_images_five_are_named():
    model = conditional_gan(classes=8)
    model.compile()
    with pytest.raises(UserWarning, match="has 1 or 2 or 3 or 4 or 5 or 2 others for its"):
        model.fit(images_for(model, 80), np.zeros(80, "int32"), verbose=0)
