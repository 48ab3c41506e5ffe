"""Pairs of images from wherever they are."""

from pathlib import Path

from PIL import ImageOps

from keras_gans.data.folders import NAMED_FILES, decode_all, image_files, open_image
from keras_gans.data.images import read_images
from keras_gans.data.pair_datasets import PairedDataset, UnpairedDataset
from keras_gans.data.resizing import check_image_shape, fit_image

# The papers resize to 286 pixels and crop 256 of them.
JITTER = 286 / 256


def paired(
    source,
    target=None,
    *,
    image_shape,
    target_channels=None,
    batch_size=1,
    jitter=False,
    side="left",
    keys=None,
    split="train",
    select=None,
    shuffle=True,
    seed=0,
    drop_remainder=False,
    background="white",
    memory_limit=4 * 2**30,
):
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
    options = {"background": background, "memory_limit": memory_limit}
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
    elif isinstance(source, (str, Path)):
        arrays = _read_folders(source, target, shapes, side, select, **options)
    else:
        arrays = [
            read_images(array, shape, **options)
            for array, shape in zip((source, target), shapes, strict=True)
        ]
    return PairedDataset(
        *arrays,
        batch_size,
        crop=crop,
        flip=jitter,
        shuffle=shuffle,
        seed=seed,
        drop_remainder=drop_remainder,
    )


def unpaired(
    source_a,
    source_b=None,
    *,
    image_shape,
    channels_b=None,
    batch_size=1,
    jitter=False,
    splits=("trainA", "trainB"),
    select=None,
    shuffle=True,
    seed=0,
    drop_remainder=False,
    background="white",
    memory_limit=4 * 2**30,
):
    """Makes a data set of two collections of images of one shape.

    Args:
        source_a: A folder or an array, as in `images`; or, without `source_b`, a set of
            TensorFlow Datasets that holds both, such as `"tfds:cycle_gan/horse2zebra"`.
        source_b: A folder or an array.
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
        )
        for source, split, channels in zip(
            (source_a, source_a if both else source_b),
            splits,
            (image_shape[2], channels_b or image_shape[2]),
            strict=True,
        )
    ]
    return UnpairedDataset(
        *arrays,
        batch_size,
        crop=image_shape[:2] if jitter else None,
        flip=jitter,
        shuffle=shuffle,
        seed=seed,
        drop_remainder=drop_remainder,
    )


def _check_kinds(source, target, select, from_tfds):
    """Raise a sentence where one of the arguments of `paired` would have no effect."""
    files = isinstance(source, (str, Path)) and not from_tfds
    if select is not None and not files:
        raise ValueError("`select` chooses among the files of folders; leave it out here.")
    if from_tfds and target is not None:
        raise ValueError('Expected no `target` with "tfds:...", which holds both: pass `keys`.')
    if files and not isinstance(target, (str, Path, type(None))):
        raise TypeError(
            f"Expected two folders or two arrays, but `target` is a {type(target).__name__}."
        )
    if not files and not from_tfds and target is None:
        raise ValueError("Expected a `target` for an array of sources, but there is none.")


def _load_size(image_shape, jitter):
    return tuple(round(side * JITTER) if jitter else side for side in image_shape[:2])


def _read_folders(source, target, shapes, side, select, background, memory_limit):
    folder = Path(source)
    if target is None:
        return _read_side_by_side(folder, shapes, side, select, background, memory_limit)
    files = [_by_stem(Path(f), select) for f in (source, target)]
    _check_partners(files, (source, target))

    def decode(name):
        images = []
        sizes = []
        for found, shape in zip(files, shapes, strict=True):
            try:
                with open_image(found[name]) as file:
                    image = ImageOps.exif_transpose(file)
            except Exception as error:  # A damaged file may raise nearly anything.
                raise ValueError(f"{found[name]}: {error}") from None
            sizes.append(image.size)
            images.append(fit_image(image, shape, background))
        (width, height), (other_width, other_height) = sizes
        if abs(width * other_height / (height * other_width) - 1) > 0.05:
            raise ValueError(f"{sizes[0]} and {sizes[1]} pixels are no pair")
        return images

    return decode_all(folder, list(files[0]), decode, shapes, memory_limit)


def _by_stem(folder, select):
    """Dict from the names of the files of a folder, without extension, to their paths."""
    found = {}
    for name, path in image_files(folder, select).items():
        stem = str(Path(name).with_suffix(""))
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


def _read_side_by_side(folder, shapes, side, select, background, memory_limit):
    if side not in ("left", "right"):
        raise ValueError(f'side is "left" or "right"; it was {side!r}.')
    files = image_files(folder, select)

    def decode(name):
        with open_image(files[name]) as file:
            image = ImageOps.exif_transpose(file)
        if image.width % 2:
            raise ValueError(f"{image.width} pixels cannot be cut into two halves")
        middle = image.width // 2
        halves = [
            image.crop((0, 0, middle, image.height)),
            image.crop((middle, 0, image.width, image.height)),
        ]
        if side == "right":
            halves.reverse()
        return [fit_image(h, s, background) for h, s in zip(halves, shapes, strict=True)]

    return decode_all(folder, list(files), decode, shapes, memory_limit)
