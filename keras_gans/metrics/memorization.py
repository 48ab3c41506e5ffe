"""Memorization: whether generated images are copies of training images."""

from typing import Any

import keras
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from keras_gans.callbacks.pictures import label_rows
from keras_gans.data import to_uint8
from keras_gans.data.resizing import to_pillow
from keras_gans.metrics.extractors import FASHION_MNIST
from keras_gans.metrics.feature_metric import FeatureMetric
from keras_gans.neighbours import nearest_with_distances
from keras_gans.samples.pictures import make_large_grid
from keras_gans.typing import DType, FilePath, ImageArray, Shape


@keras.saving.register_keras_serializable("keras_gans")
class Memorization(FeatureMetric):
    """Whether generated images lie nearer to training images than unseen real images do.

    The real side are the images that the model was trained on. `set_held_out` names others of the
    same kind that it was not trained on, and the result is a dict of two numbers:

        ratio   the mean distance of generated images to the nearest training image, over that to
                the nearest of as many held-out images: about 1 where nothing was memorized, and
                less where training images were
        copies  the share of near copies: generated images that are nearer to a training image than
                99 of 100 held-out images are. About 0.01 where nothing was memorized

    Distances are those of features; with `pixel_extractor(image_shape)` those of pixels, which see
    exact copies, where features see those that were shifted or recoloured a little, too. A
    generator that makes blurred means lies near to everything, in pixels above all: look at
    `closest_pairs_picture` before a verdict.

    Args:
        extractor: See `FeatureMetric`.
        resize: Likewise.
        capacity: Likewise.
        name: Likewise.
        dtype: Likewise.

    Raises:
        FileNotFoundError, TypeError, ValueError: As there.

    Example:
        >>> metric = Memorization()
        >>> rng = np.random.default_rng(0)
        >>> training, held_out, fake = rng.integers(0, 256, (3, 200, 28, 28, 1), "uint8")
        >>> metric.set_held_out(held_out)
        >>> list(metric.compare(training, fake))
        ['memorization_fashion_mnist_ratio', 'memorization_fashion_mnist_copies']

    References:
        Meehan et al. 2020, A Non-Parametric Test to Detect Data-Copying in Generative Models,
        arXiv:2004.05675, has the idea to compare with held-out samples; the two numbers are ours.
    """

    prefix = "memorization"
    values = ("ratio", "copies")
    mode = "max"

    def __init__(
        self,
        extractor: FilePath | keras.Model = FASHION_MNIST,
        resize: str = "bilinear",
        capacity: int = 10_000,
        name: str | None = None,
        dtype: DType | None = None,
    ):
        super().__init__(extractor, resize, capacity, name, dtype)
        self._held_out = None

    def set_held_out(self, images: Any, batch_size: int = 256) -> None:
        """Name real images that the model was not trained on. They are not saved with the metric.

        Args:
            images: Numpy array of images as in `update_state`, or of their features.
            batch_size: Images at a time.
        """
        self._held_out = self.features(images, batch_size)

    def score_of(self, real, fake):
        if self._held_out is None:
            raise ValueError(
                f"{self.name} compares with real images that the model was not trained on: name "
                "them by set_held_out(images)."
            )
        return memorization(real, self._held_out, fake)

    def settings(self):
        return {"num_held_out": 0 if self._held_out is None else len(self._held_out)}


def memorization(training, held_out, fake):
    """What `Memorization` says of features.

    Args:
        training: Array `(n, d)`.
        held_out: Array `(m, d)`.
        fake: Array `(k, d)`.

    Returns:
        Dict of floats: "ratio", NaN where all are equal, and "copies".
    """
    # Of equally many: the nearest of more images is nearer.
    fewer = min(len(training), len(held_out))
    rng = np.random.default_rng(0)
    seen, unseen = (x[rng.permutation(len(x))[:fewer]] for x in (training, held_out))
    to_seen, to_unseen = (nearest_with_distances(fake, x, 1)[1].mean() for x in (seen, unseen))
    usual = nearest_with_distances(held_out, training, 1)[1]
    distances = nearest_with_distances(fake, training, 1)[1]
    return {
        "ratio": float(to_seen / to_unseen) if to_unseen else float("nan"),
        "copies": float(np.mean(distances < np.quantile(usual, 0.01))),
    }


def pixel_extractor(image_shape: Shape) -> keras.Model:
    """Pixels as features: distances of these are Euclidean distances of images.

    Args:
        image_shape: Tuple `(height, width, channels)`.

    Returns:
        A keras.Model named "pixels": float32 [n, height, width, channels] -> [n, d].

    Example:
        >>> Memorization(pixel_extractor((28, 28, 1))).name
        'memorization_pixels'
    """
    images = keras.Input(image_shape)
    return keras.Model(images, keras.layers.Flatten()(images), name="pixels")


def closest_pairs(
    fake: np.ndarray, training: np.ndarray, count: int = 10
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The generated samples that are nearest to training ones, each with its nearest.

    Args:
        fake: Array of features `(n, d)`, such as `FeatureMetric.features` computes.
        training: Array `(m, d)`.
        count: Integer >= 1; all where there are fewer.

    Returns:
        int64 arrays of indices of `fake` and of `training`, and float64 array of distances, each
        `(count,)`, the closest pair first.
    """
    nearest, distances = (x[:, 0] for x in nearest_with_distances(fake, training, 1))
    closest = np.argsort(distances, kind="stable")[:count]
    return closest, nearest[closest], distances[closest]


def closest_pairs_picture(
    fake: ImageArray,
    training: ImageArray,
    metric: FeatureMetric,
    count: int = 10,
    batch_size: int = 256,
) -> np.ndarray:
    """A picture of the generated images that are closest to training images, for eyes to judge.

    Args:
        fake: uint8 array `(n, height, width, channels)`, or floats in [-1, 1].
        training: Likewise, of the same shape.
        metric: A `Memorization`, or another `FeatureMetric`: distances are of its features. After
            `set_held_out` they are written as shares of what is usual for held-out images.
        count: Integer >= 1, pairs.
        batch_size: Images at a time.

    Returns:
        uint8 array `(height, width, channels)`, for `keras_gans.samples.pictures.save_png`.

    Example:

    ```python
    metric = Memorization(pixel_extractor((28, 28, 1)))
    metric.set_held_out(held_out)
    picture = closest_pairs_picture(model.generate(5000), training, metric)
    keras_gans.samples.pictures.save_png(picture, pathlib.Path("closest.png"))
    ```
    """
    features = metric.features(fake, batch_size), metric.features(training, batch_size)
    i, j, distances = closest_pairs(*features, count)
    held_out, unit = getattr(metric, "_held_out", None), "distance"
    if held_out is not None:
        usual = np.median(nearest_with_distances(held_out, features[1], 1)[1])
        distances, unit = distances / (usual or 1.0), "distance, 1 = usual for unseen images"
    pairs = to_uint8(np.concatenate([np.asarray(fake)[i], np.asarray(training)[j]]))
    grid = make_large_grid(pairs, len(i))
    labelled = label_rows(grid, ["generated", "nearest in training"])
    return captioned(
        to_pillow(labelled),
        f"The {len(i)} of {len(fake):,} generated images that are closest to a training image",
        f"Below each pair its {unit}",
        [f"{distance:.2f}" for distance in distances],
        labelled.shape[1] - grid.shape[1],
    )


def captioned(picture, title, note, numbers, left):
    """A picture under a title, over a number below each of its columns, and over a note."""
    side = (picture.width - left) / len(numbers)
    font = ImageFont.load_default(size=max(10, round(side / 5)))
    line = round(1.6 * font.size)
    width = max(picture.width, round(max(map(font.getlength, (title, note)))) + line)
    canvas = Image.new("RGB", (width, picture.height + 3 * line), "white")
    canvas.paste(picture, (0, line))
    draw = ImageDraw.Draw(canvas)
    draw.text((line // 2, line // 2), title, fill="black", font=font, anchor="lm")
    for column, number in enumerate(numbers):
        place = left + side * (column + 0.5), picture.height + 1.5 * line
        draw.text(place, number, fill="black", font=font, anchor="mm")
    below = (line // 2, picture.height + 2.5 * line)
    draw.text(below, note, fill="black", font=font, anchor="lm")
    return np.asarray(canvas)
