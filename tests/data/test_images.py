from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import ImageDataset, images


def test_a_folder_becomes_a_data_set(tmp_path):
    for value in range(3):
        Image.new("L", (4, 4), value).save(tmp_path / f"{value}.png")
    for source in (tmp_path, str(tmp_path)):
        dataset = images(source, (2, 2, 1), batch_size=2, shuffle=False)
        assert isinstance(dataset, ImageDataset)
        assert dataset.image_shape == (2, 2, 1)
        assert [batch[:, 0, 0, 0].tolist() for batch in dataset] == [[0, 1], [2]]


def test_an_array_of_the_right_shape_is_not_copied():
    array = np.zeros((3, 4, 4, 1), "uint8")
    assert images(array, (4, 4, 1)).images is array


def test_grey_images_of_rank_three_get_their_channel():
    assert images(np.zeros((3, 4, 4), "uint8"), (4, 4, 1)).images.shape == (3, 4, 4, 1)


def test_uint8_arrays_are_resized_and_converted():
    array = np.full((3, 8, 8), 9, "uint8")
    dataset = images(array, (4, 4, 3))
    assert dataset.images.shape == (3, 4, 4, 3)
    assert (dataset.images == 9).all()


def test_floats_keep_their_values():
    array = np.linspace(-1, 1, 48, dtype="float32").reshape(3, 4, 4, 1)
    dataset = images(array, (4, 4, 1), shuffle=False)
    np.testing.assert_array_equal(dataset[0], array)


@pytest.mark.parametrize(
    "array, message",
    [
        (np.full((3, 8, 8, 1), -1.0), r"images of shape \[n, 4, 4, 1\]"),
        (np.full((3, 4, 4, 1), 255.0), "from 255 to 255"),
        (np.full((3, 4, 4, 1), 255), "dtype is int64"),
        (np.zeros((0, 4, 4, 1), "uint8"), "at least one image"),
        (np.zeros((3, 4, 4, 2), "uint8"), "1, 3 or 4 channels"),
        (np.zeros((3, 16), "uint8"), r"\[3, 16\]"),
    ],
)
def test_an_array_that_does_not_fit_says_why(array, message):
    with pytest.raises(ValueError, match=message):
        images(array, (4, 4, 1))


def test_the_embedded_set_has_a_name():
    dataset = images("fashion_mnist", (32, 32, 1), batch_size=128)
    assert (dataset.num_images, len(dataset)) == (10000, 79)


def test_a_path_of_that_name_is_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match="fashion_mnist"):
        images(Path("fashion_mnist"), (28, 28, 1))


def test_another_kind_of_source_is_refused():
    with pytest.raises(TypeError, match="it is a list"):
        images([1, 2], (4, 4, 1))


def test_a_white_value_scales_arrays_of_other_dtypes():
    array = np.full((3, 4, 4, 1), 4095, "uint16")
    assert (images(array, (4, 4, 1), max_value=4095).images == 255).all()
    assert (images(np.ones((3, 8, 8)), (4, 4, 1), max_value=1).images == 255).all()
    bytes_ = np.full((3, 4, 4, 1), 9, "uint8")
    assert images(bytes_, (4, 4, 1), max_value=4095).images is bytes_


@pytest.mark.parametrize("shape", [64, (64, 64)])
def test_a_shape_that_is_none_is_told(shape, tmp_path):
    for source in (tmp_path, np.zeros((3, 4, 4, 1), "uint8"), "fashion_mnist", "tfds:cifar10"):
        with pytest.raises(ValueError, match=r"\(height, width, channels\), .* \(64, 64, 3\)"):
            images(source, shape)


def test_a_remote_folder_is_refused():
    with pytest.raises(ValueError, match="must lie on this machine, but 's3://bucket' is remote"):
        images("s3://bucket", (4, 4, 1))


def test_arrays_bring_their_labels_and_fields_along():
    array = np.arange(4, dtype="uint8").reshape(4, 1, 1, 1) * np.ones((4, 4, 4, 1), "uint8")
    names = ["cat", "dog", "cat", "emu"]
    ids, pose = np.array([0, 1, 0, 2]), np.arange(8.0).reshape(4, 2)
    for labels, class_names in ((names, None), (np.array(names), None), (ids, sorted(set(names)))):
        dataset = images(
            array, (2, 2, 1), 3, labels=labels, class_names=class_names, fields={"pose": pose}
        )
        assert dataset.class_names == ("cat", "dog", "emu")
        for pictures, fields in dataset:
            rows = pictures[:, 0, 0, 0]
            np.testing.assert_array_equal(fields["labels"], ids[rows])
            np.testing.assert_array_equal(fields["pose"], pose[rows])
    with pytest.raises(ValueError, match="`pose` to have one row for each of the 4 images"):
        images(array, (2, 2, 1), fields={"pose": pose[:3]})
    with pytest.raises(ValueError, match=r"an array \[n\], too, but they are 'label'"):
        images(array, (2, 2, 1), labels="label")
    with pytest.raises(ValueError, match="both hold labels"):
        images(array, (2, 2, 1), labels=ids, fields={"labels": ids})
    weighted = images(array, (4, 4, 1), 4, labels=names, weights={"cat": 0, "emu": 0})
    assert weighted[0][1]["labels"].tolist() == [1] * 4


def test_the_embedded_set_has_labels():
    dataset = images("fashion_mnist", (28, 28, 1), labels="label", batch_size=1000, balanced=True)
    assert dataset.class_names[-1] == "Ankle boot"
    assert dataset.fields["labels"][0] == 9
    assert np.bincount(np.concatenate([f["labels"] for _, f in dataset])).tolist() == [1000] * 10
    with pytest.raises(ValueError, match="labels=\"label\"; it was 'folders'"):
        images("fashion_mnist", (28, 28, 1), labels="folders")
