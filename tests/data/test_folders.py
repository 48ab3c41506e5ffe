import tempfile
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import read_folder

SHARED = Path(__file__).parents[3] / "shared" / "data" / "super-resolution" / "Set5"


def save(path, value, size=(4, 4)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", size, value).save(path)


def truncate(path):
    noise = np.random.default_rng(0).integers(0, 256, (64, 64), "uint8")
    Image.fromarray(noise).save(path)
    path.write_bytes(path.read_bytes()[:1000])


def values(images):
    return images[:, 0, 0, 0].tolist()


def test_nested_images_come_in_the_order_of_their_paths(tmp_path):
    for name, value in {"b.png": 2, "a/2.bmp": 1, "a/1.PNG": 0, "c/d/e.gif": 3}.items():
        save(tmp_path / name, value)
    images = read_folder(tmp_path, (2, 2, 1))
    assert values(images) == [0, 1, 2, 3]
    assert (images.shape, images.dtype) == ((4, 2, 2, 1), "uint8")
    np.testing.assert_array_equal(read_folder(str(tmp_path), (2, 2, 1)), images)


def zipped(folder, path):
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return path


def test_a_folder_in_a_zip_archive_is_read_like_one_on_the_disk(tmp_path):
    folder = tmp_path / "photos"
    for name, value in {"b.png": 2, "a/2.bmp": 1, "a/1.PNG": 0, ".a/0.png": 9}.items():
        save(folder / name, value)
    truncate(folder / "a" / "broken.png")
    archive = zipped(folder, tmp_path / "photos.zip")
    with pytest.warns(UserWarning, match="a/broken.png"):
        images = read_folder(archive, (2, 2, 1))
    assert values(images) == [0, 1, 2]
    with pytest.warns(UserWarning, match=r"broken\.png"):
        assert values(read_folder(f"{archive}/a", (2, 2, 1))) == [0, 1]
    with pytest.raises(FileNotFoundError, match=r"at c in .*photos\.zip.*such as"):
        read_folder(archive / "c", (2, 2, 1))


def test_a_folder_within_a_file_that_is_no_archive_is_told(tmp_path):
    save(tmp_path / "a.png", 0)
    with pytest.raises(FileNotFoundError, match="there is none"):
        read_folder(tmp_path / "a.png" / "inner", (2, 2, 1))


def test_hidden_and_other_files_are_passed_over(tmp_path):
    save(tmp_path / "a.png", 1)
    save(tmp_path / ".cache" / "a.png", 2)
    save(tmp_path / "._a.png", 3)
    (tmp_path / "labels.csv").write_text("a,1")
    assert values(read_folder(tmp_path, (2, 2, 1))) == [1]


def test_names_without_their_extension_are_selected(tmp_path):
    for name, value in {"1.png": 1, "2.jpg": 2, "sub/1.bmp": 3, "sub/2.png": 4}.items():
        save(tmp_path / name, value)
    images = read_folder(tmp_path, (2, 2, 1), select=lambda name: name in ("2", "sub/1"))
    assert values(images) == [2, 3]
    with pytest.raises(ValueError, match="of 0 files"):
        read_folder(tmp_path, (2, 2, 1), select=lambda name: False)


def test_the_warning_points_to_the_line_that_reads_the_folder(tmp_path):
    save(tmp_path / "0.png", 0)
    truncate(tmp_path / "1.png")
    with pytest.warns(UserWarning, match="Skipped 1 of 2") as record:
        read_folder(tmp_path, (2, 2, 1))
    assert record[0].filename == __file__


def test_a_truncated_file_is_named_and_skipped(tmp_path):
    for value in range(3):
        save(tmp_path / f"{value}.png", value)
    truncate(tmp_path / "1.png")
    with pytest.warns(UserWarning, match=r"Skipped 1 of 3 images .*: 1\.png \(") as record:
        images = read_folder(tmp_path, (2, 2, 1))
    assert len(record) == 1
    assert values(images) == [0, 2]


def test_many_corrupt_files_are_counted_in_one_warning(tmp_path):
    save(tmp_path / "z.png", 9)
    for value in range(8):
        (tmp_path / f"{value}.jpg").write_bytes(b"no image")
    with pytest.warns(UserWarning, match=r"Skipped 8 of 9 .* 4\.jpg .*; and 3 more") as record:
        assert values(read_folder(tmp_path, (2, 2, 1))) == [9]
    assert len(record) == 1
    assert "5.jpg" not in str(record[0].message)


@pytest.mark.parametrize("pixels", [17, 33])  # Pillow warns above its limit, raises above twice.
def test_a_decompression_bomb_is_named_and_skipped(tmp_path, monkeypatch, pixels):
    save(tmp_path / "a.png", 1)
    save(tmp_path / "bomb.png", 2, size=(pixels, 1))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 16)
    with pytest.warns(UserWarning, match=r"Skipped 1 of 2 .*bomb\.png") as record:
        assert values(read_folder(tmp_path, (2, 2, 1))) == [1]
    assert len(record) == 1


def test_a_folder_without_a_usable_image_names_itself_and_the_extensions(tmp_path):
    with pytest.raises(ValueError, match=r"of 0 files .*\.jpg.*\.png") as error:
        read_folder(tmp_path, (2, 2, 1))
    assert str(tmp_path) in str(error.value)
    (tmp_path / "a.png").write_bytes(b"no image")
    with pytest.raises(ValueError, match=r"of 1 files .* \(a\.png: "):
        read_folder(tmp_path, (2, 2, 1))


def test_a_missing_folder_is_not_found(tmp_path):
    with pytest.raises(FileNotFoundError, match="but there is none"):
        read_folder(tmp_path / "missing", (2, 2, 1))


def test_a_file_is_no_folder(tmp_path):
    save(tmp_path / "a.png", 1)
    with pytest.raises(NotADirectoryError, match="it is a file"):
        read_folder(tmp_path / "a.png", (2, 2, 1))


def test_images_beyond_the_memory_limit_lie_in_a_temporary_file(tmp_path, monkeypatch):
    folder, temporary = tmp_path / "images", tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    for value in range(3):
        save(folder / f"{value}.png", value)
    truncate(folder / "0.png")
    with pytest.warns(UserWarning, match="Skipped 1 of 3"):
        images = read_folder(folder, (2, 2, 1), memory_limit=8)
    assert isinstance(images, np.memmap)
    assert values(images) == [1, 2]
    assert not list(temporary.iterdir())


def test_transparency_shows_the_background(tmp_path):
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "a.png")
    images = read_folder(tmp_path, (2, 2, 3), background=(1, 2, 3))
    assert images[0, 0, 0].tolist() == [1, 2, 3]


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data")
def test_the_photographs_of_set5_are_read():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Other files may lie beside the photographs.
        images = read_folder(SHARED, (32, 32, 3))
    assert len(images) >= 5
    assert images.std() > 20
