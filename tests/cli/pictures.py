"""Folders of small pictures for the programs."""

import numpy as np
from PIL import Image


def write_pictures(folder, seed=0):
    """24 pictures of noise, of one size; returns the folder."""
    rng = np.random.default_rng(seed)
    for i in range(24):
        Image.fromarray(rng.integers(0, 256, (20, 24, 3), dtype="uint8")).save(folder / f"{i}.png")
    return folder


def write_classes(folder):
    """Two sub-folders of pictures, which are their classes: cat and dog; returns the folder."""
    for seed, name in enumerate(("cat", "dog")):
        (folder / name).mkdir()
        write_pictures(folder / name, seed)
    return folder


def write_pairs(folder, n=40):
    """Two folders of pictures of 16x16 pixels; the targets are the negatives of the sources."""
    rng = np.random.default_rng(0)
    folders = [folder / "a", folder / "b"]
    for path in folders:
        path.mkdir(parents=True)
    for i in range(n):
        image = np.kron(rng.integers(0, 256, (4, 4, 3), dtype="uint8"), np.ones((4, 4, 1), "uint8"))
        Image.fromarray(image).save(folders[0] / f"{i:02d}.png")
        Image.fromarray(255 - image).save(folders[1] / f"{i:02d}.png")
    return folders


def write_photographs(folder, count, side):
    """Smooth pictures of several sizes, from `side` pixels on."""
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(0)
    for i in range(count):
        small = Image.fromarray(rng.integers(0, 256, (5, 6, 3), dtype="uint8"))
        size = (side + 4 + i, side + 2 * i)
        small.resize(size, Image.Resampling.BICUBIC).save(folder / f"{i:02d}.png")


def assert_results_came_first(folder, *decorations):
    """The model and its SavedModel were written before these pictures of the run."""
    results = [folder / "model.keras", folder / "saved_model"]
    latest = max(path.stat().st_mtime_ns for path in results)
    for name in ("curves.png", *decorations):
        assert latest < (folder / name).stat().st_mtime_ns, name
