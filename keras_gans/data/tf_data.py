"""Images from a `tf.data.Dataset`."""

import sys
from typing import Any

import numpy as np

from keras_gans.data.labels import are_ids, as_labels
from keras_gans.data.resizing import check_image_shape, fit_arrays
from keras_gans.typing import Shape


def is_tf_data(source):
    """Whether `source` is a `tf.data.Dataset`, without an import of TensorFlow."""
    tensorflow = sys.modules.get("tensorflow")
    return tensorflow is not None and isinstance(source, tensorflow.data.Dataset)


def read_tf_data(
    dataset: Any,
    image_shape: Shape,
    *,
    key: str = "image",
    background: str | tuple[int, int, int] = "white",
    memory_limit: int = 4 * 2**30,
    max_value: float | None = None,
    labels: str | None = None,
) -> Any:
    """Reads every image of a `tf.data.Dataset` once.

    Args:
        dataset: `tf.data.Dataset`, for example `keras.utils.image_dataset_from_directory(...)`. Its
            elements are images [h, w, c] or batches of them [n, h, w, c] with 1, 3 or 4 channels,
            tuples that begin with them, such as `(images, labels)`, or dicts.
            uint8 is in [0, 255]. **Floats are taken to be in [0, 255], too, as Keras's loaders
            yield them**: they are rounded, and clipped where bicubic interpolation overshoots by
            less than a quarter. One that reaches no further than 4, or much further, is refused,
            unless `max_value` says what is white.
        image_shape: `(height, width, channels)`; see `fit_image` for how images get there.
        key: What elements that are dicts call the images.
        background: Colour behind transparent pixels: a name or `(red, green, blue)`.
        memory_limit: Bytes beyond which the images lie in a temporary file.
        max_value: The value that is white in images that are not uint8: 1 for floats in [0, 1],
            65535 for uint16.
        labels: What elements that are dicts call the labels, such as "label"; of tuples
            `(images, labels)` it is the second part, whatever the string. None for no labels.

    Returns:
        uint8 array [n, height, width, channels], in the order in which they came; with `labels`,
        `(images, labels, class_names)`: the names are those of strings, or the `class_names` that
        Keras's loaders give to the data set itself, and else None.

    Raises:
        ValueError: Values outside of the range; no images, no end, or elements of another kind.

    Example:

    ```python
    import numpy as np
    import tensorflow as tf
    from keras_gans.data.tf_data import read_tf_data

    photographs = tf.data.Dataset.from_tensors((np.zeros((2, 80, 60, 3), "float32"), [0, 1]))
    read_tf_data(photographs, (64, 64, 3)).shape  # (2, 64, 64, 3)
    ```
    """
    image_shape = check_image_shape(image_shape)
    if int(dataset.cardinality()) == -1:  # tf.data.INFINITE_CARDINALITY
        raise ValueError(
            "Expected a tf.data.Dataset that ends, but it repeats for ever. Leave out `.repeat()`: "
            "`fit(epochs=...)` repeats the images."
        )
    known = []

    def pictures_of(element):
        array = _part_of(element, 0, key)
        if labels is not None:
            rows = _part_of(element, 1, labels)
            known.extend(rows if np.ndim(array) == 4 else [rows])
        return _pictures(array, max_value)

    pictures = (picture for element in dataset for picture in pictures_of(element))
    white = 255 if max_value is None else max_value
    images = fit_arrays(pictures, None, image_shape, background, memory_limit, white)
    if not len(images):
        raise ValueError("Expected at least one image, but the tf.data.Dataset yields none.")
    if labels is None:
        return images
    ids, class_names = as_labels(known, "the tf.data.Dataset")
    if class_names is None and are_ids(ids):
        class_names = getattr(dataset, "class_names", None)
    return images, ids, class_names


def _part_of(element, place, key):
    """The images (place 0) or the labels (place 1) of an element."""
    what, argument = (("images", "key"), ("labels beside images", "labels"))[place]
    alone = (element, element if isinstance(element, dict) else None)
    parts = element if isinstance(element, (tuple, list)) else alone
    part = parts[place] if place < len(parts) else None
    if isinstance(part, dict):
        if key not in part:
            raise ValueError(
                f'Expected the elements of the tf.data.Dataset to have the key "{key}", but they '
                f"have {sorted(part)}. Say which of them are the {what} by `{argument}`."
            )
        part = part[key]
    if not hasattr(part, "numpy"):
        raise ValueError(
            f"Expected the elements of the tf.data.Dataset to be {what}, but one holds a "
            f"{type(part).__name__}. Make them so by `.map(...)`."
        )
    return part.numpy()


def _pictures(array, max_value):
    """The single images of an element."""
    array = np.asarray(array)
    if array.ndim not in (3, 4) or array.shape[-1] not in (1, 3, 4):
        raise ValueError(
            "Expected the elements of the tf.data.Dataset to be images [height, width, channels] "
            "or batches of them, with 1, 3 or 4 channels, but one has the shape "
            f"{list(array.shape)}. Change them by `.map(...)`; grey ones get their channel by "
            "`.map(lambda image: image[..., None])`."
        )
    for picture in array if array.ndim == 4 else [array]:
        if picture.dtype.name == "bfloat16":  # To numpy it is no float.
            picture = picture.astype("float32")
        if max_value is None and picture.dtype != np.uint8:
            picture = _within_255(picture)
        yield picture


def _within_255(picture):
    if not np.issubdtype(picture.dtype, np.floating):
        raise ValueError(
            f"Expected uint8 or float images in [0, 255], but the tf.data.Dataset yields "
            f"{picture.dtype}. Say by `max_value` which value is white."
        )
    low, high = picture.min(), picture.max()
    if low < -64 or high > 319 or ((low, high) != (0, 0) and high <= 4):
        raise ValueError(
            "Float images of a tf.data.Dataset are taken to be in [0, 255], as those of "
            f"`keras.utils.image_dataset_from_directory` are, but one ranges from {low:.4g} to "
            f"{high:.4g}. Pass max_value=1 for images in [0, 1]; map images in [-1, 1] by "
            "`.map(lambda image: (image + 1) * 127.5)`, or leave out the rescaling."
        )
    return np.clip(picture, 0, 255)
