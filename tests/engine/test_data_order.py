"""The order of the data, and what is held out of them."""

import tracemalloc

import keras
import numpy as np
import pytest

from keras_gans.data import GrowingImages, ImageDataset
from keras_gans.engine.data_order import DataOrder, as_numpy, hold_out, in_seeded_order
from keras_gans.models import GAN
from tests.harness import assert_equal, dense_gan, images_for, pix2pix, state_of


def test_an_array_comes_in_another_order_each_epoch_and_in_the_same_ones_in_each_run():
    seen = []
    for _ in range(2):
        model = dense_gan()
        model.compile(run_eagerly=True)
        read = model.batch

        def watched(data, read=read):
            batch = read(data)
            pixels = 127.5 * keras.ops.convert_to_numpy(batch.samples)[:, 0, 0, 0] + 127.5
            seen.append(np.round(pixels).astype("uint8"))
            return batch

        object.__setattr__(model, "batch", watched)
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
        sizes.append(len(data[0] if isinstance(data, (tuple, list)) else data))
        return test_step(data)

    object.__setattr__(model, "test_step", watched)
    history = model.fit(
        images_for(model, 12), batch_size=2, validation_split=0.25, verbose=0
    ).history
    assert sizes == [2, 1]
    assert np.isfinite(history["val_loss"]).all()
    rest, held_out = hold_out(np.arange(12), 0.25)
    assert (rest.tolist(), held_out.tolist()) == (list(range(9)), [9, 10, 11])


def test_structures_of_arrays_are_cut_at_one_place():
    data = {"images": np.arange(24).reshape(12, 2), "labels": np.arange(12)}
    rest, held_out = hold_out(data, 0.25)
    assert rest["labels"].tolist() == list(range(9))
    assert held_out["images"].tolist() == data["images"][9:].tolist()
    (rest, _), (held_out, fields) = hold_out((data["images"], {"labels": data["labels"]}), 0.5)
    assert (len(rest), len(held_out)) == (6, 6)
    assert fields["labels"].tolist() == list(range(6, 12))


def test_arrays_with_fields_come_in_the_order_of_the_images_alone():
    images, labels = np.arange(10.0).reshape(10, 1, 1, 1) / 10, np.arange(10)
    alone = in_seeded_order(images, {}, 4, True, 7)
    fields = {"labels": keras.ops.convert_to_tensor(labels), "pose": np.zeros((10, 2))}
    dataset = in_seeded_order(images, fields, 4, True, 7)
    assert isinstance(dataset, ImageDataset) and dataset.images is images
    for epoch in range(3):
        for index in range(3):
            batch, known = dataset.batch(epoch, index)
            np.testing.assert_array_equal(batch, alone.batch(epoch, index))
            np.testing.assert_array_equal(np.round(10 * batch.ravel()), known["labels"])
    assert DataOrder(dataset).doubt is None
    assert in_seeded_order(images, fields, None, True, 7).batch_size == 32
    for x, known, shuffle in (
        (images, {}, "batch"),
        (iter(images), {}, True),
        (images, {"labels": iter(labels)}, True),
    ):
        assert in_seeded_order(x, known, 4, shuffle, 7) is x


def test_a_fingerprint_is_also_one_of_the_fields():
    images = np.zeros((6, 8, 8, 1), "uint8")

    def fingerprint(labels, wrapped):
        dataset = ImageDataset(images, 6, fields={"labels": labels}, seed=1)
        return DataOrder(wrapped(dataset)).fingerprint()

    def growing(dataset):
        return GrowingImages(dataset, lambda seen: (8, 2, np.inf))

    for wrapped in (lambda dataset: dataset, growing):
        once, again = (fingerprint(np.arange(6), wrapped) for _ in range(2))
        assert once == again
        assert fingerprint(np.arange(6)[::-1], wrapped) != once
        assert DataOrder(wrapped(ImageDataset(images, 6, seed=1))).fingerprint() != once


def test_what_cannot_be_cut_is_told():
    with pytest.raises(ValueError, match="leaves none on one side"):
        hold_out(np.zeros((3, 4)), 0.01 + 0.99)
    with pytest.raises(ValueError, match="x is a generator"):
        hold_out((i for i in range(3)), 0.5)


def floats(late, shape=(4, 4, 1)):
    """40 samples, of which the last holds a value that is none of an image's."""
    samples = np.random.default_rng(0).uniform(-1, 1, (40, *shape)).astype("float32")
    samples[39].flat[0] = late
    return samples


LATE_NAN = "1 of its 40 samples hold NaN or infinite ones, number 39 first"
LATE_RANGE = r"`x` to lie in \[-1, 1\], but they range from -0.9\d+ to 255"


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (np.zeros((0, 4, 4, 1), "uint8"), "nothing to train on"),
        (np.full((4, 4, 4, 1), 7, "uint8"), "every pixel of all 4 images is 7"),
        (np.full((4, 4, 4, 1), np.nan, "float32"), "finite pixels"),
        (floats(np.nan), LATE_NAN),
        (floats(255.0), LATE_RANGE),
    ],
)
def test_data_that_teach_nothing_are_told_before_the_first_step(x, said):
    model = dense_gan()
    model.compile()
    with pytest.raises(ValueError, match=said):
        model.fit(x, verbose=0)


def batches(samples):
    return (samples[i : i + 8] for i in range(0, 40, 8))


def calls(model, good, bad):
    """Everything that takes images, given bad ones."""
    labels = np.zeros(len(good))
    return [
        lambda: model.fit(bad, verbose=0),
        lambda: model.fit(bad, shuffle="batch", verbose=0),
        lambda: model.fit(bad, labels, verbose=0),
        lambda: model.fit(keras.ops.convert_to_tensor(bad), verbose=0),
        lambda: model.fit(good, validation_data=bad, verbose=0),
        lambda: model.fit(good, validation_data=(bad, labels), verbose=0),
        lambda: model.fit(np.concatenate([good, bad]), validation_split=0.5, verbose=0),
        lambda: model.evaluate(bad, verbose=0),
        lambda: model.evaluate(bad, labels, verbose=0),
        lambda: model.train_on_batch(bad),
        lambda: model.test_on_batch(bad),
        lambda: model.fit(batches(bad[::-1]), verbose=0),
        lambda: model.fit(good, validation_data=batches(bad[::-1]), verbose=0),
        lambda: model.evaluate(batches(bad[::-1]), verbose=0),
    ]


@pytest.mark.parametrize("late", [np.nan, 255.0])
def test_images_are_checked_wherever_they_are_taken(late):
    model = dense_gan()
    model.compile()
    before = state_of(model.variables)
    for call in calls(model, floats(0.0), floats(late)):
        with pytest.raises(ValueError, match=r"NaN or infinite|lie in \[-1, 1\]"):
            call()
    assert_equal(before, state_of(model.variables))


@pytest.mark.parametrize("shape", [(3,), (2, 3, 3, 1)])
def test_points_and_videos_are_checked_wherever_they_are_taken(shape):
    layers = keras.layers
    generator = keras.Sequential(
        [keras.Input((4,)), layers.Dense(int(np.prod(shape))), layers.Reshape(shape)]
    )
    discriminator = keras.Sequential([keras.Input(shape), layers.Flatten(), layers.Dense(1)])
    model = GAN(generator, discriminator, 4)
    model.compile()
    for call in calls(model, floats(0.0, shape), floats(np.nan, shape)):
        with pytest.raises(ValueError, match="NaN or infinite"):
            call()
    model.fit(10 * floats(0.0, shape), verbose=0)  # They have no range.


def test_both_images_of_a_pair_are_checked():
    model = pix2pix()
    model.compile()
    good = [floats(0.0, shape) for shape in model.image_shapes]
    bad = [good[0], floats(255.0, model.image_shapes[1])]
    for call, name in (
        (lambda: model.fit(*bad, verbose=0), "images b"),
        (lambda: model.fit(*good, validation_data=bad, verbose=0), r"validation_data\[1\]"),
        (lambda: model.evaluate(*bad, verbose=0), "images b"),
        (lambda: model.train_on_batch(*bad), "images b"),
        (lambda: model.test_on_batch(*bad), "images b"),
    ):
        with pytest.raises(ValueError, match=f"`{name}` to lie in"):
            call()


def test_weights_of_samples_are_refused_in_batches_too():
    model = dense_gan()
    model.compile()
    x, weights = floats(0.0), np.ones(40)
    for call in (
        lambda: model.fit(((x, weights, weights) for _ in range(2)), verbose=0),
        lambda: model.fit(x, validation_data=(x, weights, weights), verbose=0),
        lambda: model.evaluate(((x, weights, weights) for _ in range(2)), verbose=0),
        lambda: model.evaluate(x, sample_weight=weights, verbose=0),
        lambda: model.train_on_batch(x, sample_weight=weights),
        lambda: model.test_on_batch(x, sample_weight=weights),
    ):
        with pytest.raises(ValueError, match="sample_weight"):
            call()


def test_a_generator_that_was_looked_at_is_evaluated_whole():
    model = dense_gan()
    model.compile()
    x = floats(0.0)
    expected = model.evaluate(x, batch_size=8, verbose=0, return_dict=True)
    of_generator = model.evaluate(batches(x), steps=5, verbose=0, return_dict=True)
    assert of_generator == pytest.approx(expected)


def test_endless_data_need_a_number_of_steps():
    tf = pytest.importorskip("tensorflow", reason="tf.data is TensorFlow's")
    model = dense_gan()
    model.compile()
    images = tf.data.Dataset.from_tensor_slices(images_for(model)).batch(2)
    endless = images.repeat()
    with pytest.raises(ValueError, match=r"has no end.*steps_per_epoch"):
        model.fit(endless, verbose=0)
    with pytest.raises(ValueError, match=r"has no end.*validation_steps"):
        model.fit(images, validation_data=endless, verbose=0)
    with pytest.raises(ValueError, match=r"has no end.*`steps="):
        model.evaluate(endless, verbose=0)
    with pytest.raises(ValueError, match="nothing to train on"):
        model.fit(images.take(0), verbose=0)
    model.evaluate(endless, steps=2, verbose=0)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda data: data.unbatch(), r"`\.batch\(64\)` of a tf.data.Dataset"),
        (lambda data: data.map(lambda x: {"label": 0, "image": x}), r'\.map\(.*batch\["image"\]'),
        (lambda data: data.map(lambda x: {"photo": x}), r'\.map\(.*batch\["photo"\]'),
        (lambda data: data.map(lambda x: (x, 0, 1.0)), r"\.map\(lambda x, y, weight: \(x, y\)\)"),
        (lambda data: data.map(lambda x: 255 * x), r"images / 127.5 - 1`, in the `\.map`"),
    ],
)
def test_the_line_that_a_tf_data_pipeline_lacks_is_named(make, said):
    tf = pytest.importorskip("tensorflow", reason="tf.data is TensorFlow's")
    model = dense_gan()
    model.compile()
    images = tf.data.Dataset.from_tensor_slices(floats(0.0)).batch(8)
    with pytest.raises(ValueError, match=said):
        model.fit(make(images), verbose=0)
    with pytest.raises(ValueError, match=said):
        model.fit(images, validation_data=make(images), verbose=0)
    with pytest.raises(ValueError, match=said):
        model.evaluate(make(images), verbose=0)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="others take what comes")
def test_shapes_that_tensorflow_does_not_know_are_told():
    import tensorflow as tf

    model = dense_gan()
    model.compile()
    spec = tf.TensorSpec(None, "float32")
    images = tf.data.Dataset.from_generator(lambda: batches(floats(0.0)), output_signature=spec)
    with pytest.raises(ValueError, match=r"`\.map\(lambda x: tf\.ensure_shape"):
        model.fit(images, verbose=0)


def test_arrays_in_files_are_neither_loaded_nor_copied(tmp_path):
    model = dense_gan(side=64)
    model.compile()
    images = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", "uint8", (4096, 64, 64, 1))
    images[0, 0, 0] = 1
    model.fit(images[:8], batch_size=2, verbose=0)
    tracemalloc.start()
    model.fit(
        images,
        batch_size=2,
        steps_per_epoch=2,
        validation_data=images,
        validation_steps=2,
        verbose=0,
    )
    model.evaluate(images, batch_size=2, steps=2, verbose=0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < images.nbytes / 4
    assert as_numpy(images) is images
