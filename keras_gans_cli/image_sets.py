"""Sets of images that are compared: files, the embedded ones, or what a model makes."""

import hashlib
import os

import numpy as np

from keras_gans_cli.options import EMBEDDED
from keras_gans_cli.run import UsageError

USUAL = 10_000  # Images that a model is to make: fewer make most scores depend on how many.


def image_set(source, number=None, seed=0):
    """The set that a path stands for.

    Args:
        source: Folder or zip archive of images, "fashion_mnist", or the `.keras` file of a model
            that generates.
        number: Integer, how many images to take at most, at random; `None` for all files, or for
            10,000 samples.
        seed: Integer, of the draw and the samples.

    Returns:
        What has the attributes `number`; `shape`, that of its first image; `identity`, a string
        that changes with the images; `told`, a dict of how to make the same set; and the method
        `images(rows, shape)`, which returns uint8 images of rows below `number` and the list of
        those rows whose files could be read.
    """
    if source == EMBEDDED:
        return EmbeddedImages(number, seed)
    if os.fspath(source).endswith(".keras"):
        return Samples(source, number or USUAL, seed)
    return ImageFiles(source, number, seed)


class ImageFiles:
    """The images of a folder or a zip archive."""

    def __init__(self, folder, number, seed):
        from keras_gans.data.folders import image_files

        files = image_files(folder)
        if not files:
            raise UsageError(f"{folder} holds no images that Pillow reads.")
        self.folder = folder
        self.files = {name: files[name] for name in drawn([*files], number, seed)}
        self.number = len(self.files)
        digest = hashlib.sha256()
        for name, path in self.files.items():
            digest.update(repr((name, *version_of(path))).encode())
        self.identity = digest.hexdigest()
        self.told = {"images": str(folder), "of": len(files), "files": self.identity[:12]}

    @property
    def shape(self):
        from keras_gans.data.folders import read_image

        first = read_image(next(iter(self.files.values())))
        return first.height, first.width, 1 if first.mode in ("1", "L", "LA") else 3

    def images(self, rows, shape):
        from keras_gans.data import fit_image
        from keras_gans.data.folders import decode_all, read_image

        names = [*self.files]
        names = [names[row] for row in rows]

        def decode(name):
            return [fit_image(read_image(self.files[name]), shape)]

        (images,), usable = decode_all(self.folder, names, decode, [shape])
        return images, [rows[i] for i in usable]


class EmbeddedImages:
    """The 10,000 test images of Fashion-MNIST that come with the package."""

    shape = (28, 28, 1)
    identity = EMBEDDED

    def __init__(self, number, seed):
        rows = drawn(range(10_000), number, seed)
        self.rows = np.array(rows)
        self.number = len(rows)
        self.identity = f"{EMBEDDED} {self.number} {seed if number else 0}"
        self.told = {"images": EMBEDDED, "of": 10_000, "split": "test"}

    def images(self, rows, shape):
        from keras_gans.data import fashion_mnist

        return fashion_mnist(shape)[0][self.rows[rows]], [*rows]


class Samples:
    """What a model generates: `model.generate(number, seed)`, of each class in turn."""

    def __init__(self, path, number, seed):
        import keras

        from keras_gans.data.paths import local_path

        path = local_path(path, "A model")
        if not path.is_file():
            raise UsageError(f"There is no model at {path}.")
        self.model = model = keras.saving.load_model(path, compile=False)
        if not hasattr(model, "draw_latents"):
            raise UsageError(
                f"{path} makes no images of latents: translate or enlarge images by it, and "
                "compare the folder of what it makes."
            )
        self.number = number
        self.latents = model.draw_latents(number, seed)
        self.conditions = model.usual_conditions(number)
        self.identity = hashlib.sha256(path.read_bytes()).hexdigest()
        averaged = getattr(model, "averaged_generator", None) is not None
        self.told = {
            "model": str(path),
            "file": self.identity[:12],
            "weights": "averaged" if averaged else "raw",
            "seed": seed,
        }

    @property
    def shape(self):
        return self._made([0]).shape[1:]

    def images(self, rows, shape):
        return self._made(rows), [*rows]

    def _made(self, rows):
        import keras

        latents = keras.tree.map_structure(lambda x: x[rows], self.latents)
        conditions = {name: values[rows] for name, values in self.conditions.items()}
        return self.model.generate(latents=latents, batch_size=256, **conditions)


def drawn(items, number, seed):
    """All items, or as many at random, in their order."""
    if number is None or number >= len(items):
        return [*items]
    rows = np.sort(np.random.default_rng(seed).permutation(len(items))[:number])
    return [items[row] for row in rows]


def version_of(path):
    """What changes with the contents of a file, without a look at them."""
    if isinstance(path, os.PathLike):
        stat = os.stat(path)
        return stat.st_size, stat.st_mtime_ns
    member = path.root.getinfo(path.at)  # In a zip archive.
    return member.file_size, member.CRC
