"""Images from wherever they are."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keras_gans.data.checks import check_images
from keras_gans.data.fashion_mnist import FASHION_MNIST_CLASSES, fashion_mnist
from keras_gans.data.folders import read_folder
from keras_gans.data.image_dataset import ImageDataset
from keras_gans.data.labels import as_labels
from keras_gans.data.resizing import check_image_shape, fit_arrays
from keras_gans.data.tf_data import is_tf_data, read_tf_data
from keras_gans.data.tfds import read_tfds
from keras_gans.typing import FilePath, Shape


def images(
    source: Any,
    image_shape: Shape,
    batch_size: int = 64,
    *,
    labels: str | FilePath | np.ndarray | Sequence[Any] | None = None,
    class_names: Sequence[str] | None = None,
    fields: Mapping[str, Any] | None = None,
    balanced: bool = False,
    weights: np.ndarray | Mapping[Any, float] | None = None,
    shuffle: bool = True,
    seed: int = 0,
    drop_remainder: bool = False,
    images_per_epoch: int | None = None,
    flip: bool = False,
    split: str = "train",
    key: str = "image",
    background: str | tuple[int, int, int] = "white",
    memory_limit: int = 4 * 2**30,
    max_value: float | None = None,
) -> ImageDataset:
    """Makes a data set of images of one shape, and of their labels where they are asked for.

    Args:
        source: One of
            * a folder, as a path or a str, read with its sub-folders, or one in a zip archive,
              `"photos.zip/cats"` (`read_folder`);
            * an array [n, h, w, c], or [n, h, w] of grey images: uint8 in [0, 255], which is
              resized where it has another shape, or floats in [-1, 1] of exactly `image_shape`;
            * a `tf.data.Dataset` such as `keras.utils.image_dataset_from_directory(...)`, read
              once, its floats taken to be in [0, 255] (`read_tf_data`);
            * `"fashion_mnist"`, the embedded 10,000 test images (a folder of that name is
              `Path("fashion_mnist")`);
            * `"tfds:<name>"`, a set of TensorFlow Datasets such as `"tfds:cifar10"` or
              `"tfds:cycle_gan/horse2zebra"`.
        image_shape: `(height, width, channels)` with 1 (grey), 3 (RGB) or 4 (RGBA) channels.
        batch_size: Images in a batch; the last one of an epoch may be smaller.
        labels: None for images alone; or an array of ids [n] (-1 for none), of names of classes
            [n], or of numbers [n, k], in the order of the images; or a string:
            * of a folder `"folders"`: its sub-folders are the classes, in sorted order, and images
              beside them have none;
            * of a folder the path of a `.csv` file: a row of headings, then a row for each file:
              its path relative to the folder, or its name, and a name of its class or an id (-1 or
              nothing for none), or several numbers; files without a row have no label;
            * or of a `.json` file with the same, `{"cat/1.png": "cat", ...}`, or lists of numbers;
            * of a `"tfds:..."` source, of `"fashion_mnist"` and of a `tf.data.Dataset` what the
              examples call the label, such as `"label"`; of tuples `(images, labels)` it is the
              second part, whatever the string.
        class_names: Names of the ids, where the source does not say them.
        fields: Dict of further arrays [n, ...] by names, in the order of the images; see
            `ImageDataset`.
        balanced: Whether each class comes equally often; see `ImageDataset`.
        weights: How often images or classes come; see `ImageDataset`.
        shuffle: Whether each epoch has an order of its own.
        seed: Non-negative int from which the orders follow.
        drop_remainder: Whether a smaller last batch is left out.
        images_per_epoch: How many images an epoch has; see `ImageDataset`. None for all.
        flip: Whether to mirror half of the images; see `ImageDataset`.
        split: Which split of a `"tfds:..."` source.
        key: What the images are called in examples that are dicts.
        background: Colour behind transparent pixels where there are 1 or 3 channels: a name or
            `(red, green, blue)` in [0, 255].
        memory_limit: Bytes beyond which decoded images lie in a temporary file.
        max_value: The value that is white in images that are not uint8, such as 4095 for 12 bits in
            files of 16; see `fit_image`.

    Returns:
        An `ImageDataset`, for `fit` and for `evaluate`; its `class_names` are those of `labels`.

    Raises:
        ValueError: The array, the shape, the labels or the fields do not fit; the folder holds no
            usable image.
        FileNotFoundError: There is no such folder or table of labels.
        RuntimeError: TensorFlow Datasets cannot prepare the set.
        TypeError: `source` is none of these.

    Example:

    ```python
    from keras_gans.data import images

    dataset = images("fashion_mnist", (32, 32, 1), batch_size=128)
    len(dataset)  # 79

    labelled = images("fashion_mnist", (32, 32, 1), labels="label", balanced=True)
    labelled.class_names[:2]  # ("T-shirt/top", "Trouser")
    ```
    """
    options = {
        "split": split,
        "key": key,
        "background": background,
        "memory_limit": memory_limit,
        "max_value": max_value,
    }
    named = None
    if isinstance(labels, (str, os.PathLike)):
        pixels, labels, named = read_images(source, image_shape, labels=labels, **options)
    else:
        pixels = read_images(source, image_shape, **options)
        if labels is not None:
            labels, named = as_labels(labels)
    if labels is not None:
        if "labels" in (fields or {}):
            raise ValueError("`labels` and `fields` both hold labels. Pass them once.")
        fields = {"labels": labels, **(fields or {})}
    return ImageDataset(
        pixels,
        batch_size,
        fields=fields,
        class_names=class_names or named,
        balanced=balanced,
        weights=weights,
        shuffle=shuffle,
        seed=seed,
        drop_remainder=drop_remainder,
        images_per_epoch=images_per_epoch,
        flip=flip,
    )


def read_images(
    source, image_shape, *, split="train", key="image", select=None, labels=None, **options
):
    """The images of a source, as `images` takes it, as one array [n, height, width, channels].

    With `labels`, a string, it is `(images, labels, class_names)`.
    """
    image_shape = check_image_shape(image_shape)
    if isinstance(source, str) and source == "fashion_mnist":
        if labels not in (None, "label"):
            raise ValueError(f'Fashion-MNIST has labels="label"; it was {str(labels)!r}.')
        read = (*fashion_mnist(image_shape), FASHION_MNIST_CLASSES)
        return read[0] if labels is None else read
    if isinstance(source, str) and source.startswith("tfds:"):
        name = source.removeprefix("tfds:")
        return read_tfds(name, image_shape, split=split, key=key, labels=labels, **options)
    if isinstance(source, (str, os.PathLike)):
        return read_folder(source, image_shape, select=select, labels=labels, **options)
    if is_tf_data(source):
        return read_tf_data(source, image_shape, key=key, labels=labels, **options)
    if isinstance(source, np.ndarray):
        if labels is not None:
            raise ValueError(
                "Expected the labels of an array of images to be an array [n], too, but they are "
                f"{str(labels)!r}. Pass their ids, or the names of their classes."
            )
        return _fit_array(source, image_shape, **options)
    raise TypeError(
        'Expected `source` to be a folder, a numpy array, a tf.data.Dataset, "fashion_mnist" or '
        f'"tfds:<name>", but it is a {type(source).__name__}. Convert it to one of them.'
    )


def _fit_array(array, image_shape, max_value=None, **options):
    if array.ndim == 3:
        array = array[..., None]
    scaled = array.dtype != np.uint8 and max_value is not None
    resized = array.dtype == np.uint8 and array.shape[1:] != image_shape
    if array.ndim == 4 and array.size and (scaled or resized):
        return fit_arrays(array, len(array), image_shape, max_value=max_value, **options)
    check_images(array, image_shape, name="source")
    return array
