"""Volumes: their pictures show solids."""

import numpy as np
import pytest

from keras_gans.samples import Volumes
from keras_gans.samples.volumes import FACES, SIDE, shaded


def box(depth=slice(None), height=slice(None), width=slice(None)):
    volume = np.zeros((8, 8, 8), bool)
    volume[depth, height, width] = True
    return volume


def seen(volume):
    return shaded(volume[None])[0, ..., 0]


def places(picture):
    """Mean row and column of what is not white."""
    return np.argwhere(picture < 255).mean(axis=0)


def test_height_goes_downwards_and_width_to_the_right():
    low, high = seen(box(height=slice(6, 8))), seen(box(height=slice(0, 2)))
    assert places(low)[0] > places(high)[0] + SIDE / 8
    right, left = seen(box(width=slice(6, 8))), seen(box(width=slice(0, 2)))
    assert places(right)[1] > places(left)[1] + SIDE / 8


def test_what_is_in_front_hides_what_is_behind():
    front = box(depth=slice(0, 1))
    both = front | box(depth=7, height=slice(6, 8), width=slice(6, 8))
    np.testing.assert_array_equal(seen(both), seen(front))
    assert (seen(box(depth=7, height=slice(6, 8), width=slice(6, 8))) < 255).any()


def test_a_cube_shows_three_faces_of_three_tones():
    picture = seen(box(slice(2, 6), slice(2, 6), slice(2, 6)))
    tones = picture[picture < 255].astype(float)
    for face in FACES:
        assert (np.abs(tones - face * 0.9) < 0.15 * face).mean() > 0.15
    brightest = np.argwhere((picture < 255) & (picture > FACES[1] * 0.8))
    assert brightest[:, 0].mean() < places(picture)[0]  # It lies on top.


def test_an_empty_volume_is_white_and_cells_from_a_half_on_are_full():
    volumes = np.stack([box(), box()])[..., None] * np.float32([0.4, 0.6]).reshape(2, 1, 1, 1, 1)
    picture = Volumes().picture(volumes, columns=2)
    assert picture.shape == (SIDE + 4, 2 * SIDE + 6, 1)
    assert (picture[:, : SIDE + 4] == 255).all()
    assert (picture[:, SIDE + 4 :] < 255).any()


def test_booleans_and_occupancies_are_taken_and_no_greys():
    Volumes().check(box(depth=0)[None, ..., None], (8, 8, 8, 1))
    with pytest.raises(ValueError, match=r"to lie in \[0, 1\], but they range from 0 to 255"):
        Volumes().check(box(depth=0)[None, ..., None] * np.uint8(255), (8, 8, 8, 1))


def test_a_file_holds_the_occupancies(tmp_path):
    volumes = np.random.default_rng(0).random((2, 4, 4, 4, 1)).astype("float32")
    Volumes().save(volumes, tmp_path / "volumes.npy")
    np.testing.assert_array_equal(np.load(tmp_path / "volumes.npy"), volumes)
