"""Patches of photographs: alignment, order, the reduction, what is skipped."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from keras_gans.data import (
    PatchDataset,
    enlarge_image,
    read_folder,
    reduce_image,
    super_resolution,
)
from keras_gans.data.super_resolution import read_photographs

SHARED = Path(__file__).parents[3] / "shared" / "data" / "super-resolution" / "Set5"


def located(height, width, scale=1):
    """Each pixel says where it is: row and column of the small image."""
    rows, columns = np.mgrid[:height, :width] // scale
    return np.stack([rows, columns, np.zeros_like(rows)], axis=-1).astype("uint8")


def pair(height=20, width=30, scale=4):
    return located(height, width), located(height * scale, width * scale, scale)


def cubic(x):
    x = np.abs(x)
    near, far = 1.5 * x**3 - 2.5 * x**2 + 1, -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2
    return np.where(x <= 1, near, np.where(x < 2, far, 0))


def imresize_weights(old, new):
    """MATLAB's: Keys' kernel, wider by the reduction, mirrored at the borders."""
    widening = max(old / new, 1.0)
    centres = (np.arange(new) + 0.5) * old / new - 0.5
    reach = np.arange(-int(2 * widening) - 2, int(2 * widening) + 3)
    places = np.floor(centres).astype(int)[:, None] + reach
    weights = cubic((places - centres[:, None]) / widening)
    weights /= weights.sum(axis=1, keepdims=True)
    places = np.where(places < 0, -places - 1, places)
    places = np.where(places >= old, 2 * old - 1 - places, places)
    matrix = np.zeros((new, old))
    np.add.at(matrix, (np.arange(new)[:, None], places), weights)
    return matrix


def imresize(image, height, width):
    rows = imresize_weights(image.shape[0], height)
    columns = imresize_weights(image.shape[1], width)
    return np.einsum("ah,hwc,bw->abc", rows, image.astype("float64"), columns)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_the_reduction_is_that_of_matlab_to_a_grey_level(scale):
    """Away from the border, where Pillow cuts the kernel and MATLAB mirrors the image.

    Of pixels that leave room for overshoots: Pillow rounds and clips after each of its two passes.
    """
    image = np.random.default_rng(0).integers(80, 176, (48, 60, 3), dtype="uint8")
    expected = imresize(image, 48 // scale, 60 // scale)
    inner = slice(2, -2)
    difference = reduce_image(image, scale)[inner, inner] - np.clip(expected, 0, 255)[inner, inner]
    assert np.abs(difference).max() < 1.25
    enlarged = np.clip(imresize(image, 48 * scale, 60 * scale), 0, 255)
    inner = slice(3 * scale, -3 * scale)
    difference = enlarge_image(image, scale)[inner, inner] - enlarged[inner, inner]
    assert np.abs(difference).max() < 1.25


@pytest.mark.skipif(not SHARED.is_dir(), reason="Set5 is not there")
def test_bicubic_has_the_published_psnr_on_set5():
    ratios = []
    for large in read_photographs(SHARED, scale=4, least=16):
        bicubic = enlarge_image(reduce_image(large, 4), 4)
        y, y_bicubic = (
            16 + image.astype("float64") @ [65.481, 128.553, 24.966] / 255
            for image in (large, bicubic)
        )
        error = np.mean((y - y_bicubic)[4:-4, 4:-4] ** 2)
        ratios.append(10 * np.log10(255**2 / error))
    assert np.mean(ratios) == pytest.approx(28.43, abs=0.01)


def test_patches_of_both_sizes_come_from_the_same_place():
    small, large = PatchDataset([pair()], 16, 8, augment=False)[0]
    assert (small.shape, large.shape) == ((8, 4, 4, 3), (8, 16, 16, 3))
    np.testing.assert_array_equal(large[:, ::4, ::4], small)
    assert len(np.unique(small[:, 0, 0], axis=0)) > 4


def test_turns_and_mirrors_are_the_same_for_both():
    small, large = PatchDataset([pair()], 16, 64, patches_per_image=64)[0]
    np.testing.assert_array_equal(large[:, ::4, ::4], small)
    down, right = small[:, 1, 0].astype(int) - small[:, 0, 0], small[:, 0, 1].astype(int)
    right = right - small[:, 0, 0]
    ways = {(*d[:2], *r[:2]) for d, r in zip(down.tolist(), right.tolist(), strict=True)}
    assert len(ways) == 8


def test_an_epoch_takes_as_many_patches_from_each_photograph():
    pairs = [(np.full((8, 8, 3), i, "uint8"), np.zeros((32, 32, 3), "uint8")) for i in range(3)]
    dataset = PatchDataset(pairs, 16, 4, patches_per_image=4)
    assert (len(dataset), dataset.num_images) == (3, 12)
    shown = np.concatenate([dataset[i][0][:, 0, 0, 0] for i in range(3)])
    assert np.bincount(shown).tolist() == [4, 4, 4]


def test_a_batch_follows_from_the_seed_the_epoch_and_its_number():
    datasets = [PatchDataset([pair()], 16, 4, seed=seed) for seed in (0, 0, 1)]
    first, again, other = (dataset.batch(2, 1) for dataset in datasets)
    np.testing.assert_array_equal(first[0], again[0])
    assert (first[0] != other[0]).any()
    assert (first[0] != datasets[0].batch(3, 1)[0]).any()


def test_samples_are_neither_turned_nor_mirrored():
    small, large = PatchDataset([pair()], 16).sample(5, seed=1)
    assert (np.diff(small[..., 0].astype(int), axis=1) == 1).all()
    np.testing.assert_array_equal(large[:, ::4, ::4], small)


def test_floats_are_the_same_patches():
    dataset = PatchDataset([pair()], 16, 4, shuffle=False)
    floats = dataset.as_floats()
    for images, same in zip(dataset[1], floats[1], strict=True):
        assert same.dtype == "float32"
        np.testing.assert_allclose(same, images / 127.5 - 1, atol=1e-6)
    assert dataset[0][0].dtype == "uint8"


def test_photographs_of_any_size_are_read_and_small_ones_are_named(tmp_path):
    rng = np.random.default_rng(0)
    for name, size in {"a.png": (50, 67), "b.jpg": (40, 33), "c.png": (20, 90)}.items():
        Image.fromarray(rng.integers(0, 256, (*size, 3), dtype="uint8")).save(tmp_path / name)
    (tmp_path / "d.png").write_bytes(b"no picture")
    with pytest.warns(UserWarning, match=r"Skipped 2 of 4 .*c.png \(90 x 20 pixels.*d.png"):
        dataset = super_resolution(tmp_path, 4, 32, batch_size=2)
    assert [large.shape for _, large in dataset.pairs] == [(48, 64, 3), (40, 32, 3)]
    assert [small.shape for small, _ in dataset.pairs] == [(12, 16, 3), (10, 8, 3)]
    np.testing.assert_array_equal(
        dataset.pairs[0][1], np.asarray(Image.open(tmp_path / "a.png"))[:48, :64]
    )


def test_a_photograph_on_its_side_is_turned_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 40)).save(tmp_path / "a.jpg", exif=exif)
    (image,) = read_photographs(tmp_path, 4, 32)
    assert image.shape == (60, 40, 3)


def test_a_photograph_with_a_broken_exif_is_read_as_other_loaders_do(tmp_path):
    Image.new("RGB", (60, 40), "red").save(tmp_path / "a.png", exif=b"Exif\0\0M?\0*\0\0\0\x08")
    (image,) = read_photographs(tmp_path, 4, 32)
    assert image.shape == (40, 60, 3)
    assert len(read_folder(tmp_path, (8, 8, 3))) == 1


def test_further_pages_are_named_and_the_range_of_deep_pixels_is_said(tmp_path):
    values = [Image.fromarray(np.full((40, 40), 4095, "uint16"))] * 2
    values[0].save(tmp_path / "a.tif", save_all=True, append_images=values[1:])
    with pytest.warns(UserWarning, match=r"first page or frame only of 1 of 1 .*a\.tif \(2 pages"):
        dataset = super_resolution(tmp_path, 4, 32, channels=1, max_value=4095)
    assert (dataset.pairs[0][1] == 255).all()


def test_too_many_bytes_for_memory_lie_in_a_file(tmp_path):
    Image.new("RGB", (64, 64), "red").save(tmp_path / "a.png")
    (image,) = read_photographs(tmp_path, 4, 32, memory_limit=100)
    assert isinstance(image, np.memmap)
    assert image[3, 3].tolist() == [255, 0, 0]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda folder: super_resolution(folder, 4, 30), "divisible by the scale of 4; it was 30"),
        (lambda folder: super_resolution(folder, 0, 32), "the scale of 0"),
        (lambda folder: super_resolution("gs://photos"), "must lie on this machine"),
        (lambda folder: super_resolution(folder, 4, 32), "of 0 none could be used"),
        (lambda folder: PatchDataset([pair()], 96), "at least 96 x 96 pixels, but one is 80 x 120"),
        (
            lambda folder: PatchDataset([(located(4, 4), located(16, 12))], 8),
            r"one multiple .* they are \[3.0, 4.0\] times",
        ),
    ],
)
def test_what_cannot_be_is_told(make, sentence, tmp_path):
    with pytest.raises(ValueError, match=sentence):
        make(tmp_path)
