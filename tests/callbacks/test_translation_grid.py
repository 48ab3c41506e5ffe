"""Grids of translations."""

import functools

import numpy as np
import pytest
from PIL import Image

from keras_gans.callbacks import TranslationGrid
from keras_gans.callbacks.pictures import label_rows
from keras_gans.models import CycleGAN, Pix2Pix
from keras_gans.networks import patchgan_discriminator, resnet_generator, unet_generator
from tests.harness import dense_gan, images

SIDE = 16
SCALE = 64 // SIDE


def pix2pix(channels=3, output_channels=3):
    return Pix2Pix(
        unet_generator((SIDE, SIDE, channels), output_channels, width=2),
        patchgan_discriminator((SIDE, SIDE, channels + output_channels), 16, width=2),
        seed=3,
    )


@functools.cache  # Never trained.
def cyclegan():
    shape = (SIDE, SIDE, 3)
    return CycleGAN(
        *(resnet_generator(shape, width=2, blocks=1) for _ in range(2)),
        *(patchgan_discriminator(shape, 16, 2, normalization="instance") for _ in range(2)),
        pool_size=2,
        seed=3,
    )


def pairs(n=3, channels=3, output_channels=3):
    sources = images(n, (SIDE, SIDE, channels))
    return sources, 255 - images(n, (SIDE, SIDE, output_channels))


def save(grid, model, epoch=0):
    grid.set_model(model)
    grid.on_train_begin()
    grid.save(epoch)
    return read(grid.folder / f"epoch_{epoch:04d}.png")


def read(path):
    with Image.open(path) as picture:
        return np.asarray(picture)


def tiles(picture, columns, rows):
    """The images of a grid by row, from the places where a viewer looks for them."""
    step = SIDE + 2
    width = SCALE * (columns * step + 2)
    small = picture[::SCALE, picture.shape[1] - width :: SCALE]
    assert len(small) == rows * step + 2
    return [
        np.stack([small[2 + r * step :, 2 + c * step :][:SIDE, :SIDE] for c in range(columns)])
        for r in range(rows)
    ]


def assert_rows(picture, expected):
    """The picture has these labels, in this order, and beside them these images."""
    columns = len(next(iter(expected.values())))
    shown = tiles(picture, columns, len(expected))
    for (label, wanted), row in zip(expected.items(), shown, strict=True):
        # Grey is shown as equal red, green and blue.
        wanted = np.broadcast_to(wanted, row.shape)
        np.testing.assert_array_equal(row, wanted, err_msg=label)
    grid = picture[:, -SCALE * (columns * (SIDE + 2) + 2) :]
    np.testing.assert_array_equal(picture, label_rows(grid, list(expected)))


def test_every_epoch_gives_a_grid_of_sources_outputs_and_targets(tmp_path):
    model, (sources, targets) = pix2pix(), pairs()
    before = model.translate(sources)
    model.compile()
    grid = TranslationGrid(tmp_path / "samples", sources, targets)
    model.fit(sources, targets, batch_size=1, epochs=2, verbose=0, callbacks=[grid])
    names = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert names == ["animation.gif", "epoch_0000.png", "epoch_0001.png", "epoch_0002.png"]
    after = model.translate(sources)
    assert (before != after).any()
    for name, outputs in (("epoch_0000.png", before), ("epoch_0002.png", after)):
        picture = read(tmp_path / "samples" / name)
        assert_rows(picture, {"source": sources, "output": outputs, "target": targets})
    with Image.open(tmp_path / "samples/animation.gif") as animation:
        assert animation.n_frames == 3


def test_without_targets_there_are_two_rows(tmp_path):
    model, (sources, _) = pix2pix(), pairs()
    picture = save(TranslationGrid(tmp_path, sources), model)
    assert_rows(picture, {"source": sources, "output": model.translate(sources)})


@pytest.mark.parametrize(
    ("direction", "there", "back"), [(None, "a_to_b", "b_to_a"), ("b_to_a", "b_to_a", "a_to_b")]
)
def test_a_model_of_two_directions_shows_the_reconstruction(tmp_path, direction, there, back):
    model, (sources, _) = cyclegan(), pairs()
    picture = save(TranslationGrid(tmp_path, sources, direction=direction), model)
    outputs = model.translate(sources, direction=there)
    reconstructions = model.translate(outputs, direction=back)
    rows = {"source": sources, "output": outputs, "reconstruction": reconstructions}
    assert_rows(picture, rows)


def test_a_model_of_two_directions_shows_targets_beside_it_where_there_are_some(tmp_path):
    model, (sources, targets) = cyclegan(), pairs()
    picture = save(TranslationGrid(tmp_path, sources, targets), model)
    outputs = model.translate(sources)
    back = model.translate(outputs, direction="b_to_a")
    rows = {"source": sources, "output": outputs, "reconstruction": back, "target": targets}
    assert_rows(picture, rows)


def test_grey_sources_fit_beside_colour_targets(tmp_path):
    model, (sources, targets) = pix2pix(1, 3), pairs(channels=1)
    picture = save(TranslationGrid(tmp_path, sources, targets), model)
    outputs = model.translate(sources)
    assert_rows(picture, {"source": sources, "output": outputs, "target": targets})


def test_of_transparent_sources_the_colour_is_shown(tmp_path):
    model, (sources, targets) = pix2pix(4, 1), pairs(channels=4, output_channels=1)
    picture = save(TranslationGrid(tmp_path, sources, targets), model)
    rows = {"source": sources[..., :3], "output": model.translate(sources), "target": targets}
    assert_rows(picture, rows)


def test_a_grid_every_few_epochs(tmp_path):
    grid = TranslationGrid(tmp_path, *pairs(1), every=2)
    grid.set_model(pix2pix())
    grid.on_train_begin()
    for epoch in range(5):
        grid.on_epoch_end(epoch)
    names = [path.name for path in sorted(tmp_path.iterdir())]
    assert names == ["epoch_0000.png", "epoch_0002.png", "epoch_0004.png"]


def test_a_resumed_run_keeps_the_grid_of_before_training(tmp_path):
    sources, _ = pairs(1)
    first = save(TranslationGrid(tmp_path, sources), pix2pix())
    other = Pix2Pix(unet_generator((SIDE, SIDE, 3), width=2), None, seed=4)
    grid = TranslationGrid(tmp_path, sources)
    grid.set_model(other)
    grid.on_train_begin()
    np.testing.assert_array_equal(read(tmp_path / "epoch_0000.png"), first)
    assert (save(grid, other, epoch=1) != first).any()


def test_a_model_that_does_not_translate_is_refused(tmp_path):
    grid = TranslationGrid(tmp_path / "samples", images(3, (4, 4, 1)))
    model = dense_gan()
    model.compile()
    with pytest.raises(TypeError, match=r"translate images; GAN does not\. SampleGrid"):
        model.fit(images(8, (4, 4, 1)), verbose=0, callbacks=[grid])
    assert not (tmp_path / "samples").exists()


def test_rows_that_do_not_fit_together_are_told_before_training(tmp_path):
    sources, targets = pairs()
    grid = TranslationGrid(tmp_path, sources, targets[:2])
    with pytest.raises(ValueError, match=r"as many images of one size in every row, not source"):
        save(grid, pix2pix())
    with pytest.raises(ValueError, match="sources must be uint8 images; they are float32"):
        TranslationGrid(tmp_path, sources.astype("float32"))


def test_rows_that_do_not_fit_together_are_told_in_a_resumed_run_too(tmp_path):
    sources, targets = pairs()
    save(TranslationGrid(tmp_path, sources, targets), pix2pix())
    grid = TranslationGrid(tmp_path, sources, targets[:2])
    grid.set_model(pix2pix())
    with pytest.raises(ValueError, match=r"as many images of one size in every row, not source"):
        grid.on_train_begin()
