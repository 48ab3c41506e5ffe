"""Grids of images, PNG files, animations, and what draws one after each epoch."""

import contextlib
import re
import sys
import warnings

import keras
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from keras_gans.data import to_uint8
from keras_gans.data.aside import written_aside
from keras_gans.data.growing_images import reduced_floats
from keras_gans.data.paths import local_path
from keras_gans.data.resizing import MODES, to_pillow
from keras_gans.samples.pictures import make_large_grid, save_picture

# Of animations: Pillow keeps all frames until it writes the first.
FRAMES = 100
SIDE = 768


class EpochPictures(keras.callbacks.Callback):
    """Save what `draw` makes before training and after each epoch, and an animation at the end.

    Writes `epoch_0000.png` (before training), `epoch_0001.png`, ... and `animation.gif`; for
    pictures that move `epoch_0000.gif`, ..., and an animation of their first frames. Where the
    folder holds pictures of earlier epochs, the animation begins with them: a resumed run keeps
    its folder, another run takes a folder of its own. What cannot be drawn or written once
    training has begun is a warning: it goes on without the picture. A notebook shows the newest
    picture below its cell.

    Args:
        folder: Folder for the pictures; created where it is missing.
        every: Integer, epochs from one picture to the next.
    """

    def __init__(self, folder, every=1):
        super().__init__()
        check_positive(every=every)
        self.folder = local_path(folder, "The folder of pictures")
        self.every = every
        self._place = None  # Of the picture in a notebook.

    def draw(self, epoch):
        """The picture after `epoch` epochs: uint8 `(height, width, channels)`, or such frames."""
        raise NotImplementedError(f"{type(self).__name__} must implement `draw`.")

    def on_train_begin(self, logs=None):
        self._place = None
        self.folder.mkdir(parents=True, exist_ok=True)
        if any((self.folder / f"epoch_0000.{kind}").exists() for kind in ("png", "gif")):
            self.draw(0)  # What cannot be drawn is told before training, in a resumed run too.
        else:
            self.save(0)

    def on_epoch_end(self, epoch, logs=None):
        if (epoch + 1) % self.every == 0:
            with as_decoration(f"The picture of epoch {epoch + 1}"):
                self.save(epoch + 1)

    def on_train_end(self, logs=None):
        path = self.folder / "animation.gif"
        with as_decoration(path):
            animate(in_order(self.folder.glob("epoch_*.[pg][ni][gf]")), path)

    def save(self, epoch):
        """Write the picture after `epoch` epochs, and return it."""
        picture = self.draw(epoch)
        stem = self.folder / f"epoch_{epoch:04d}"
        save_picture(picture, stem)
        if in_notebook():
            path = stem.with_name(f"{stem.name}.{'gif' if isinstance(picture, list) else 'png'}")
            self._place = show(path, self._place)
        return picture


def in_notebook():
    """Whether what runs this shows pictures: the kernel of a notebook, and no terminal."""
    ipython = sys.modules.get("IPython")
    return ipython is not None and hasattr(ipython.get_ipython(), "kernel")


def show(path, place=None):
    """Show a picture in a notebook; returns its place, for the picture that shall follow it."""
    from IPython.display import Image, display

    image = Image(filename=str(path))
    if place is None:
        return display(image, display_id=True)
    place.update(image)
    return place


@contextlib.contextmanager
def as_decoration(what):
    """Turns an error into a warning: results must not be lost for a picture of them."""
    try:
        yield
    except Exception as error:
        reason = " ".join(str(error).split()).rstrip(".")
        warnings.warn(
            f"{what} could not be made: {type(error).__name__}: {reason}. All else goes on.",
            stacklevel=3,
        )


def shown(model, number, seed, conditions=None):
    """Samples of a model for `number` latents of a seed: of given conditions, or the usual ones."""
    return model.generate(number, seed=seed, **usual_or_given(model, number, conditions))


def shown_weights(model):
    """Which weights make the samples of a model: "averaged" or "raw"."""
    return "raw" if getattr(model, "averaged_generator", None) is None else "averaged"


def check_shown(model, number, seed, conditions=None):
    """Raise a sentence, before training, where `shown` could not show them."""
    model.inputs_for(number, seed, None, usual_or_given(model, number, conditions))


def usual_or_given(model, number, conditions):
    return model.usual_conditions(number) if conditions is None else conditions


def in_order(paths):
    """Paths by the numbers in their names: 10000 comes after 9999."""
    return sorted(paths, key=lambda path: [float(n) for n in re.findall(r"\d+\.?\d*", path.stem)])


def check_positive(**numbers):
    """Raise a sentence where one of the numbers is below 1."""
    for name, number in numbers.items():
        if number < 1:
            raise ValueError(f"{name} must be 1 or more; it was {number}.")


def at_one_size(images, side):
    """uint8 images of a model that grows, enlarged pixel by pixel to `side`, or reduced by means.

    Args:
        images: uint8 array `(n, size, size, channels)`.
        side: Integer; one is a multiple of the other.
    """
    size = images.shape[1]
    if size > side:
        return to_uint8(reduced_floats(images, size // side))
    return images.repeat(side // size, axis=1).repeat(side // size, axis=2)


def animate(pictures, path, seconds_per_frame=0.4):
    """Write the pictures as an endless animated GIF whose last frame stays longer.

    Of more than `FRAMES` pictures as many are shown, from the first to the last; those with a side
    above `SIDE` pixels are reduced to it.

    Args:
        pictures: List of paths, in order; none makes no animation.
        path: Path of the GIF.
        seconds_per_frame: Float.
    """
    if not pictures:
        return
    shown = np.linspace(0, len(pictures) - 1, min(len(pictures), FRAMES)).round().astype(int)
    pictures = [pictures[i] for i in shown]
    # A generator that grows leaves grids of several sizes.
    largest = max(map(size_of, pictures))
    size = [round(side * min(1, SIDE / max(largest))) for side in largest]

    def frame(picture):
        with Image.open(picture) as image:
            grows = image.width < size[0]
            filtering = Image.Resampling.NEAREST if grows else Image.Resampling.BOX
            return image.convert("RGB").resize(size, filtering)

    with written_aside(path) as aside:
        frame(pictures[0]).save(
            aside,
            format="GIF",
            save_all=True,
            append_images=map(frame, pictures[1:]),
            duration=[*[int(1000 * seconds_per_frame)] * (len(pictures) - 1), 2000],
            loop=0,
        )


def size_of(picture):
    with Image.open(picture) as image:
        return image.size


def label_rows(grid, labels):
    """Write a label beside each of the equally high rows of a grid.

    Args:
        grid: uint8 array `(height, width, channels)`, or a list of such frames.
        labels: List of strings, one for each row.

    Returns:
        uint8 array `(height, width + margin, channels)`, or a list of them.
    """
    if isinstance(grid, list):
        return [label_rows(frame, labels) for frame in grid]
    height = len(grid) // len(labels)
    font = ImageFont.load_default(size=max(10, height // 6))
    widths = [font.getbbox(label)[2] for label in labels]
    margin = Image.new("L", (max(widths) + height // 4, len(grid)), "white")
    draw = ImageDraw.Draw(margin)
    for i, label in enumerate(labels):
        place = (margin.width - height // 12, i * height + height // 2)
        draw.text(place, label, fill="black", font=font, anchor="rm")
    column = np.asarray(margin)[..., None].repeat(grid.shape[-1], axis=-1)
    column[..., 3:] = 255  # What is written is not transparent.
    return np.concatenate([column, grid], axis=1)


def put_before(image, row):
    """Put an image at the left of a row, as high as it.

    Args:
        image: uint8 array `(height, width, channels)`.
        row: uint8 array `(height, width, channels)`, as `make_large_grid` makes it, or a list of
            such frames.

    Returns:
        uint8 array `(height, width + that of the image, channels)`, or a list of them.
    """
    if isinstance(row, list):
        return [put_before(image, frame) for frame in row]
    height, _, channels = row.shape
    tile = to_pillow(make_large_grid(image[None], 1)).convert(MODES[channels])
    width = round(tile.width * height / tile.height)
    tile = np.asarray(tile.resize((width, height), Image.Resampling.BOX))
    return np.concatenate([tile.reshape(height, width, channels), row], axis=1)
