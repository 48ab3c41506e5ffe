"""What every translator has: data checks, batches of any size, files."""

import tracemalloc

import keras
import numpy as np
import pytest

from keras_gans.data import PairedDataset, UnpairedDataset
from tests.harness import assert_equal, cyclegan, everything, pairs_for, pix2pix


def test_arrays_come_in_the_order_of_the_data_set():
    """`fit(a, b)` is `fit` of the model's own data set with its seed."""
    for build, dataset_class in ((pix2pix, PairedDataset), (cyclegan, UnpairedDataset)):
        keras.utils.set_random_seed(0)
        by_arrays, by_dataset = build(), build()
        by_dataset.set_weights(by_arrays.get_weights())
        for model in (by_arrays, by_dataset):
            model.compile()
        arrays = pairs_for(by_arrays)
        by_arrays.fit(*arrays, batch_size=4, epochs=2, verbose=0)
        by_dataset.fit(dataset_class(*arrays, 4, seed=3), epochs=2, verbose=0)
        assert_equal(everything(by_arrays), everything(by_dataset))


def test_any_number_of_images_is_translated_in_chunks():
    model = cyclegan()
    images = np.random.default_rng(0).integers(0, 256, (5, 8, 8, 1), dtype="uint8")
    whole = model.translate(images)
    for batch_size in (1, 2, 5, 16):
        chunked = model.translate(images, batch_size=batch_size).astype(int)
        assert np.abs(chunked - whole).max() <= 1
    assert model.translate(images[:0]).shape == (0, 8, 8, 1)
    floats = model.translate((images / 127.5 - 1).astype("float32")).astype(int)
    assert np.abs(floats - whole).max() <= 1


def test_other_sizes_are_padded_by_reflection_and_cut_back():
    model = cyclegan()
    images = np.random.default_rng(0).integers(0, 256, (3, 7, 9, 1), dtype="uint8")
    padded = np.pad(images, [(0, 0), (0, 1), (0, 1), (0, 0)], mode="reflect")
    np.testing.assert_array_equal(model.translate(images), model.translate(padded)[:, :7, :9])
    assert model.translate(images[:0]).shape == (0, 7, 9, 1)
    assert model.translate(images[:, :1, :1]).shape == (3, 1, 1, 1)


def test_beside_the_translations_memory_holds_one_chunk():
    model = cyclegan(pool_size=0)
    images = np.zeros((256, 64, 64, 1), "uint8")
    model.translate(images[:4])  # Its trace.
    tracemalloc.start()
    translated = model.translate(images, batch_size=4)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.5 * translated.nbytes


@pytest.mark.parametrize(
    ("images", "said"),
    [
        (np.zeros((2, 8, 8, 3), "uint8"), r"shape \[n, None, None, 1\]"),
        (np.zeros((8, 8, 1), "uint8"), "batch axis|shape"),
        (np.zeros((2, 8, 8, 1), "int64"), "dtype is int64"),
        (np.full((2, 8, 8, 1), 200.0, "float32"), "range from"),
    ],
)
def test_what_cannot_be_translated_is_told(images, said):
    with pytest.raises(ValueError, match=said):
        cyclegan().translate(images)


def test_tf_data_of_pairs_trains():
    tensorflow = pytest.importorskip("tensorflow", reason="makes the pipeline")
    model = pix2pix()
    model.compile()
    pairs = tensorflow.data.Dataset.from_tensor_slices(pairs_for(model)).batch(4)
    assert np.isfinite(model.fit(pairs, shuffle=False, verbose=0).history["loss"]).all()
    alone = tensorflow.data.Dataset.from_tensor_slices(pairs_for(model)[0]).batch(4)
    with pytest.raises(ValueError, match="two images at a time"):
        model.fit(alone, verbose=0)


def test_other_formats_are_told(tmp_path):
    with pytest.raises(ValueError, match='format is "tf_saved_model"'):
        cyclegan().export(tmp_path / "model", format="caffe")


def test_translating_inside_fit_shows_the_weights_of_the_moment():
    model = cyclegan()
    model.compile()
    images = pairs_for(model)[0]
    seen = []
    look = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda *_: seen.append(model.translate(images))
    )
    model.fit(*pairs_for(model), epochs=2, verbose=0, callbacks=[look])
    np.testing.assert_array_equal(seen[-1], model.translate(images))
    assert (seen[0] != seen[1]).any()
