"""Data are looked at before a step is made."""

import keras
import numpy as np
import pytest

from tests.harness import dense_gan, images_for, state_of


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
    from keras_gans.data import ImageDataset

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
