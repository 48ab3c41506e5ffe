"""The images that scores are tried on, and what is drawn of them."""

import numpy as np
import pytest
from PIL import Image

from benchmarks import scores
from benchmarks.scores import CORRUPTIONS, Corrupted, draw, main, noticed, rises
from tests.backends import shown_on_tensorflow

pytestmark = shown_on_tensorflow("what is tried on images in numpy is the same on every backend")


@pytest.fixture(scope="module")
def data():
    """Soft spots in ten heights, which are their modes."""
    rng = np.random.default_rng(0)
    modes = np.arange(400) % 10
    centres = np.stack([2 + 2.5 * modes, rng.normal(14, 3, 400)])
    y, x = np.mgrid[:28, :28][:, None] - centres[..., None, None]
    spots = 240 * np.exp(-(x**2 + y**2) / 40)
    return Corrupted(spots[..., None].round().astype("uint8"), modes)


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_each_grade_is_farther_from_what_it_was(kind, data):
    untouched = data.clean()
    assert np.array_equal(data.corrupted(kind, 0), untouched)
    errors = [
        np.square(data.corrupted(kind, grade) - untouched.astype("float64")).mean()
        for grade in range(1, 5)
    ]
    assert errors[0] > 0 and all(np.diff(errors) > 0)


def test_modes_are_dropped_and_real_images_copied(data):
    real = {image.tobytes() for image in data.real}
    assert not real & {image.tobytes() for image in data.clean()}
    pool = {image.tobytes(): mode for image, mode in zip(data.pool, data.modes, strict=True)}
    for grade, (kinds, copies) in enumerate(zip((10, 8, 6, 4, 2), scores.COPIED, strict=True)):
        images = data.corrupted("dropped modes", grade)
        assert len(images) == data.number
        kept = {pool[image.tobytes()] for image in images}
        assert kept <= {*data.kinds[:kinds]}
        assert len(kept) > kinds / 2
        copied = [image.tobytes() in real for image in data.corrupted("copies", grade)]
        assert np.mean(copied) == pytest.approx(copies, abs=1 / data.number)


def test_a_table_tells_which_grades_are_not_noticed():
    assert rises([2.0, 3.0, 4.0], untouched=1.0, deviation=0.4) == "yes"
    assert rises([1.0, 3.0, 3.7], untouched=1.0, deviation=0.4) == "not at 1, 3"


def test_the_figure_says_who_notices(data, tmp_path, monkeypatch):
    monkeypatch.setattr(scores, "DRAWS", 3)
    moved = noticed(data, "fashion_mnist")
    assert moved["frechet_fashion_mnist"]["blur"][-1] > 5
    assert moved["frechet_fashion_mnist"]["dropped modes"][-1] > 2
    draw(moved, tmp_path / "figure.png", data, "fashion_mnist")
    with Image.open(tmp_path / "figure.png") as picture:
        assert picture.width > 1000


def test_what_was_written_above_the_numbers_stays(tmp_path, monkeypatch):
    images = np.random.default_rng(0).integers(0, 256, (80, 28, 28, 1), "uint8")
    monkeypatch.setattr(
        scores, "sources", lambda options: {"noise": lambda: (images, images[:, 0, 0, 0] % 10)}
    )
    table = tmp_path / "scores.md"
    for _ in range(2):
        main(["--output", str(table)])
        text = table.read_text()
        assert text.count("### noise\n") == 1
        table.write_text(f"# Said by somebody\n\n{text}")
    assert text.startswith("# Said by somebody")
