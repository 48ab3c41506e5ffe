"""Images from `tf.data`: every form of element, the range of floats, what is refused."""

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.data import ImageDataset, images, read_tf_data

tf = pytest.importorskip("tensorflow")

SHAPE = (4, 4, 3)
PICTURES = np.arange(5, dtype="uint8").repeat(8 * 8 * 3).reshape(5, 8, 8, 3) * 10
LABELS = np.arange(5)


def values(array):
    return array[:, 0, 0, 0].tolist()


@pytest.mark.parametrize(
    "elements",
    [
        PICTURES,
        (PICTURES, LABELS),
        {"image": PICTURES, "label": LABELS},
        ({"image": PICTURES, "mask": PICTURES}, LABELS),
        PICTURES.astype("float32"),
    ],
)
@pytest.mark.parametrize("batch_size", [None, 1, 2, 5])
def test_every_form_of_element_is_read_in_order(elements, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(elements)
    if batch_size is not None:
        dataset = dataset.batch(batch_size)
    array = read_tf_data(dataset, SHAPE)
    assert (array.shape, array.dtype) == ((5, *SHAPE), "uint8")
    assert values(array) == [0, 10, 20, 30, 40]


def test_a_data_set_of_keras_becomes_one_of_images(tmp_path):
    for i in range(5):
        (tmp_path / f"class_{i % 2}").mkdir(exist_ok=True)
        Image.new("RGB", (12, 9), (i * 10,) * 3).save(tmp_path / f"class_{i % 2}" / f"{i}.png")
    loaded = keras.utils.image_dataset_from_directory(
        tmp_path, image_size=(6, 6), batch_size=2, shuffle=False, verbose=False
    )
    dataset = images(loaded, SHAPE, batch_size=3, shuffle=False)
    assert isinstance(dataset, ImageDataset)
    assert values(dataset.images) == [0, 20, 40, 10, 30]
    assert dataset[0].dtype == "uint8"


def test_elements_of_unknown_number_and_shape_are_read_once_into_the_store():
    passes = []

    def generate():
        passes.append(None)
        for i in range(7):
            yield np.full((5 + i, 9, 3), i, "uint8")

    dataset = tf.data.Dataset.from_generator(generate, output_types="uint8")
    assert int(dataset.cardinality()) == tf.data.UNKNOWN_CARDINALITY
    array = read_tf_data(dataset, SHAPE, memory_limit=100)
    assert isinstance(array, np.memmap)
    assert values(array) == list(range(7))
    assert len(passes) == 1


def test_floats_of_bicubic_interpolation_are_rounded_and_clipped():
    pixels = np.array([-9.2, 0.4, 99.6, 270.0], "float32").reshape(1, 1, 4, 1)
    array = read_tf_data(tf.data.Dataset.from_tensors(pixels), (1, 4, 1))
    assert array.ravel().tolist() == [0, 0, 100, 255]


def test_a_stated_white_scales_floats_and_integers():
    for white, dtype in ((1.0, "float32"), (1.0, "float16"), (65535, "uint16"), (4095, "int32")):
        pixels = np.full((2, 4, 4, 3), white, dtype)
        dataset = tf.data.Dataset.from_tensor_slices(pixels)
        assert (images(dataset, SHAPE, max_value=white).images == 255).all()
    halves = tf.data.Dataset.from_tensor_slices(tf.cast(PICTURES, "bfloat16"))
    assert values(read_tf_data(halves, SHAPE)) == [0, 10, 20, 30, 40]


def test_images_may_have_another_key():
    dataset = tf.data.Dataset.from_tensor_slices({"photo": PICTURES, "label": LABELS})
    assert images(dataset, SHAPE, key="photo").num_images == 5
    with pytest.raises(ValueError, match=r'the key "image", .* \[\'label\', \'photo\'\]'):
        images(dataset, SHAPE)


@pytest.mark.parametrize(
    ("elements", "said"),
    [
        (PICTURES / np.float32(255), "ranges from 0.*max_value=1"),
        (PICTURES / np.float32(127.5) - 1, r"in \[0, 255\], .* ranges from -1 to -1"),
        (PICTURES.astype("float32") - 120, "ranges from -120"),
        (np.full((2, 4, 4, 3), 2.6, "float32"), "to 2.6"),
        (np.full((2, 4, 4, 3), np.nan, "float32"), "range from nan"),
        (PICTURES.astype("int32"), "yields int32.*`max_value`"),
        (PICTURES[..., :2], r"shape \[8, 8, 2\].*`.map"),
        (PICTURES[..., 0], r"shape \[8, 8\].*get their channel"),
        (PICTURES[:0], "yields none"),
    ],
)
def test_what_is_no_image_in_the_range_is_told(elements, said):
    dataset = tf.data.Dataset.from_tensor_slices(elements)
    with pytest.raises(ValueError, match=said):
        read_tf_data(dataset, SHAPE)


def test_a_data_set_without_end_is_refused():
    with pytest.raises(ValueError, match="repeats for ever"):
        images(tf.data.Dataset.from_tensor_slices(PICTURES).repeat(), SHAPE)


def test_ragged_elements_are_told():
    ragged = tf.ragged.constant([[[1.0], [2.0, 3.0]]])
    with pytest.raises(ValueError, match=r"one (holds a|has the shape)"):
        read_tf_data(tf.data.Dataset.from_tensors(ragged), SHAPE)


@pytest.mark.parametrize(
    "elements",
    [
        (PICTURES, LABELS),
        {"image": PICTURES, "label": LABELS},
        ({"image": PICTURES}, {"label": LABELS}),
        (PICTURES, LABELS.astype("uint8")),
    ],
)
@pytest.mark.parametrize("batch_size", [None, 2])
def test_labels_come_with_every_form_of_element(elements, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices(elements)
    if batch_size is not None:
        dataset = dataset.batch(batch_size)
    read = images(dataset, SHAPE, batch_size=2, labels="label")
    assert read.class_names is None
    for pictures, fields in read:
        np.testing.assert_array_equal(values(pictures), 10 * fields["labels"])


def test_the_classes_of_a_data_set_of_keras_have_its_names(tmp_path):
    for i in range(4):
        (tmp_path / f"class_{i % 2}").mkdir(exist_ok=True)
        Image.new("RGB", (6, 6), (i * 10,) * 3).save(tmp_path / f"class_{i % 2}" / f"{i}.png")
    loaded = keras.utils.image_dataset_from_directory(
        tmp_path, image_size=(6, 6), batch_size=3, shuffle=True, seed=1, verbose=False
    )
    dataset = images(loaded, SHAPE, labels="labels")
    assert dataset.class_names == ("class_0", "class_1")
    for grey, label in zip(values(dataset.images), dataset.fields["labels"], strict=True):
        assert label == grey // 10 % 2


def test_labels_may_be_texts_or_vectors_and_must_be_there():
    texts = tf.data.Dataset.from_tensor_slices((PICTURES, ["b", "a", "b", "c", ""])).batch(2)
    _, labels, names = read_tf_data(texts, SHAPE, labels="label")
    assert (labels.tolist(), names) == ([1, 0, 1, 2, -1], ("a", "b", "c"))
    vectors = tf.data.Dataset.from_tensor_slices((PICTURES, np.eye(5, dtype="float32"))).batch(2)
    np.testing.assert_array_equal(read_tf_data(vectors, SHAPE, labels="label")[1], np.eye(5))
    with pytest.raises(ValueError, match=r"to be labels beside images, but one holds a NoneType"):
        read_tf_data(tf.data.Dataset.from_tensor_slices(PICTURES), SHAPE, labels="label")
    named = tf.data.Dataset.from_tensor_slices({"image": PICTURES, "kind": LABELS})
    with pytest.raises(ValueError, match=r'the key "label", .* by `labels`'):
        read_tf_data(named, SHAPE, labels="label")


@pytest.mark.parametrize("mode", ["categorical", "binary"])
def test_rows_of_numbers_have_no_names_of_classes(mode, tmp_path):
    for i in range(4):
        (tmp_path / f"class_{i % 2}").mkdir(exist_ok=True)
        Image.new("RGB", (6, 6), (i * 10,) * 3).save(tmp_path / f"class_{i % 2}" / f"{i}.png")
    loaded = keras.utils.image_dataset_from_directory(
        tmp_path, image_size=(6, 6), label_mode=mode, verbose=False
    )
    dataset = images(loaded, SHAPE, labels="labels")
    assert dataset.class_names is None
    assert dataset.fields["labels"].shape[0] == 4
