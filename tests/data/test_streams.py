"""Images of any source, batch by batch."""

import zipfile

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import ImageDataset
from keras_gans.data.streams import stream_images
from tests.backends import shown_on_tensorflow

pytestmark = shown_on_tensorflow("files and arrays")

IMAGES = np.random.default_rng(0).integers(0, 256, (5, 4, 6, 3), "uint8")


def write(folder):
    for i, image in enumerate(IMAGES):
        Image.fromarray(image).save(folder / f"{i}.png")
    return folder


def test_files_come_in_order_as_large_as_they_are(tmp_path):
    write(tmp_path)
    Image.new("L", (3, 2), 255).save(tmp_path / "5.png")
    batches = list(stream_images(tmp_path, 4))
    assert [len(batch) for batch in batches] == [4, 2]
    np.testing.assert_array_equal(batches[0], IMAGES[:4])
    np.testing.assert_array_equal(batches[1][1], np.full((2, 3, 3), 255))


def test_archives_are_read_as_folders(tmp_path):
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        for path in write(tmp_path).glob("*.png"):
            archive.write(path, f"some/{path.name}")
    (batch,) = stream_images(str(tmp_path / "images.zip"), 10)
    np.testing.assert_array_equal(batch, IMAGES)


def test_damaged_files_are_told_and_passed_over(tmp_path):
    write(tmp_path)
    (tmp_path / "2.png").write_bytes(b"no image")
    with pytest.warns(UserWarning, match=r"Skipped 1 of 5 images .* could not be read: 2.png"):
        (batch,) = stream_images(tmp_path, 10)
    np.testing.assert_array_equal(batch, np.delete(IMAGES, 2, 0))
    for path in tmp_path.glob("*.png"):
        path.write_bytes(b"no image")
    with pytest.raises(ValueError, match=r"of 5 files .* none could be read \(0.png"):
        list(stream_images(tmp_path, 10))


@pytest.mark.parametrize(
    "source",
    [
        IMAGES,
        (batch for batch in (IMAGES[:3], IMAGES[3:])),
        [(IMAGES[:2], np.zeros(2)), {"images": IMAGES[2:], "labels": np.zeros(3)}],
        ImageDataset(IMAGES, 2, fields={"labels": np.zeros(5, int)}, shuffle=False),
    ],
    ids=["array", "generator", "beside others", "dataset"],
)
def test_what_yields_batches_gives_their_images(source):
    np.testing.assert_array_equal(np.concatenate(list(stream_images(source, 2))), IMAGES)


def test_the_embedded_images_have_a_name_and_nothing_else_is_images():
    assert sum(len(batch) for batch in stream_images("fashion_mnist", 256)) == 10_000
    with pytest.raises(TypeError, match=r"a folder or a zip archive.*not a int"):
        list(stream_images(3, 2))
    with pytest.raises(FileNotFoundError, match="Expected a folder of images"):
        list(stream_images("nowhere", 2))
