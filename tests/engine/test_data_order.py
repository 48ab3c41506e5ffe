"""The order of the data, and what is held out of them."""

import numpy as np
import pytest

from keras_gans.engine.data_order import hold_out
from tests.harness import dense_gan, images_for


def test_an_array_comes_in_another_order_each_epoch_and_in_the_same_ones_in_each_run():
    seen = []
    for _ in range(2):
        model = dense_gan()
        model.compile(run_eagerly=True)
        images = model.images

        def watched(data, images=images):
            batch = images(data)
            seen.append(np.round(127.5 * np.asarray(batch) + 127.5).astype("uint8")[:, 0, 0, 0])
            return batch

        object.__setattr__(model, "images", watched)
        model.fit(images_for(model, 6), batch_size=6, epochs=2, verbose=0)
    first, second, again_first, again_second = seen
    assert sorted(first) == sorted(second)
    assert (first != second).any()
    assert (first == again_first).all()
    assert (second == again_second).all()


def test_the_last_share_of_an_array_is_held_out_in_batches_of_the_same_size():
    model = dense_gan()
    model.compile(run_eagerly=True)
    sizes = []
    test_step = model.test_step

    def watched(data):
        sizes.append(len(data[0] if isinstance(data, tuple) else data))
        return test_step(data)

    object.__setattr__(model, "test_step", watched)
    history = model.fit(
        images_for(model, 12), batch_size=2, validation_split=0.25, verbose=0
    ).history
    assert sizes == [2, 1]
    assert np.isfinite(history["val_loss"]).all()
    rest, held_out = hold_out(np.arange(12), 0.25)
    assert (rest.tolist(), held_out.tolist()) == (list(range(9)), [9, 10, 11])


def test_what_cannot_be_cut_is_told():
    with pytest.raises(ValueError, match="leaves none on one side"):
        hold_out(np.zeros((3, 4)), 0.01 + 0.99)
    with pytest.raises(ValueError, match="x is a generator"):
        hold_out((i for i in range(3)), 0.5)


def late_nan():
    images = np.random.default_rng(0).uniform(-1, 1, (40, 4, 4, 1)).astype("float32")
    images[39, 0, 0, 0] = np.nan
    return images


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (np.zeros((0, 4, 4, 1), "uint8"), "nothing to train on"),
        (np.full((4, 4, 4, 1), 7, "uint8"), "every pixel of all 4 images is 7"),
        (np.full((4, 4, 4, 1), np.nan, "float32"), "finite pixels"),
        (late_nan(), "1 of its 40 samples hold NaN or infinite ones, number 39 first"),
    ],
)
def test_data_that_teach_nothing_are_told_before_the_first_step(x, said):
    model = dense_gan()
    model.compile()
    with pytest.raises(ValueError, match=said):
        model.fit(x, verbose=0)


def test_endless_data_need_a_number_of_steps():
    tf = pytest.importorskip("tensorflow", reason="tf.data is TensorFlow's")
    model = dense_gan()
    model.compile()
    images = tf.data.Dataset.from_tensor_slices(images_for(model)).batch(2)
    with pytest.raises(ValueError, match=r"has no end.*steps_per_epoch"):
        model.fit(images.repeat(), verbose=0)
    with pytest.raises(ValueError, match="nothing to train on"):
        model.fit(images.take(0), verbose=0)
