import numpy as np
import pytest

from keras_gans.data import GrowingImages, ImageDataset


def numbered(n=10, side=8, **options):
    """Images whose pixels are all the number of the image."""
    images = np.arange(n, dtype="uint8").reshape(n, 1, 1, 1) * np.ones((1, side, side, 1), "uint8")
    return ImageDataset(images, **options)


def stage(seen):
    """Ten images of 4x4 pixels in batches of 5, then 8x8 in batches of 2."""
    return (4, 5, 9 - seen) if seen < 10 else (8, 2, np.inf)


def numbers(batches):
    return np.concatenate([127.5 * batch[:, 0, 0, 0] + 127.5 for batch in batches]).round()


def test_batches_have_the_size_of_the_moment():
    growing = GrowingImages(numbered(), stage)
    growing.begin(5)
    shapes = [batch.shape for batch in growing]
    assert shapes == [(5, 4, 4, 1)] + 3 * [(2, 8, 8, 1)]
    assert {batch.dtype.name for batch in growing} == {"float32"}
    assert growing.batch_sizes == {5, 2}
    assert GrowingImages(numbered(), stage, seen=10).batch_sizes == {2}


@pytest.mark.parametrize("options", [{"shuffle": False}, {"seed": 3}, {"images_per_epoch": 7}])
def test_each_pass_has_every_image_once_whatever_the_epochs_are(options):
    dataset = numbered(**options)
    growing, seen, batches = GrowingImages(dataset, stage), 0, []
    while seen < 30:
        growing.begin(seen)
        batches += list(growing)
        seen = sum(len(batch) for batch in batches)
    expected = np.concatenate([dataset.order_of_pass(number) for number in range(3)])
    np.testing.assert_array_equal(numbers(batches)[:30], expected)


def test_batches_of_one_execution_have_one_size():
    growing = GrowingImages(numbered(images_per_epoch=30), stage, steps_per_execution=3)
    growing.begin(0)
    assert [len(batch) for batch in growing] == [5] * 3 + [2] * 8


def test_images_are_means_of_squares():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (3, 16, 16, 2), dtype="uint8")
    expected = pixels.astype("float64").reshape(3, 4, 4, 4, 4, 2).mean((2, 4)) / 127.5 - 1
    for images in (pixels, (pixels / 127.5 - 1).astype("float32")):
        dataset = ImageDataset(images, shuffle=False)
        growing = GrowingImages(dataset, lambda seen: (4, 3, np.inf))
        growing.begin(0)
        np.testing.assert_allclose(growing[0], expected, atol=1e-6)


def test_an_image_is_mirrored_at_every_size():
    pixels = np.zeros((40, 8, 8, 1), "uint8")
    pixels[:, :, :4] = 255
    growing = GrowingImages(ImageDataset(pixels, seed=1, flip=True), lambda seen: (4, 40, np.inf))
    growing.begin(0)
    mirrored = growing[0][:, 0, 0, 0] < 0
    full = ImageDataset(pixels, 40, seed=1, flip=True).batch(0, 0)
    np.testing.assert_array_equal(mirrored, full[:, 0, 0, 0] == 0)
    assert 0 < mirrored.sum() < 40


def test_before_its_first_epoch_it_shows_the_smallest_and_the_largest_size():
    assert [batch.shape for batch in GrowingImages(numbered(), stage)] == [
        (1, 4, 4, 1),
        (1, 8, 8, 1),
    ]


def test_fields_come_with_their_images_at_every_size():
    images = numbered(30).images
    fields = {"labels": np.arange(30), "pose": np.arange(30.0)[:, None]}
    dataset = ImageDataset(images, fields=fields, seed=4, flip=True)
    plain = GrowingImages(ImageDataset(images, seed=4, flip=True), stage)
    growing = GrowingImages(dataset, stage)
    assert [len(batch[1]["labels"]) for batch in growing] == [1, 1]
    growing.begin(3)
    plain.begin(3)
    sizes = set()
    for (batch, known), alone in zip(growing, plain, strict=True):
        sizes.add(batch.shape[1])
        np.testing.assert_array_equal(batch, alone)
        np.testing.assert_array_equal(numbers([batch]), known["labels"])
        np.testing.assert_array_equal(numbers([batch]), known["pose"][:, 0])
    assert sizes == {4, 8}
    assert growing.class_names is dataset.class_names
