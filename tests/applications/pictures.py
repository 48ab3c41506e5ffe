"""Folders of small pictures for the programs that translate."""

import numpy as np
from PIL import Image


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
