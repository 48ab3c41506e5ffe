"""Videos: their pictures move."""

import numpy as np
import pytest
from PIL import Image

from keras_gans.samples import Videos


def rising(n=3, frames=4):
    """Videos that become brighter from frame to frame."""
    greys = np.arange(n)[:, None] * 10 + np.arange(frames) * 50
    return np.broadcast_to(greys[..., None, None, None], (n, frames, 64, 64, 1)).astype("uint8")


def test_each_frame_of_a_picture_shows_all_videos_at_that_time():
    frames = Videos().picture(rising(), columns=2)
    assert len(frames) == 4
    assert {frame.shape for frame in frames} == {(2 * 66 + 2, 2 * 66 + 2, 1)}
    places = [(30, 30), (30, 100), (100, 30), (100, 100)]
    assert [[int(frame[place][0]) for place in places] for frame in frames] == [
        [grey, grey + 10, grey + 20, 255] for grey in (0, 50, 100, 150)
    ]


def test_a_file_is_an_animation_of_that_picture(tmp_path):
    videos = rising(n=1)
    Videos().save(videos, tmp_path / "video.gif")
    with Image.open(tmp_path / "video.gif") as animation:
        assert animation.n_frames == 4
        for i, grey in enumerate((0, 50, 100, 150)):
            animation.seek(i)
            assert animation.convert("L").getpixel((30, 30)) == grey


def test_uint8_and_floats_are_taken_and_other_numbers_told():
    Videos().check(rising(), (4, 64, 64, 1))
    Videos(range=(0, 1)).check(rising().astype("float32") / 255, (4, 64, 64, 1))
    with pytest.raises(ValueError, match=r"to lie in \[-1, 1\], but they range from 0 to 170"):
        Videos().check(rising().astype("int32"), (4, 64, 64, 1))
    with pytest.raises(ValueError, match=r"videos of shape \[n, 4, 64, 64, 3\]"):
        Videos().check(rising(), (4, 64, 64, 3))
