import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.data import (
    ImageDataset,
    PairedDataset,
    PatchDataset,
    SetEpoch,
    UnpairedDataset,
)


def numbered(n=10, **options):
    """A data set whose image i has the value i."""
    images = np.arange(n, dtype="uint8").reshape(n, 1, 1, 1)
    return ImageDataset(images, **{"batch_size": 4, **options})


def numbers(dataset):
    return [int(value) for batch in dataset for value in batch.ravel()]


class Recorder(keras.Model):
    """A model that writes down which images its train step saw."""

    def __init__(self):
        super().__init__()
        self.layer = keras.layers.Dense(1)
        self.seen = []

    def call(self, x):
        return self.layer(ops.cast(ops.reshape(x, (-1, 1)), "float32"))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return ops.mean(y_pred)

    def train_step(self, *arguments):
        x = keras.tree.flatten(arguments[-1])[0]
        self.seen.extend(np.asarray(ops.convert_to_numpy(x)).ravel().tolist())
        return super().train_step(*arguments)


def fit(dataset, epochs=3, **options):
    model = Recorder()
    model.compile("sgd", run_eagerly=True)
    options = {"shuffle": False, "callbacks": [SetEpoch(dataset)], **options}
    model.fit(dataset, epochs=epochs, verbose=0, **options)
    return model.seen


def orders(dataset, *epochs):
    return [index for epoch in epochs for index in dataset.order(epoch).tolist()]


def test_the_length_counts_the_last_odd_batch():
    assert [len(batch) for batch in numbered()] == [4, 4, 2]
    assert [len(batch) for batch in numbered(drop_remainder=True)] == [4, 4]
    assert len(numbered(8)) == 2
    assert len(numbered(1)) == 1


def test_the_order_is_a_function_of_seed_and_epoch():
    dataset = numbered(seed=3)
    for epoch in (0, 5, 0):
        dataset.epoch = epoch
        expected = np.random.default_rng([3, epoch]).permutation(10).tolist()
        assert numbers(dataset) == expected
    assert numbers(numbered(seed=4)) != numbers(numbered(seed=3))


def test_without_shuffling_every_epoch_has_the_order_of_the_images():
    assert fit(numbered(shuffle=False), epochs=2) == [*range(10), *range(10)]


@pytest.mark.parametrize("n", [3, 10])
def test_each_epoch_of_fit_sees_exactly_its_own_permutation(n):
    dataset = numbered(n)
    assert fit(dataset) == orders(dataset, 0, 1, 2)


def test_a_resumed_fit_continues_with_the_order_of_its_epoch():
    dataset = numbered()
    assert fit(dataset, epochs=4, initial_epoch=2) == orders(dataset, 2, 3)


def test_validation_on_the_same_data_set_does_not_disturb_the_order():
    dataset = numbered()
    assert fit(dataset, validation_data=dataset) == orders(dataset, 0, 1, 2)


@pytest.mark.parametrize("n", [8, 10])
def test_without_the_callback_the_hook_alone_advances_the_epoch(n):
    dataset = numbered(n)
    assert fit(dataset, callbacks=None) == orders(dataset, 0, 1, 2)
    assert dataset.epoch == 3


def test_without_the_callback_the_epoch_may_be_set():
    dataset = numbered()
    dataset.epoch = 5
    assert fit(dataset, callbacks=None) == orders(dataset, 5, 6, 7)


def test_when_keras_shuffles_the_batches_every_image_still_comes_once():
    dataset = numbered()
    seen = fit(dataset, shuffle=True, callbacks=None)
    for epoch in range(3):
        assert sorted(seen[10 * epoch : 10 * epoch + 10]) == list(range(10))
    assert dataset.epoch == 3


def test_epochs_shorter_than_a_pass_share_its_permutation():
    dataset = numbered(24)
    assert fit(dataset, epochs=3, steps_per_epoch=2, callbacks=None) == orders(dataset, 0)


def test_a_batch_is_a_writable_copy_with_the_dtype_of_the_images():
    for dtype in ("uint8", "float32"):
        dataset = ImageDataset(np.zeros((2, 1, 1, 1), dtype))
        dataset[0][:] = 1
        assert dataset[0].dtype == dtype
        assert not dataset.images.any()


def test_a_sample_is_distinct_reproducible_uint8_and_leaves_the_order_alone():
    dataset = numbered()
    before = numbers(dataset)
    sample = dataset.sample(10, seed=1)
    assert sorted(sample.ravel().tolist()) == list(range(10))
    np.testing.assert_array_equal(sample, dataset.sample(10, seed=1))
    assert sample.ravel().tolist() != dataset.sample(10, seed=2).ravel().tolist()
    assert numbers(dataset) == before


def test_a_sample_of_floats_is_uint8():
    dataset = ImageDataset(np.ones((2, 1, 1, 1), "float32"))
    assert dataset.sample(1).tolist() == [[[[255]]]]


def test_a_sample_larger_than_the_set_is_refused():
    with pytest.raises(ValueError, match="at most 10 different images, but `n` is 11"):
        numbered().sample(11)


@pytest.mark.parametrize("options", [{"n": 0}, {"n": 3, "drop_remainder": True}, {"batch_size": 0}])
def test_a_set_without_one_batch_is_refused(options):
    with pytest.raises(ValueError, match="at least one batch"):
        numbered(**options)


def test_there_is_no_batch_beyond_the_last():
    for index in (3, -1):
        with pytest.raises(IndexError, match="one of 3 batches"):
            numbered()[index]


@pytest.mark.parametrize("shuffle", [True, False])
@pytest.mark.parametrize("size", [4, 10, 23])
def test_epochs_of_another_length_go_on_where_the_last_one_ended(size, shuffle):
    dataset = numbered(shuffle=shuffle, images_per_epoch=size)
    whole = numbered(shuffle=shuffle)
    assert len(dataset) == -(-size // dataset.batch_size)
    assert fit(dataset, epochs=5) == orders(whole, *range(12))[: 5 * size]
    assert fit(dataset, epochs=5, initial_epoch=3) == orders(whole, *range(12))[3 * size : 5 * size]


def test_an_epoch_without_images_is_refused():
    with pytest.raises(ValueError, match="0 images in an epoch"):
        numbered(images_per_epoch=0)


def test_a_data_set_says_what_it_is():
    images = np.zeros((10, 6, 5, 3), "uint8")
    dataset = ImageDataset(images, batch_size=4, seed=7)
    said = "images of shape (6, 5, 3), batch_size=4, 3 batches, shuffle=True, seed=7)"
    assert repr(dataset) == f"ImageDataset(10 {said}"
    paired = PairedDataset(images, images, 4, crop=(4, 4), shuffle=False)
    said = "pairs of shape (4, 4, 3), batch_size=4, 3 batches, shuffle=False, seed=0)"
    assert repr(paired) == f"PairedDataset(10 {said}"
    assert repr(UnpairedDataset(images, images[:3])).startswith("UnpairedDataset(10 pairs of")
    patches = PatchDataset([(images[0, :4, :4], images[0, :4, :4])], 4, patches_per_image=8)
    assert repr(patches).startswith("PatchDataset(8 patches of shape (4, 4, 3), batch_size=16, 1 b")


@pytest.mark.parametrize("size", [4, 7])
def test_half_of_the_images_are_mirrored_as_the_seed_and_the_pass_say(size):
    images = np.arange(200, dtype="uint8").reshape(100, 1, 2, 1)
    whole = ImageDataset(images, 100, seed=5, flip=True)
    passes = [whole.batch(epoch, 0) for epoch in range(2)]
    mirrored = [batch[:, 0, 0, 0] > batch[:, 0, 1, 0] for batch in passes]
    for batch, flips, epoch in zip(passes, mirrored, range(2), strict=True):
        assert 35 <= flips.sum() <= 65
        back = np.where(flips[:, None, None, None], batch[:, :, ::-1], batch)
        np.testing.assert_array_equal(back, images[whole.order(epoch)])
    assert (mirrored[0] != mirrored[1]).any()
    other = ImageDataset(images, 100, seed=6, flip=True)
    assert (other.batch(0, 0) != passes[0]).any()
    # In batches of any size.
    small = ImageDataset(images, size, seed=5, flip=True)
    joined = np.concatenate([small.batch(1, i) for i in range(len(small))])
    np.testing.assert_array_equal(joined, passes[1])
    assert (ImageDataset(images, 100, seed=5).batch(0, 0) == images[whole.order(0)]).all()


def with_fields(n=10, **options):
    """Images, labels and poses that all say the number of their image."""
    fields = {"labels": np.arange(n), "pose": np.arange(n)[:, None] + [0.0, 0.5]}
    images = np.arange(n, dtype="uint8").reshape(n, 1, 1, 1)
    return ImageDataset(images, **{"batch_size": 4, "fields": fields, **options})


@pytest.mark.parametrize(
    "options", [{}, {"images_per_epoch": 7}, {"shuffle": False}, {"balanced": True}]
)
def test_fields_come_with_their_images_in_each_batch_of_each_epoch(options):
    dataset = with_fields(seed=2, **options)
    for epoch in range(4):
        joined = []
        for index in range(len(dataset)):
            images, fields = dataset.batch(epoch, index)
            assert (fields["labels"].dtype, fields["pose"].dtype) == ("int32", "float32")
            np.testing.assert_array_equal(images.ravel(), fields["labels"])
            np.testing.assert_array_equal(
                fields["pose"] - images.reshape(-1, 1), [[0, 0.5]] * len(images)
            )
            joined += fields["labels"].tolist()
        assert joined == dataset.order(epoch).tolist()


def test_fields_leave_the_order_of_the_images_as_it_is():
    for epoch in range(3):
        assert with_fields(seed=9).order(epoch).tolist() == numbered(seed=9).order(epoch).tolist()


def test_fit_sees_the_images_of_a_set_with_fields_in_the_order_of_its_epochs():
    dataset = with_fields()
    assert fit(dataset, epochs=2) == orders(dataset, 0, 1)
    assert fit(dataset, epochs=3, initial_epoch=2) == orders(dataset, 2)


def test_a_sample_with_fields_has_the_images_of_a_sample():
    dataset = with_fields()
    images, fields = dataset.sample_with_fields(6, seed=3)
    np.testing.assert_array_equal(images, dataset.sample(6, seed=3))
    np.testing.assert_array_equal(images.ravel(), fields["labels"])
    np.testing.assert_array_equal(images.ravel(), fields["pose"][:, 0])
    images, fields = numbered().sample_with_fields(6, seed=3)
    assert (images.shape, fields) == ((6, 1, 1, 1), {})


def test_images_among_the_fields_are_mirrored_with_theirs():
    images = np.arange(200, dtype="uint8").reshape(100, 1, 2, 1)
    fields = {"masks": images + 1, "labels": np.arange(100)}
    dataset = ImageDataset(images, 100, fields=fields, flip=True)
    mirrored, known = dataset.batch(0, 0)
    np.testing.assert_array_equal(known["masks"], mirrored + 1)
    np.testing.assert_array_equal(known["labels"], mirrored.min(axis=(1, 2, 3)) // 2)
    assert 30 < (mirrored[:, 0, 0] > mirrored[:, 0, 1]).sum() < 70


def test_a_data_set_says_which_fields_it_has_and_what_classes_are_called():
    dataset = with_fields(3, class_names=["cat", "dog", "owl"])
    assert "of shape (1, 1, 1), with labels, pose, batch_size=4" in repr(dataset)
    assert dataset.class_names == ("cat", "dog", "owl")
    assert list(dataset.fields) == ["labels", "pose"]
    assert (numbered().fields, numbered().class_names) == ({}, None)
    assert len(dataset.arrays) == 1


def test_fields_that_do_not_fit_are_told():
    with pytest.raises(ValueError, match=r"`labels` to have one row for each of the 10 images"):
        numbered(fields={"labels": np.zeros(9, int)})
    with pytest.raises(ValueError, match="1 `class_names` and ids up to 9"):
        with_fields(class_names=["cat"])
