import numpy as np
import pytest

from keras_gans.data import ImageDataset, merged


def numbered(n=20):
    return np.arange(n, dtype="uint8").reshape(n, 1, 1, 1)


def test_arrays_come_in_larger_batches():
    x = numbered()
    assert merged(x, 4, 8) == (x, 8, 8)
    assert merged(x, 16, 8) == (x, 16, 16)
    assert merged(x, None, 8) == (x, 8, 8)


def test_a_data_set_keeps_its_order():
    dataset = ImageDataset(numbered(), batch_size=3, seed=1)
    larger, _, size = merged(dataset, None, 8)
    assert size == 9 and len(larger) == 3 and dataset.batch_size == 3
    images = np.concatenate([dataset[i] for i in range(3)])
    np.testing.assert_array_equal(larger[0], images)
    assert merged(dataset, None, 3)[0] is dataset


@pytest.mark.parametrize("drop_remainder", [False, True])
def test_tf_data_is_batched_anew(drop_remainder):
    tf = pytest.importorskip("tensorflow")
    dataset = tf.data.Dataset.from_tensor_slices(numbered()).batch(4, drop_remainder)
    larger, _, size = merged(dataset, None, 8)
    assert size == 8
    assert [len(batch) for batch in larger] == [8, 8, 4]


def test_a_generator_stays_what_it_is():
    generator = (batch for batch in [numbered()])
    assert merged(generator, None, 8) == (generator, None, None)
