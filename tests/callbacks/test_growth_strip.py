"""Rows of samples through the growth."""

import keras
import numpy as np
import pytest
from PIL import Image

from keras_gans.callbacks import GrowthStrip
from keras_gans.callbacks.growth_strip import stages_of
from keras_gans.callbacks.pictures import at_one_size
from keras_gans.samples.pictures import make_large_grid
from tests.harness import dense_gan, images_for, progressive_gan


def grow(folder, *images_seen):
    """Epochs of a `fit` that end after so many images; their steps are left out."""
    model = progressive_gan(fade_images=32, stabilise_images=16)
    model.compile()
    strip = GrowthStrip(folder, columns=3)
    strip.set_model(model)
    strip.on_train_begin()
    for epoch, seen in enumerate(images_seen):
        model.images_seen.assign(seen)
        model.follow_growth()
        alpha = float(keras.ops.convert_to_numpy(model.alpha()))
        strip.on_epoch_end(epoch, {"resolution": model.resolution, "alpha": alpha})
    strip.on_train_end()
    return model


def test_every_stage_has_its_row_and_the_end_a_strip(tmp_path):
    model = grow(tmp_path / "growth", 32, 64, 96)
    names = sorted(path.name for path in (tmp_path / "growth").iterdir())
    assert names == ["0008_0.50.png", "0008_1.00.png", "0016_1.00.png", "strip.png"]
    last = np.asarray(Image.open(tmp_path / "growth/0016_1.00.png"))
    expected = make_large_grid(model.generate(3, seed=0), columns=3)[..., 0]
    np.testing.assert_array_equal(last, expected)


def test_small_images_are_enlarged_to_the_size_that_the_model_grows_to(tmp_path):
    grow(tmp_path, 32)
    row = np.asarray(Image.open(tmp_path / "0008_0.50.png"))
    first = row[8:72, 8:72]  # 16 pixels and gaps of 2 at both sides, four times as large.
    np.testing.assert_array_equal(first, first[::8, ::8].repeat(8, 0).repeat(8, 1))


def test_the_strip_begins_with_the_rows_of_an_earlier_part_of_the_run(tmp_path):
    grow(tmp_path, 32)
    with Image.open(tmp_path / "strip.png") as strip:
        one_row = strip.height
    grow(tmp_path, 64, 96)
    with Image.open(tmp_path / "strip.png") as strip:
        assert strip.height == 3 * one_row


def test_of_each_resolution_the_strip_shows_the_middle_of_the_fade_and_the_end(tmp_path):
    names = ["0004_1.00", "0008_0.33", "0008_0.67", "0008_1.00", "0016_0.10", "0016_0.45"]
    stages = stages_of([tmp_path / f"{name}.png" for name in names])
    assert {label: path.stem for label, path in stages.items()} == {
        "4 x 4": "0004_1.00",
        "8 x 8, alpha 0.33": "0008_0.33",
        "8 x 8": "0008_1.00",
        "16 x 16, alpha 0.45": "0016_0.45",
    }


def test_rows_that_the_strip_does_not_show_are_deleted(tmp_path):
    grow(tmp_path, 18, 26, 34, 40, 48)
    assert sorted(path.name for path in tmp_path.glob("0*.png")) == [
        "0008_0.56.png",
        "0008_1.00.png",
    ]


def test_the_largest_resolution_is_the_last_row_however_many_digits_it_has(tmp_path):
    names = ["16384_1.00", "8192_1.00", "1638_1.00"]
    stages = stages_of([tmp_path / f"{name}.png" for name in names])
    assert [(label, path.stem) for label, path in stages.items()] == [
        ("1638 x 1638", "1638_1.00"),
        ("8192 x 8192", "8192_1.00"),
        ("16384 x 16384", "16384_1.00"),
    ]


def test_images_are_shown_at_256_pixels_at_most():
    large = np.random.default_rng(0).integers(0, 256, (2, 1024, 1024, 1), dtype="uint8")
    shown = at_one_size(large, 256)
    expected = large.reshape(2, 256, 4, 256, 4, 1).mean((2, 4))
    assert shown.dtype == "uint8"
    assert np.abs(shown - expected).max() <= 0.51
    small = large[:, :64, :64]
    np.testing.assert_array_equal(at_one_size(small, 256)[:, ::4, ::4], small)


def test_a_model_that_does_not_grow_is_refused(tmp_path):
    model = dense_gan()
    model.compile()
    with pytest.raises(TypeError, match="this one is a GAN, whose samples SampleGrid shows"):
        model.fit(images_for(model), verbose=0, callbacks=[GrowthStrip(tmp_path)])


def test_a_strip_that_cannot_be_written_is_a_warning(tmp_path):
    (tmp_path / "strip.png").mkdir()
    with pytest.warns(UserWarning, match=r"strip\.png could not be made"):
        grow(tmp_path, 32)
    assert (tmp_path / "0008_0.50.png").is_file()


def test_bad_arguments_are_refused(tmp_path):
    with pytest.raises(ValueError, match="The folder of pictures must lie on this machine"):
        GrowthStrip("gs://bucket/growth")
    with pytest.raises(ValueError, match="columns must be 1 or more; it was 0"):
        GrowthStrip(tmp_path, columns=0)


def test_conditions_that_the_model_does_not_read_are_told_before_training(tmp_path):
    strip = GrowthStrip(tmp_path, conditions={"labels": [0] * 8})
    strip.set_model(progressive_gan())
    with pytest.raises(TypeError, match="reads no conditions; it was given 'labels'"):
        strip.on_train_begin()
