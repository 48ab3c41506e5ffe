"""Sets of images that are compared: files, the embedded ones, or what a model makes."""

import hashlib
import os

import numpy as np

from keras_gans_cli.options import EMBEDDED
from keras_gans_cli.run import UsageError
from keras_gans_cli.trained import load_trained, path_of_model

USUAL = 10_000  # Images that a model is to make: fewer make most scores depend on how many.
AT_ONCE = 256  # Samples that are made at a time.


def image_set(source, number=None, seed=0):
    """The set that a path stands for.

    Args:
        source: Folder or zip archive of images, "fashion_mnist", or a model that generates: its
            `.keras` file, or the folder of its run.
        number: Integer, how many images to take at most, at random; `None` for all files, or for
            10,000 samples.
        seed: Integer, of the draw and the samples.

    Returns:
        What has the attributes `number`; `grey`, whether its images are, by the first one;
        `size`, `(height, width)` of that; `identity`, a string that changes with the images;
        `told`, a dict of how to make the same set; `folder`, what to call it; and the methods
        `images(rows)`, which yields pairs of each row and its uint8 image, or `None` where the
        file cannot be read, and `tell(unread)`, which warns of such rows.
    """
    if source == EMBEDDED:
        return EmbeddedImages(number, seed)
    path = path_of_model(source)
    if path.suffix == ".keras":
        return Samples(path, number or USUAL, seed)
    return image_files_of(source, number, seed)


def fitted(images, rows, shape):
    """Some images of a set at one size, for metrics of pixels and for pictures.

    Args:
        images: As `image_set` returns them.
        rows: Iterable of the rows of images that can be read.
        shape: `(height, width, channels)`.

    Returns:
        uint8 array `(n, *shape)`.
    """
    from keras_gans.data.resizing import fit_arrays

    return fit_arrays((image for _, image in images.images(rows)), None, shape)


def image_files_of(folder, number, seed):
    """The images of a folder or a zip archive: a `keras_gans.data.streams.ImageFiles`."""
    from keras_gans.data.folders import open_image
    from keras_gans.data.resizing import size_upright
    from keras_gans.data.streams import ImageFiles

    images = ImageFiles(folder, number, seed)
    if not images.number:
        raise UsageError(f"{folder} holds no images that Pillow reads.")
    for path in images.paths:
        try:
            with open_image(path) as first:
                images.size = size_upright(first)[::-1]
                images.grey = first.mode in ("1", "L", "LA") or first.mode.startswith("I;16")
            break
        except Exception:  # A damaged file may raise nearly anything; it is told with all others.
            continue
    else:
        images.tell(range(images.number))
    images.told = {
        "images": os.path.realpath(folder),
        "number": images.number,
        "of": images.total,
        # The same on another machine, as times of files are not.
        "names": hashlib.sha256("\n".join(images.names).encode()).hexdigest()[:12],
    }
    if images.number < images.total:
        images.told["seed"] = seed
    return images


class MadeImages:
    """Images that are made by their rows, and lie in no file."""

    def images(self, rows):
        rows = np.array([*rows], int)
        for some in np.split(rows, range(AT_ONCE, len(rows), AT_ONCE)):
            yield from zip(some.tolist(), self.made(some), strict=True)

    def tell(self, unread):
        """Nothing: all of them can be made."""


class EmbeddedImages(MadeImages):
    """The 10,000 test images of Fashion-MNIST that come with the package."""

    folder = EMBEDDED
    size = 28, 28
    grey = True

    def __init__(self, number, seed):
        from keras_gans.data import fashion_mnist
        from keras_gans.data.streams import drawn

        self.rows = drawn(10_000, number, seed)
        self.number = len(self.rows)
        self.all = fashion_mnist((28, 28, 1))[0]
        self.identity = f"{EMBEDDED} {self.rows.tolist()}"
        self.told = {"images": EMBEDDED, "number": self.number, "of": 10_000, "split": "test"}
        if self.number < 10_000:
            self.told["seed"] = seed

    def made(self, rows):
        return self.all[self.rows[rows]]


class Samples(MadeImages):
    """What a model generates: `model.generate(number, seed)`, of each class in turn."""

    def __init__(self, path, number, seed):
        from keras_gans.callbacks.pictures import shown_weights

        self.model = model = load_trained(path)
        if not hasattr(model, "draw_latents"):
            raise UsageError(
                f"{path} makes no images of latents: translate or enlarge images by it, and "
                "compare the folder of what it makes."
            )
        self.folder = path
        self.number = number
        self.latents = model.draw_latents(number, seed)
        self.conditions = model.usual_conditions(number)
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        self.identity = f"{content} {number} {seed}"
        self.told = {
            "model": os.path.realpath(path),
            "file": content[:12],
            "weights": shown_weights(model),
            "number": number,
            "seed": seed,
        }
        (first,) = self.made(np.arange(1))
        self.size, self.grey = first.shape[:2], first.shape[2] == 1

    def made(self, rows):
        import keras

        latents = keras.tree.map_structure(lambda x: x[rows], self.latents)
        conditions = {name: values[rows] for name, values in self.conditions.items()}
        images = self.model.generate(latents=latents, batch_size=AT_ONCE, **conditions)
        if images.shape[-1] < 4:
            return images
        from keras_gans.data.resizing import fit_arrays

        return fit_arrays(images, len(images), (*images.shape[1:3], 3))  # On white.
