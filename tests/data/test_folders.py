import io
import os
import tarfile
import tempfile
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import folders, read_folder
from keras_gans.data.folders import image_extensions, image_files

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


def test_an_archive_that_is_not_read_is_told(tmp_path):
    archive = tmp_path / "photos.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("cats"))
    with pytest.raises(NotADirectoryError, match=r"zip archive .* Unpack other archives"):
        read_folder(archive, (2, 2, 1))
    with pytest.raises(FileNotFoundError, match=r"photos\.tar\.gz is no zip archive"):
        read_folder(archive / "cats", (2, 2, 1))


OUTSIDE = ["/abs/1.png", "../2.png", "a/../../3.png", "..\\4.png", "C:\\5.png", "C:6.png"]


def test_members_of_an_archive_that_lead_out_of_it_are_named_and_left_out(tmp_path):
    picture = io.BytesIO()
    Image.new("L", (4, 4), 7).save(picture, "PNG")
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        for name in [*OUTSIDE, "a/good.png"]:
            archive.writestr(name, picture.getvalue())
    with pytest.warns(UserWarning, match=r"Left out 6 files in .*; and 1 more") as record:
        assert list(image_files(tmp_path / "photos.zip")) == ["a/good.png"]
    assert len(record) == 1
    assert all(f"{name} (its name leads out" in str(record[0].message) for name in OUTSIDE[:5])
    with pytest.warns(UserWarning, match="Left out 6"):
        assert values(read_folder(tmp_path / "photos.zip" / "a", (2, 2, 1))) == [7]
    with pytest.raises(FileNotFoundError, match=r"at \.\. in"):
        read_folder(f"{tmp_path}/photos.zip/..", (2, 2, 1))


def test_a_remote_folder_is_refused_and_the_home_folder_found(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="A folder of images must lie on this machine"):
        read_folder("gs://bucket/photos", (2, 2, 1))
    monkeypatch.setenv("HOME", str(tmp_path))
    save(tmp_path / "photos" / "a.png", 7)
    assert values(read_folder("~/photos", (2, 2, 1))) == [7]


def test_linked_folders_are_read_and_each_folder_once(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    save(elsewhere / "deep" / "b.png", 2)
    save(tmp_path / "photos" / "z" / "a.png", 1)
    photos = tmp_path / "photos"
    (photos / "linked").symlink_to(elsewhere, target_is_directory=True)
    (photos / "again").symlink_to(photos / "z", target_is_directory=True)
    (photos / "loop").symlink_to(photos, target_is_directory=True)
    (photos / "c.png").symlink_to(photos / "z" / "a.png")
    assert list(image_files(photos)) == ["c.png", "linked/deep/b.png", "z/a.png"]
    assert values(read_folder(photos, (2, 2, 1))) == [1, 2, 1]


def test_what_is_left_out_is_named_in_one_warning(tmp_path):
    save(tmp_path / "a.png", 1)
    for name in ("1.heic", "sub/2.HEIC", "film.mov", "photo"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"something")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere")
    with pytest.warns(UserWarning, match="Left out 5 files") as record:
        assert values(read_folder(tmp_path, (2, 2, 1))) == [1]
    assert len(record) == 1
    assert record[0].filename == __file__
    for part in (
        "1.heic (Pillow reads no .heic)",
        "sub/2.HEIC (Pillow reads no .heic)",
        "film.mov (Pillow reads no .mov)",
        "photo (Pillow reads no files without suffix)",
        "gone.png (a link to nothing)",
    ):
        assert part in str(record[0].message)


def test_a_folder_that_may_not_be_opened_is_named(tmp_path, monkeypatch):
    save(tmp_path / "a.png", 1)
    save(tmp_path / "closed" / "b.png", 2)
    scandir = os.scandir

    def guarded(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(folders.os, "scandir", guarded)
    with pytest.warns(UserWarning, match=r"closed/ \(Permission denied\)"):
        assert values(read_folder(tmp_path, (2, 2, 1))) == [1]


SUFFIXES = (".jfif", ".jpe", ".avif", ".jp2", ".tga", ".pnm", ".webp", ".tiff", ".ico", ".qoi")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_suffix_that_pillow_reads_is_read(tmp_path, suffix):
    if suffix not in Image.registered_extensions():
        pytest.skip(f"this Pillow has no {suffix}")
    Image.new("RGB", (16, 16), (100, 100, 100)).save(tmp_path / f"a{suffix.upper()}")
    assert abs(int(values(read_folder(tmp_path, (2, 2, 1)))[0]) - 100) < 3


def test_what_pillow_only_recognizes_is_no_image(tmp_path):
    assert not {".eps", ".ps", ".h5", ".pdf", ".wmf"} & image_extensions()
    # Pillow would hand PostScript to another program, whatever the name of the file.
    (tmp_path / "a.png").write_bytes(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EOF\n")
    with pytest.raises(ValueError, match=r"a\.png: cannot identify"):
        read_folder(tmp_path, (2, 2, 1))


def test_a_plugin_that_is_registered_later_counts(monkeypatch):
    monkeypatch.setitem(Image.EXTENSION, ".heic", "PNG")
    assert ".heic" in image_extensions()


def test_further_pages_and_frames_are_named(tmp_path):
    pages = [Image.new("L", (4, 4), value) for value in (10, 20, 30)]
    for name in ("a.gif", "b.tif", "c.png", "d.webp"):
        options = {"lossless": True} if name == "d.webp" else {}
        pages[0].save(tmp_path / name, save_all=True, append_images=pages[1:], **options)
    pages[0].save(tmp_path / "e.tif")
    truncate(tmp_path / "f.png")
    with pytest.warns(UserWarning, match=r"first page or frame only of 4 of 6 images") as record:
        assert values(read_folder(tmp_path, (2, 2, 1))) == [10] * 5
    (message,) = [str(warning.message) for warning in record]
    assert message.startswith("Skipped 1 of 6")
    for name in ("a.gif", "b.tif", "c.png", "d.webp"):
        assert f"{name} (3 pages)" in message


def test_the_number_of_files_that_are_looked_at_one_by_one_is_none(tmp_path, monkeypatch):
    """A million images are listed by their folders."""
    for i in range(20):
        save(tmp_path / f"{i}.png", i)
    seen = []
    stat = os.stat
    monkeypatch.setattr(
        os, "stat", lambda path, **kw: (seen.append(str(path)), stat(path, **kw))[1]
    )
    assert len(image_files(tmp_path)) == 20
    assert not [path for path in seen if path.endswith(".png")]


def test_pixels_of_more_than_8_bits_state_their_range_or_are_told(tmp_path):
    twelve = np.array([[0, 4095], [2048, 4095]], "uint16")
    Image.fromarray(twelve).save(tmp_path / "a.png")
    Image.fromarray(np.array([[0, 255], [128, 255]], "int32")).save(tmp_path / "b.tif")
    save(tmp_path / "c.png", 9)
    with pytest.warns(UserWarning, match=r"a\.png \(.* end at 4095, .*max_value=4095") as record:
        assert values(read_folder(tmp_path, (2, 2, 1))) == [9]
    assert "b.tif (pixels of mode I have no fixed range" in str(record[0].message)
    (tmp_path / "c.png").unlink()
    (tmp_path / "b.tif").unlink()
    images = read_folder(tmp_path, (2, 2, 1), max_value=4095)
    assert images[0, ..., 0].tolist() == [[0, 255], [128, 255]]


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
