"""Images from TensorFlow Datasets."""

import difflib
import os
import re
from typing import Any

from keras_gans.data.labels import are_ids, as_labels
from keras_gans.data.resizing import check_image_shape, fit_arrays
from keras_gans.typing import Shape


def read_tfds(
    name: str,
    image_shape: Shape,
    *,
    split: str = "train",
    key: str = "image",
    background: str | tuple[int, int, int] = "white",
    memory_limit: int = 4 * 2**30,
    max_value: float | None = None,
    labels: str | None = None,
) -> Any:
    """Downloads (once) and decodes the images of one split of a TensorFlow data set.

    Args:
        name: As TensorFlow Datasets writes it: `cifar10`, with a configuration
            `cycle_gan/horse2zebra`, with a version `cifar10:3.0.2`.
        image_shape: `(height, width, channels)`; see `fit_image` for how images get there.
        split: As TensorFlow Datasets writes it: `train`, `test`, `train[:10%]`.
        key: What the examples call the image.
        background: Colour behind transparent pixels: a name or `(red, green, blue)`.
        memory_limit: Bytes beyond which the images lie in a temporary file.
        max_value: The value that is white where the images are not uint8.
        labels: What the examples call the label, such as "label"; None for no labels.

    Returns:
        uint8 array [n, height, width, channels], in the order of the files; with `labels`,
        `(images, labels, class_names)`, where `class_names` are those of a `ClassLabel`.

    Raises:
        ImportError: `tensorflow-datasets` is not installed.
        RuntimeError: The data set cannot be prepared: a name that does not exist (the message
            has near ones), offline, a failing checksum, a download that has to be made by hand
            (the message says where to put the file).
        ValueError: Its examples have no image or no label under that key.

    Example, which downloads:

    ```python
    images = keras_gans.data.read_tfds("cifar10", (32, 32, 3), split="test")
    ```
    """
    image_shape = check_image_shape(image_shape)
    try:
        import tensorflow_datasets as tfds
    except ImportError as error:
        raise ImportError(
            f'Expected tensorflow-datasets for "tfds:{name}", but it cannot be imported ({error}). '
            "Install it with `pip install tensorflow-datasets`, or pass a folder of images."
        ) from error
    try:
        examples, info = tfds.load(name, split=split, shuffle_files=False, with_info=True)
    except Exception as error:  # Each cause has a class of its own.
        lines = str(error).strip().splitlines()
        raise RuntimeError(
            f'TensorFlow Datasets could not prepare the split "{split}" of "{name}": '
            f"{type(error).__name__}: {lines[0].rstrip('.') if lines else 'no reason given'}. "
            + _way_out(tfds, name, error)
        ) from error
    known = []

    def image_of(example):
        if labels is not None:
            known.append(_value_of(example, name, labels))
        return _value_of(example, name, key)

    images = map(image_of, tfds.as_numpy(examples))
    images = fit_arrays(images, len(examples), image_shape, background, memory_limit, max_value)
    if labels is None:
        return images
    ids, class_names = as_labels(known, f'"{name}"')
    if class_names is None and are_ids(ids):
        class_names = getattr(info.features[labels], "names", None)
    return images, ids, class_names


def _way_out(tfds, name, error):
    if type(error).__name__ == "DatasetNotFoundError":
        names = tfds.list_builders(with_community_datasets=False)
        near = difflib.get_close_matches(re.split("[/:]", name)[0], names, cutoff=0.5)
        return (
            f"Near names are {', '.join(near)}. " if near else "No name is near. "
        ) + "`tensorflow_datasets.list_builders()` has all of them."
    if isinstance(error, ImportError):
        return f"Install what it imports: `pip install {error.name}`."
    if str(error).startswith(("Failed to construct dataset", "Unknown split")):
        return "Check the configuration, the version and the split."
    root = os.environ.get("TFDS_DATA_DIR") or os.path.join("~", "tensorflow_datasets")
    return (
        f"Download the file it names by hand into {os.path.join(root, 'downloads', 'manual')} "
        "(TFDS_DATA_DIR moves that folder), or pass the path of a folder of images instead."
    )


def _value_of(example, name, key):
    if not isinstance(example, dict) or key not in example:
        keys = sorted(example) if isinstance(example, dict) else type(example).__name__
        raise ValueError(
            f'Expected the examples of the data set "{name}" to have the key "{key}", but they '
            f"have {keys}. Choose a data set of images, or pass an array."
        )
    return example[key]
