"""Labels and files."""

import sys
import types

import numpy as np
import pytest
from PIL import Image

from keras_gans.callbacks import pictures
from keras_gans.callbacks.pictures import (
    EpochPictures,
    animate,
    in_order,
    label_rows,
    put_before,
)
from keras_gans.samples.pictures import make_large_grid
from tests.harness import dense_gan, images_for


def test_labels_stand_on_white_beside_their_rows():
    grid = np.full((120, 50, 3), 7, "uint8")
    labelled = label_rows(grid, ["source", "output"])
    assert labelled.dtype == np.uint8
    margin = labelled[:, :-50]
    np.testing.assert_array_equal(labelled[:, -50:], grid)
    for row in (margin[:60], margin[60:]):
        ink = (row < 128).any(axis=(1, 2))
        assert ink[15:45].any()
        assert not ink[:15].any()
        assert not ink[45:].any()


def grey(folder, *values, side=8):
    """Pictures of one grey each."""
    paths = [folder / f"epoch_{i:04d}.png" for i in range(len(values))]
    for path, value in zip(paths, values, strict=True):
        Image.new("L", (side, side), value).save(path)
    return paths


def shown(path):
    """`(size, greys)` of an animation."""
    with Image.open(path) as animation:
        greys = []
        for i in range(animation.n_frames):
            animation.seek(i)
            greys.append(animation.convert("L").getpixel((0, 0)))
        return animation.size, greys


def test_pictures_come_in_the_order_of_their_numbers(tmp_path):
    names = ["epoch_9998", "epoch_9999", "epoch_10000"]
    assert in_order(sorted(tmp_path / f"{name}.png" for name in names)) == [
        tmp_path / f"{name}.png" for name in names
    ]
    stages = ["0008_0.50", "0008_1.00", "16384_0.05", "16384_0.10"]
    assert [path.stem for path in in_order(tmp_path / f"{s}.png" for s in reversed(stages))] == (
        stages
    )


def test_an_animation_shows_at_most_so_many_pictures_from_the_first_to_the_last(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(pictures, "FRAMES", 3)
    animate(grey(tmp_path, 0, 30, 60, 90, 120), tmp_path / "animation.gif")
    assert shown(tmp_path / "animation.gif")[1] == [0, 60, 120]


def test_large_pictures_are_reduced_and_small_ones_enlarged(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "SIDE", 20)
    paths = grey(tmp_path, 0, 200)
    Image.new("L", (40, 30), 100).save(paths[1])
    animate(paths, tmp_path / "animation.gif")
    assert shown(tmp_path / "animation.gif") == ((20, 15), [0, 100])


def test_one_picture_is_open_at_a_time(tmp_path, monkeypatch):
    open_now, most = [], []
    open_image = Image.open

    class Counted:
        def __init__(self, path):
            self.image = open_image(path)

        def __enter__(self):
            open_now.append(self)
            most.append(len(open_now))
            return self.image

        def __exit__(self, *error):
            open_now.remove(self)
            self.image.close()

    paths = grey(tmp_path, 0, 50, 100, 150)
    monkeypatch.setattr(pictures.Image, "open", Counted)
    made = []
    save = Image.Image.save
    monkeypatch.setattr(
        Image.Image, "save", lambda self, *a, **k: made.append(len(most)) or save(self, *a, **k)
    )
    animate(paths, tmp_path / "animation.gif")
    assert max(most) == 1
    assert made == [5]  # Each was opened for its size, and the first one for its pixels.


class Blank(EpochPictures):
    def draw(self, epoch):
        if epoch == 2:
            raise MemoryError("no room for the grid")
        return np.full((8, 8, 1), epoch, "uint8")


def test_a_picture_that_fails_costs_a_warning_and_not_the_training(tmp_path, monkeypatch):
    model = dense_gan()
    model.compile()
    (tmp_path / "epoch_0001.png").mkdir()  # Cannot be replaced by a file.
    with pytest.warns(UserWarning) as caught:
        model.fit(images_for(model), epochs=3, verbose=0, callbacks=[Blank(tmp_path)])
    said = [str(w.message) for w in caught if "could not be made" in str(w.message)]
    for words, sentence in zip(("epoch 1", "epoch 2", "animation.gif"), said, strict=True):
        assert words in sentence
    assert "MemoryError: no room for the grid. All else goes on." in said[1]
    assert (tmp_path / "epoch_0003.png").is_file()


class Notebook(types.ModuleType):
    """IPython, as far as pictures are shown by it; `shown` has what stands in each place."""

    def __init__(self, **shell):
        super().__init__("IPython")
        self.shown = []
        self.display = types.SimpleNamespace(Image=lambda filename: filename, display=self.put)
        self.get_ipython = lambda: types.SimpleNamespace(**shell)

    def put(self, image, display_id):
        self.shown.append([image])
        return types.SimpleNamespace(update=self.shown[-1].append)


@pytest.mark.parametrize("shell", [{"kernel": "of a notebook"}, {}])
def test_a_notebook_shows_the_newest_picture_in_the_place_of_the_one_before(
    shell, tmp_path, monkeypatch
):
    notebook = Notebook(**shell)
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    monkeypatch.setitem(sys.modules, "IPython.display", notebook.display)
    model = dense_gan()
    model.compile()
    blank = Blank(tmp_path, every=3)
    for _ in range(2):
        model.fit(images_for(model), epochs=4, verbose=0, callbacks=[blank])
    first, third = (str(tmp_path / f"epoch_{epoch:04d}.png") for epoch in (0, 3))
    assert notebook.shown == ([[first, third], [third]] if shell else [])


def test_a_picture_that_moves_is_shown_as_one(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "in_notebook", lambda: True)
    shown = []
    monkeypatch.setattr(pictures, "show", lambda path, place: shown.append(path.name))
    monkeypatch.setattr(Blank, "draw", lambda self, epoch: [np.zeros((8, 8, 1), "uint8")] * 2)
    Blank(tmp_path).save(1)
    assert shown == ["epoch_0001.gif"] and (tmp_path / "epoch_0001.gif").is_file()


def test_a_remote_folder_is_refused_and_the_home_folder_found(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert Blank("~/samples").folder == tmp_path / "samples"
    with pytest.raises(ValueError, match="The folder of pictures must lie on this machine"):
        Blank("s3://bucket/samples")
    with pytest.raises(ValueError, match="every must be 1 or more; it was 0"):
        Blank(tmp_path, every=0)


def test_labels_stand_beside_every_frame_and_are_not_transparent():
    frames = [np.full((60, 50, 4), 7, "uint8")] * 2
    labelled = label_rows(frames, ["source"])
    assert len(labelled) == 2
    np.testing.assert_array_equal(labelled[0], labelled[1])
    margin = labelled[0][:, :-50]
    assert (margin[..., 3] == 255).all()
    assert margin[..., 0].min() < 128


def test_an_image_stands_before_its_row_as_high_as_it():
    same, row = np.split(np.random.default_rng(0).integers(0, 256, (4, 16, 8, 3), "uint8"), [1])
    grid = make_large_grid(row, 3)
    expected = np.concatenate([make_large_grid(same, 1), grid], axis=1)
    np.testing.assert_array_equal(put_before(same[0], grid), expected)
    large_and_grey = same[..., :1].repeat(8, axis=1).repeat(8, axis=2)
    frames = put_before(large_and_grey[0], [grid, grid])
    assert [frame.shape[0] for frame in frames] == [len(grid)] * 2
    assert frames[0].shape[1] > grid.shape[1]
    np.testing.assert_array_equal(frames[1][:, -grid.shape[1] :], grid)
