"""Pairs of images from wherever they are."""

import os
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from keras_gans.data.folders import NAMED_FILES, decode_all, image_files, read_image
from keras_gans.data.images import read_images
from keras_gans.data.pair_datasets import PairedDataset, UnpairedDataset
from keras_gans.data.resizing import check_image_shape, fit_image
from keras_gans.data.tf_data import is_tf_data
from keras_gans.typing import Shape

# The papers resize to 286 pixels and crop 256 of them.
JITTER = 286 / 256


def paired(
    source: Any,
    target: Any = None,
    *,
    image_shape: Shape,
    target_channels: int | None = None,
    batch_size: int = 1,
    jitter: bool = False,
    side: str = "left",
    keys: tuple[str, str] | None = None,
    split: str = "train",
    select: Callable[[str], bool] | None = None,
    shuffle: bool = True,
    seed: int = 0,
    drop_remainder: bool = False,
    background: str | tuple[int, int, int] = "white",
    memory_limit: int = 4 * 2**30,
    max_value: float | None = None,
) -> PairedDataset:
    """Makes a data set of pairs of images of one shape.

    Args:
        source: One of
            * a folder, with `target` another: files of the same name, apart from the extension,
              are partners; both may lie in a zip archive, `"emoji.zip/noto"`;
            * a folder without `target`, whose files hold both images side by side, as the public
              data sets of pix2pix have them;
            * an array [n, h, w, c], with `target` another of the same length;
            * `"tfds:<name>"` of TensorFlow Datasets, with `keys`.
        target: See `source`.
        image_shape: `(height, width, channels)` of the sources in a batch.
        target_channels: Channels of the targets; by default those of the sources.
        batch_size: Pairs in a batch; the papers have 1.
        jitter: Whether to load the images 286 / 256 times as large, to crop them at random and to
            mirror half of them: for training.
        side: "left" or "right": which half of a side-by-side file is the source.
        keys: Pair of names under which the examples of `"tfds:<name>"` have source and target.
        split: Which split of `"tfds:<name>"`.
        select: Function from the name of a file, relative to its folder, to whether it is taken;
            None takes all. For training and held-out parts of one folder.
        shuffle: Whether each epoch has an order of its own.
        seed: Non-negative int from which orders and jitter follow.
        drop_remainder: Whether a smaller last batch is left out.
        background: Colour behind transparent pixels where there are 1 or 3 channels: a name or
            `(red, green, blue)` in [0, 255].
        memory_limit: Bytes beyond which the images of one side lie in a temporary file.
        max_value: The value that is white where pixels have more than 8 bits; see `fit_image`.

    Returns:
        A `PairedDataset`, for `fit` and for `evaluate`.

    Raises:
        ValueError: Files without a partner or of another aspect ratio than their partner, which
            are named; arrays of unequal length; no usable image.
        FileNotFoundError: There is no such folder.

    Example, of 64x64 pixels with the jitter of the paper:

    ```python
    dataset = keras_gans.data.paired("noto", "twemoji", image_shape=(64, 64, 3), jitter=True)
    ```
    """
    image_shape = check_image_shape(image_shape)
    crop = image_shape[:2] if jitter else None
    shapes = [
        (*_load_size(image_shape, jitter), channels)
        for channels in (image_shape[2], target_channels or image_shape[2])
    ]
    options = {"background": background, "memory_limit": memory_limit, "max_value": max_value}
    from_tfds = isinstance(source, str) and source.startswith("tfds:")
    _check_kinds(source, target, select, from_tfds)
    if from_tfds:
        if keys is None or len(keys) != 2:
            raise ValueError(
                f'Expected `keys` with "{source}": the names under which its examples have source '
                'and target, such as keys=("image", "segmentation_mask").'
            )
        arrays = [
            read_images(source, shape, split=split, key=key, **options)
            for shape, key in zip(shapes, keys, strict=True)
        ]
    elif isinstance(source, (str, os.PathLike)):
        arrays = _read_folders(source, target, shapes, side, select, **options)
    else:
        arrays = [
            read_images(array, shape, **options)
            for array, shape in zip((source, target), shapes, strict=True)
        ]
    return PairedDataset(
        arrays[0],
        arrays[1],
        batch_size,
        crop=crop,
        flip=jitter,
        shuffle=shuffle,
        seed=seed,
        drop_remainder=drop_remainder,
    )


def unpaired(
    source_a: Any,
    source_b: Any = None,
    *,
    image_shape: Shape,
    channels_b: int | None = None,
    batch_size: int = 1,
    jitter: bool = False,
    splits: tuple[str, str] = ("trainA", "trainB"),
    select: Callable[[str], bool] | None = None,
    shuffle: bool = True,
    seed: int = 0,
    drop_remainder: bool = False,
    background: str | tuple[int, int, int] = "white",
    memory_limit: int = 4 * 2**30,
    max_value: float | None = None,
) -> UnpairedDataset:
    """Makes a data set of two collections of images of one shape.

    Args:
        source_a: A folder, an array or a `tf.data.Dataset`, as in `images`; or, without
            `source_b`, a set of TensorFlow Datasets that holds both, such as
            `"tfds:cycle_gan/horse2zebra"`.
        source_b: Likewise.
        image_shape: `(height, width, channels)` of the images in a batch.
        channels_b: Channels of the second collection; by default those of the first.
        batch_size: Images of each in a batch; the paper has 1.
        jitter: As in `paired`, with a crop and a flip of its own for every image.
        splits: The names of the two splits of `"tfds:<name>"`; for its test images
            `("testA", "testB")`.
        select: As in `paired`, for both folders.
        shuffle: As in `paired`.
        seed: As in `paired`.
        drop_remainder: As in `paired`.
        background: As in `paired`.
        memory_limit: As in `paired`.
        max_value: As in `paired`.

    Returns:
        An `UnpairedDataset`, for `fit` and for `evaluate`.

    Raises:
        ValueError: A collection holds no usable image.
        FileNotFoundError: There is no such folder.

    Example:

    ```python
    dataset = keras_gans.data.unpaired("horses", "zebras", image_shape=(256, 256, 3), jitter=True)
    ```
    """
    image_shape = check_image_shape(image_shape)
    size = _load_size(image_shape, jitter)
    both = isinstance(source_a, str) and source_a.startswith("tfds:") and source_b is None
    if source_b is None and not both:
        raise ValueError(
            "Expected two collections of images, but there is only one. Pass `source_b`."
        )
    arrays = [
        read_images(
            source,
            (*size, channels),
            split=split,
            select=select,
            background=background,
            memory_limit=memory_limit,
            max_value=max_value,
        )
        for source, split, channels in zip(
            (source_a, source_a if both else source_b),
            splits,
            (image_shape[2], channels_b or image_shape[2]),
            strict=True,
        )
    ]
    return UnpairedDataset(
        arrays[0],
        arrays[1],
        batch_size,
        crop=image_shape[:2] if jitter else None,
        flip=jitter,
        shuffle=shuffle,
        seed=seed,
        drop_remainder=drop_remainder,
    )


def _check_kinds(source, target, select, from_tfds):
    """Raise a sentence where one of the arguments of `paired` would have no effect."""
    files = isinstance(source, (str, os.PathLike)) and not from_tfds
    if select is not None and not files:
        raise ValueError("`select` chooses among the files of folders; leave it out here.")
    if from_tfds and target is not None:
        raise ValueError('Expected no `target` with "tfds:...", which holds both: pass `keys`.')
    if files and not isinstance(target, (str, os.PathLike, type(None))):
        raise TypeError(
            f"Expected two folders or two arrays, but `target` is a {type(target).__name__}."
        )
    if is_tf_data(source) or is_tf_data(target):
        raise TypeError(
            "Expected two folders or two arrays of partners, but a tf.data.Dataset may shuffle "
            "them apart. Read the arrays in one pass over it, and pass those."
        )
    if not files and not from_tfds and target is None:
        raise ValueError("Expected a `target` for an array of sources, but there is none.")


def _load_size(image_shape, jitter):
    return tuple(round(side * JITTER) if jitter else side for side in image_shape[:2])


def _read_folders(source, target, shapes, side, select, background, memory_limit, max_value):
    pages = {}
    if target is None:
        names, halves = _halves(source, side, select)
    else:
        names, halves = _partners((source, target), select)

    def decode(name):
        images = halves(name, max_value, pages)
        return [fit_image(i, s, background) for i, s in zip(images, shapes, strict=True)]

    return decode_all(source, names, decode, shapes, memory_limit, pages)[0]


def _partners(folders, select):
    """The names in two folders, and a function that reads the two images of one."""
    files = [_by_stem(folder, select) for folder in folders]
    _check_partners(files, folders)

    def read(name, max_value, pages):
        images = []
        for found in files:
            try:
                images.append(read_image(found[name], max_value, pages))
            except Exception as error:  # A damaged file may raise nearly anything.
                raise ValueError(f"{found[name]}: {error}") from None
        (width, height), (other_width, other_height) = sizes = [image.size for image in images]
        if abs(width * other_height / (height * other_width) - 1) > 0.05:
            raise ValueError(f"{sizes[0]} and {sizes[1]} pixels are no pair")
        return images

    return list(files[0]), read


def _by_stem(folder, select):
    """Dict from the names of the files of a folder, without extension, to their paths."""
    found = {}
    for name, path in image_files(folder, select).items():
        stem = str(PurePosixPath(name).with_suffix(""))
        if stem in found:
            raise ValueError(
                f"Expected one file of each name in {folder}, but there are {found[stem].name} "
                f"and {path.name}. Leave out one of them."
            )
        found[stem] = path
    return found


def _check_partners(files, folders):
    for mine, other, folder, partner in zip(
        files, files[::-1], folders, folders[::-1], strict=True
    ):
        alone = [mine[name].name for name in mine if name not in other]
        if alone:
            more = f" and {len(alone) - NAMED_FILES} more" if len(alone) > NAMED_FILES else ""
            raise ValueError(
                f"Expected a file of the same name in {partner} for each one in {folder}, but "
                f"there is none for {', '.join(alone[:NAMED_FILES])}{more}. Add the partners, or "
                "leave those out by `select`."
            )


def _halves(folder, side, select):
    """The names in a folder, and a function that cuts the file of one into its two images."""
    if side not in ("left", "right"):
        raise ValueError(f'side is "left" or "right"; it was {side!r}.')
    files = image_files(folder, select)

    def read(name, max_value, pages):
        image = read_image(files[name], max_value, pages)
        if image.width % 2:
            raise ValueError(f"{image.width} pixels cannot be cut into two halves")
        middle = image.width // 2
        halves = [
            image.crop((0, 0, middle, image.height)),
            image.crop((middle, 0, image.width, image.height)),
        ]
        return halves if side == "left" else halves[::-1]

    return list(files), read
