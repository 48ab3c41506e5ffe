"""Labels of folders, of tables, and of what sets hold."""

import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import images, read_folder
from keras_gans.data.labels import as_labels, labels_of_files

NAMES = ["a/1.png", "a/2.png", "b/1.png", "c.png"]


def save(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (4, 4), value).save(path)


@pytest.fixture
def pets(tmp_path):
    """Images 0 to 5 in two classes, one of them nested, and one image beside them."""
    for i, name in enumerate(["cat/1", "cat/young/2", "cover", "dog/1", "dog/2", "dog/3"]):
        save(tmp_path / "pets" / f"{name}.png", i)
    return tmp_path / "pets"


def by_value(dataset):
    """Dict from the grey of each image to its label, through the batches of an epoch."""
    found = {}
    for pictures, fields in dataset:
        found |= dict(zip(pictures[:, 0, 0, 0].tolist(), fields["labels"].tolist(), strict=True))
    return dict(sorted(found.items()))


def table(path, text):
    path.write_text(text, "utf-8")
    return path


def of_table(tmp_path, rows, names=NAMES):
    if isinstance(rows, str):
        path = table(tmp_path / "labels.csv", rows)
    else:
        path = table(tmp_path / "labels.json", json.dumps(rows))
    labels, class_names = labels_of_files(path, names, "photos")
    return labels.tolist(), labels.dtype.name, class_names


def test_the_first_sub_folders_are_the_classes_in_sorted_order(pets):
    dataset = images(pets, (4, 4, 1), 2, labels="folders", seed=1)
    assert dataset.class_names == ("cat", "dog")
    assert dataset.fields["labels"].dtype == "int32"
    assert by_value(dataset) == {0: 0, 1: 0, 2: -1, 3: 1, 4: 1, 5: 1}
    balanced = images(pets, (4, 4, 1), 6, labels="folders", balanced=True)
    assert np.bincount(balanced[0][1]["labels"]).tolist() == [3, 3]


def test_files_that_cannot_be_read_take_their_labels_with_them(pets, tmp_path):
    for name in ("cat/0.png", "dog/1.jpg"):
        (pets / name).write_bytes(b"no image")
    with pytest.warns(UserWarning, match="Skipped 2 of 8"):
        dataset = images(pets, (4, 4, 1), labels="folders")
    assert by_value(dataset) == {0: 0, 1: 0, 2: -1, 3: 1, 4: 1, 5: 1}
    rows = "file,kind\ncat/0.png,x\ncat/1.png,x\ndog/1.jpg,y\ndog/2.png,z\n"
    with pytest.warns(UserWarning, match="Skipped 2 of 8"):
        read, labels, names = read_folder(pets, (4, 4, 1), labels=table(tmp_path / "t.csv", rows))
    assert names == ("x", "y", "z")
    assert dict(zip(read[:, 0, 0, 0].tolist(), labels.tolist(), strict=True)) == {
        **dict.fromkeys(range(6), -1),
        0: 0,
        4: 2,
    }


def test_folders_in_an_archive_are_classes_too(pets, tmp_path):
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as archive:
        for file in sorted(pets.rglob("*.png")):
            archive.write(file, f"all/{file.relative_to(pets)}")
        archive.writestr("note.txt", "")
    dataset = images(tmp_path / "pets.zip" / "all", (4, 4, 1), labels="folders")
    assert dataset.class_names == ("cat", "dog")
    assert by_value(dataset) == {0: 0, 1: 0, 2: -1, 3: 1, 4: 1, 5: 1}
    with pytest.raises(ValueError, match="there is all only"):
        images(tmp_path / "pets.zip", (4, 4, 1), labels="folders")
    with zipfile.ZipFile(tmp_path / "pets.zip", "a") as archive:
        archive.mkdir("all/emu")
        archive.writestr("other/note.txt", "")
    with pytest.raises(ValueError, match="there are none in emu that are"):
        images(tmp_path / "pets.zip" / "all", (4, 4, 1), labels="folders")


def test_linked_folders_are_classes_too(pets, tmp_path):
    save(tmp_path / "elsewhere" / "9.png", 9)
    (pets / "emu").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    dataset = images(pets, (4, 4, 1), labels="folders")
    assert dataset.class_names == ("cat", "dog", "emu")
    assert by_value(dataset)[9] == 2
    (pets / "again").symlink_to(pets / "dog", target_is_directory=True)
    with pytest.raises(ValueError, match="none in again that are not read under another name"):
        images(pets, (4, 4, 1), labels="folders")


def test_folders_that_are_no_classes_are_told_before_a_file_is_decoded(pets, tmp_path):
    (pets / "dog" / "1.png").write_bytes(b"no image")  # Would be warned of.
    for name in ("emu", "owl", ".hidden"):
        (pets / name).mkdir()
    with pytest.raises(ValueError, match=r"in every sub-folder of .* there are none in emu, owl "):
        images(pets, (4, 4, 1), labels="folders")
    with pytest.raises(ValueError, match=r"there are none\. Sort the files"):
        images(pets / "dog", (4, 4, 1), labels="folders")
    (pets / "dog" / "young").mkdir()
    save(pets / "dog" / "young" / "1.png", 7)
    with pytest.raises(ValueError, match="there is young only"):
        images(pets / "dog", (4, 4, 1), labels="folders")


@pytest.mark.parametrize(
    ("rows", "labels", "class_names"),
    [
        ("file,kind\nb/1.png,red\na/1.png, blue\nc.png,\n", [0, -1, 1, -1], ("blue", "red")),
        ('file,id\r\n"a/2.png",7\r\n\r\nc.png,0\r\nb/1.png,-1\r\n', [-1, 7, -1, 0], None),
        ("\ufefffile,id\na/1.png,2.0\nc.png,\n", [2, -1, -1, -1], None),
        ("file,id\n./a//1.png,3\na\\2.png,4\n", [3, 4, -1, -1], None),
        ("file,id\n2.png,1\nc.png,2\n", [-1, 1, -1, 2], None),
        ({"b/1.png": "red", "a/1.png": "blue", "c.png": None}, [0, -1, 1, -1], ("blue", "red")),
        ({"2.png": 7, "c.png": -1, "a/1.png": True}, [1, 7, -1, -1], None),
    ],
)
def test_files_have_the_labels_of_a_table(tmp_path, rows, labels, class_names):
    assert of_table(tmp_path, rows) == (labels, "int32", class_names)


@pytest.mark.parametrize(
    ("rows", "labels", "dtype"),
    [
        ("f,x,y\na,1,2\nb,3,4\n", [[1, 2], [3, 4]], "int32"),
        ("f,x,y\nb,1,2.5\na,-3,4e1\n", [[-3, 40], [1, 2.5]], "float32"),
        ("f,age\na,0.5\nb,1\n", [[0.5], [1]], "float32"),
        ({"b": [1, 2], "a": [3, -4]}, [[3, -4], [1, 2]], "int32"),
        ({"b": [1, 2], "a": [3, 4.5]}, [[3, 4.5], [1, 2]], "float32"),
    ],
)
def test_several_numbers_are_a_vector(tmp_path, rows, labels, dtype):
    assert of_table(tmp_path, rows, ["a", "b"]) == (labels, dtype, None)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("file,id\na/1.png,1\nx/3.png,1\ny.png,1\n", r"of 2 of its 3 rows there is no .* x/3.png"),
        ("file,id\n1.png,1\n", "1 of its 1 rows there is not the only one of that name, .* 1.png"),
        ("file,id\na/1.png,1\na/1.png,1\n", "one row .* for each file, but a/1.png has several"),
        ("file,id\na/2.png,1\n2.png,2\n", "but a/2.png has several"),
        ("a/1.png,1\na/2.png,2\n", "to be headings, but it is one of the file a/1.png"),
        ("\ufeffa/1.png,1\na/2.png,2\n", "to be headings, but it is one of the file a/1.png"),
        ("file,id\n", "has 2 columns and 0 more rows"),
        ("", "has 0 columns and 0 more rows"),
        ("file;id\na/1.png;1\n", "a comma and its label, but it has 1 columns and 1 more rows"),
        ("file,id\na/1.png,1,2\n", "Expected 2 columns .* that of a/1.png has 3"),
        ("file,id\na/1.png,1\na/2.png,-2\n", "-1 is no label, but they range from -2 to 1"),
        ("file,x,y\na/1.png,1,2\n", r"3 of 4 have none, first a/2.png"),
        ("file,x,y\na/1.png,1,red\n", "numbers in the 2 columns .* `y` has 'red'"),
        ("file,x,y\na/1.png,1,\n", "`y` has ''"),
        ({"a/1.png": "red", "a/2.png": 2}, "there are red and 2. Make them alike"),
        ({"a/1.png": [1, 2], "a/2.png": [1]}, r"there are \[1, 2\] and \[1\]"),
        ({"a/1.png": ["red", "blue"]}, r"there are \['red', 'blue'\]"),
        ({"a/1.png": {"x": 1}}, "there are {'x': 1}"),
        (["a/1.png"], "it is a list"),
        ({}, "it is empty"),
    ],
)
def test_tables_that_do_not_fit_the_files_are_told(tmp_path, rows, said):
    with pytest.raises(ValueError, match=said):
        of_table(tmp_path, rows)


@pytest.mark.parametrize(
    ("rows", "said"),
    [("f,x,y\na,1,2\nb,nan,4\n", "finite values"), ("f,x\na,0.5\nb,\n", "finite values")],
)
def test_numbers_that_are_none_are_told(tmp_path, rows, said):
    with pytest.raises(ValueError, match=said):
        of_table(tmp_path, rows, ["a", "b"])


def test_what_is_no_table_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"table of labels at none\.csv"):
        labels_of_files("none.csv", NAMES, "photos")
    with pytest.raises(ValueError, match=r'"folders", .* but it is \'label\''):
        labels_of_files("label", NAMES, "photos")
    with pytest.raises(ValueError, match="in JSON and UTF-8"):
        labels_of_files(table(tmp_path / "broken.json", "{"), NAMES, "photos")
    (tmp_path / "latin.csv").write_bytes("file,kind\nc.png,Bär\n".encode("latin-1"))
    with pytest.raises(ValueError, match="in CSV and UTF-8"):
        labels_of_files(tmp_path / "latin.csv", NAMES, "photos")
    with pytest.raises(ValueError, match="must lie on this machine"):
        labels_of_files("gs://bucket/labels.csv", NAMES, "photos")


def test_names_of_classes_become_ids_and_arrays_of_numbers_stay():
    for names in (["b", "a", None, "b"], [b"b", b"a", b"", b"b"]):
        labels, class_names = as_labels(names)
        assert (labels.tolist(), class_names) == ([1, 0, -1, 1], ("a", "b"))
    array = np.zeros((3, 2))
    assert as_labels(array) == (array, None)
    assert as_labels(np.array(["b", "a"]))[0].tolist() == [1, 0]
    assert as_labels([np.int64(3), np.int64(1)])[0].tolist() == [3, 1]
