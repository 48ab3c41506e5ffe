import importlib
import sys
import types

import numpy as np
import pytest

from keras_gans.data import images, read_tfds


@pytest.fixture
def fake(monkeypatch):
    """A stand-in for tensorflow_datasets that serves what a test puts into it."""
    module = types.ModuleType("tensorflow_datasets")
    module.calls = []
    module.examples = [{"image": np.full((4, 6, 3), i, "uint8"), "label": i} for i in range(5)]
    module.error = None

    module.features = {"image": object(), "label": types.SimpleNamespace(names=list("abcde"))}

    def load(name, split, shuffle_files, with_info):
        module.calls.append((name, split, shuffle_files))
        if module.error is not None:
            raise module.error
        return module.examples, types.SimpleNamespace(features=module.features)

    module.load = load
    module.as_numpy = iter
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", module)
    monkeypatch.delenv("TFDS_DATA_DIR", raising=False)
    return module


def test_images_of_a_tensorflow_data_set_are_resized_in_order(fake):
    dataset = images("tfds:some/config", (2, 2, 1), split="test", shuffle=False)
    assert fake.calls == [("some/config", "test", False)]
    assert dataset.images.shape == (5, 2, 2, 1)
    assert dataset[0][:, 0, 0, 0].tolist() == [0, 1, 2, 3, 4]


def test_a_failing_checksum_names_the_file_and_the_folder_to_put_it_in(fake):
    class NonMatchingChecksumError(Exception):
        pass

    fake.error = NonMatchingChecksumError(
        "Artifact https://host/images.zip, downloaded to /tmp/x, has wrong checksum:\n* Expected"
    )
    with pytest.raises(RuntimeError) as error:
        read_tfds("some_set", (2, 2, 1))
    message = str(error.value)
    for part in (
        '"some_set"',
        "NonMatchingChecksumError: Artifact https://host/images.zip",
        "~/tensorflow_datasets/downloads/manual",
        "TFDS_DATA_DIR",
        "folder of images",
    ):
        assert part in message
    assert "\n" not in message


def test_the_folder_follows_the_environment(fake, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", "/data/tfds")
    fake.error = ConnectionError()
    with pytest.raises(RuntimeError, match=r"no reason given.* /data/tfds/downloads/manual"):
        read_tfds("some_set", (2, 2, 1))


def test_examples_without_an_image_name_what_they_have(fake):
    fake.examples = [{"text": b"", "label": 0}]
    with pytest.raises(ValueError, match=r"\['label', 'text'\]"):
        read_tfds("some_set", (2, 2, 1))


def test_the_image_may_have_another_key(fake):
    fake.examples = [
        {"image": np.zeros((4, 4, 3), "uint8"), "mask": np.full((4, 4, 1), i, "uint8")}
        for i in range(3)
    ]
    images = read_tfds("some_set", (2, 2, 1), key="mask")
    assert images[:, 0, 0, 0].tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match=r'the key "depth", .* \[\'image\', \'mask\'\]'):
        read_tfds("some_set", (2, 2, 1), key="depth")


def test_labels_are_a_feature_and_have_its_names(fake):
    dataset = images("tfds:some_set", (2, 2, 1), labels="label", batch_size=3)
    assert dataset.class_names == ("a", "b", "c", "d", "e")
    for pictures, fields in dataset:
        np.testing.assert_array_equal(pictures[:, 0, 0, 0], fields["labels"])
    fake.examples = [
        {"image": np.zeros((4, 4, 3), "uint8"), "age": i, "kind": b"xyz"[i : i + 1]}
        for i in range(3)
    ]
    fake.features |= {"age": object(), "kind": object()}
    _, labels, names = read_tfds("some_set", (2, 2, 1), labels="age")
    assert (labels.tolist(), names) == ([0, 1, 2], None)
    _, labels, names = read_tfds("some_set", (2, 2, 1), labels="kind")
    assert (labels.tolist(), names) == ([0, 1, 2], ("x", "y", "z"))
    with pytest.raises(ValueError, match=r'the key "label", .* \[\'age\', \'image\', \'kind\'\]'):
        read_tfds("some_set", (2, 2, 1), labels="label")


def test_a_missing_package_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow_datasets", None)
    with pytest.raises(ImportError, match="pip install tensorflow-datasets"):
        read_tfds("some_set", (2, 2, 1))


def test_a_misspelt_name_gets_the_near_ones_and_no_word_of_downloads(fake):
    class DatasetNotFoundError(ValueError):
        pass

    fake.error = DatasetNotFoundError("Dataset cifar1O not found.\nAvailable datasets:\n\t- aeslc")
    fake.list_builders = lambda with_community_datasets: ["aeslc", "cifar10", "cifar100", "mnist"]
    with pytest.raises(RuntimeError, match=r"not found\. Near names are cifar10, ") as error:
        read_tfds("cifar1O/config:1.0.0", (2, 2, 1))
    assert "ownload" not in str(error.value)
    with pytest.raises(RuntimeError, match="No name is near"):
        read_tfds("zzzz", (2, 2, 1))


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (ValueError("Unknown split 'trian'. Should be one of ['test']."), "and the split"),
        (AssertionError('Failed to construct dataset "x": version 9'), "the version"),
        (ImportError("No module named 'pydub'", name="pydub"), "pip install pydub"),
    ],
)
def test_other_mistakes_get_hints_of_their_own(fake, error, hint):
    fake.error = error
    with pytest.raises(RuntimeError, match=hint) as told:
        read_tfds("some_set", (2, 2, 1))
    assert "ownload" not in str(told.value)


def test_the_installation_has_what_tensorflow_datasets_forgets_to_require():
    """Without it, every set fails as soon as it is loaded."""
    importlib.import_module("importlib_resources")


def test_the_real_package_is_asked_for_near_names(tmp_path, monkeypatch):
    monkeypatch.setenv("TFDS_DATA_DIR", str(tmp_path))
    with pytest.raises(RuntimeError, match=r"Near names are mnist"):
        read_tfds("mnst", (2, 2, 1))
