"""The first batch of images: had without disturbing the rest, and checked before training."""

import sys
import types
import warnings

import keras
import numpy as np

# Resizing and augmentation overshoot a little; that is no mistake of range.
TOLERANCE = 0.01


def check_images(first_batch, image_shape, name="x"):
    """Raises where a batch of images is not what a model of `image_shape` takes.

    Args:
        first_batch: numpy array [n, height, width, channels], as `first_batch` returns it.
        image_shape: `(height, width, channels)`; an entry may be None, which fits any size.
        name: What the messages call the batch.

    Raises:
        ValueError: A wrong rank, size or channel count; a dtype that is neither uint8 nor float;
            no image at all; NaN or infinite pixels; floats outside [-1, 1].

    Warns about floats in [0, 1], which are allowed but use half of the range.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import check_images

    check_images(np.zeros((8, 28, 28, 1), "uint8"), (28, 28, 1))
    ```
    """
    shape = tuple(first_batch.shape)
    fits = len(shape) == 4 and all(
        wanted is None or wanted == came
        for wanted, came in zip(image_shape, shape[1:], strict=True)
    )
    if not fits:
        wanted = ", ".join(str(size) for size in image_shape)
        raise ValueError(
            f"Expected `{name}` to be images of shape [n, {wanted}], but it has shape "
            f"{list(shape)}. {_remedy(shape, tuple(image_shape), name)}"
        )
    if first_batch.dtype != np.uint8 and not np.issubdtype(first_batch.dtype, np.floating):
        raise ValueError(
            f"Expected `{name}` to be uint8 images in [0, 255] or float images in [-1, 1], but "
            f"its dtype is {first_batch.dtype}. Convert it, as with "
            f'`{name}.astype("uint8")` for values in [0, 255].'
        )
    if first_batch.size == 0:
        raise ValueError(
            f"Expected `{name}` to hold at least one image, but it has shape {list(shape)}. "
            "Pass images."
        )
    if first_batch.dtype != np.uint8:
        _check_range(first_batch, name)


def check_values(images, name="x"):
    """Raises where images in memory cannot teach anything.

    Args:
        images: numpy array [n, ...], all images there are.
        name: What the messages call them.

    Raises:
        ValueError: NaN or infinite values in any of them, or images with one value everywhere.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import check_values

    check_values(np.arange(32, dtype="uint8").reshape(2, 4, 4, 1))
    ```
    """
    if np.issubdtype(images.dtype, np.floating):
        bad = [i for i, image in enumerate(images) if not np.isfinite(image).all()]
        if bad:
            raise ValueError(
                f"Expected `{name}` to hold finite values, but {len(bad)} of its {len(images)} "
                f"samples hold NaN or infinite ones, number {bad[0]} first (from 0). Find where "
                "they come from, or leave them out."
            )
    if images.ndim == 4 and all((image == images[0].flat[0]).all() for image in images):
        raise ValueError(
            f"Expected `{name}` to show something, but every pixel of all {len(images)} images "
            f"is {images[0].flat[0]}. Look at the files, and at what was done to their values."
        )


def check_length(x, steps_per_epoch=None):
    """Raises where an epoch of `x` would have no step, or no end.

    Args:
        x: What `fit` takes.
        steps_per_epoch: As given to `fit`.

    Raises:
        ValueError: `x` is empty, or endless without `steps_per_epoch`.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import check_length

    check_length(np.zeros((8, 28, 28, 1), "uint8"))
    ```
    """
    tensorflow = sys.modules.get("tensorflow")
    if isinstance(x, keras.utils.PyDataset):
        length = x.num_batches
    elif tensorflow is not None and isinstance(x, tensorflow.data.Dataset):
        length = int(x.cardinality())
        if length == tensorflow.data.UNKNOWN_CARDINALITY:
            return
        length = None if length == tensorflow.data.INFINITE_CARDINALITY else length
    elif hasattr(x, "shape"):
        length = x.shape[0] if len(x.shape) else 1
    else:
        return
    if length == 0:
        raise ValueError(f"There is nothing to train on: the {type(x).__name__} is empty.")
    if length is None and steps_per_epoch is None:
        raise ValueError(
            f"The {type(x).__name__} has no end, so that its first epoch would have none. Say "
            "how many steps are an epoch: `fit(..., steps_per_epoch=1000)`."
        )


def _check_range(images, name):
    bad = int(images.size - np.isfinite(images).sum())
    if bad:
        raise ValueError(
            f"Expected `{name}` to hold finite pixels, but {bad} of {images.size} are NaN or "
            "infinite. Find where they come from, or leave those images out."
        )
    low, high = float(images.min()), float(images.max())
    if low < -1 - TOLERANCE or high > 1 + TOLERANCE:
        raise ValueError(
            f"Expected the float images of `{name}` to lie in [-1, 1], but they range from "
            f"{low:.4g} to {high:.4g}. Pass uint8 images in [0, 255], or scale them with "
            "`images / 127.5 - 1`."
        )
    if low >= 0 and high > 0:
        warnings.warn(
            f"The float images of `{name}` range from {low:.4g} to {high:.4g}, without one "
            "negative value: images in [0, 1] use half of the range [-1, 1] of the networks. "
            "Pass uint8 images, or `images * 2 - 1`.",
            stacklevel=3,
        )


def _remedy(shape, image_shape, name):
    """The one change that most likely mends the shape."""
    channels_first = image_shape[2:] + image_shape[:2]
    if len(shape) == 4 and shape[1:] == channels_first:
        return f"Move the channels to the end, as with `np.moveaxis({name}, 1, -1)`."
    if len(shape) == 3 and shape == image_shape:
        return f"Add the batch axis, as with `{name}[None]`."
    if len(shape) == 3 and image_shape[2] in (1, None):
        return f"Add the channel axis, as with `{name}[..., None]`."
    return (
        "Pass images of that shape, or let `keras_gans.data.images(source, image_shape)` resize "
        "and convert them."
    )


def first_batch(x, batch_size=None, whole=False):
    """Looks at the first batch of `x` and leaves `x` as it was.

    Args:
        x: What `fit` takes: an array or a backend's tensor (or a structure of them), a
            `keras.utils.PyDataset`, a `tf.data.Dataset`, a PyTorch `DataLoader` or a generator of
            batches. Of batches `(x, y)` or `(x, y, sample_weight)` the first part is taken.
        batch_size: How many rows of an array are the first batch; 32 for None, as in `fit`.
        whole: Whether to take whole batches instead of their first part.

    Returns:
        `(first, x)`. `first` is a numpy array, or the structure of arrays that a batch is; None
        where the kind of `x` is unknown. The returned `x` is the one to train on: for a generator
        it is a new one that yields the looked-at batch again.

        A `tf.data.Dataset` whose `element_spec` says uint8 is not iterated, because that may fill
        a shuffle buffer and moves a reshuffled order on; `first` then is a batch of zeros of the
        right shape (one image where the batch size is unknown).

    Raises:
        ValueError: A generator or a data set yields nothing.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import first_batch

    first, x = first_batch(np.zeros((100, 28, 28, 1), "uint8"), batch_size=8)
    first.shape  # (8, 28, 28, 1)
    ```
    """
    part = (lambda batch: batch) if whole else _images_of
    if isinstance(x, keras.utils.PyDataset):
        return _to_numpy(part(x[0])), x
    if isinstance(x, types.GeneratorType):
        batch = _next(x, "generator")
        return _to_numpy(part(batch)), _chain(batch, x)
    # An instance of a library's class can only exist once that library was imported.
    tensorflow, torch = sys.modules.get("tensorflow"), sys.modules.get("torch")
    if tensorflow is not None and isinstance(x, tensorflow.data.Dataset):
        return _first_of_tf_data(x, part), x
    if torch is not None and isinstance(x, torch.utils.data.DataLoader):
        return _first_of_loader(x, torch, part), x
    rows = 32 if batch_size is None else batch_size
    if all(hasattr(leaf, "shape") for leaf in keras.tree.flatten(x)):
        return _to_numpy(keras.tree.map_structure(lambda array: array[:rows], x)), x
    return None, x


def _first_of_tf_data(dataset, part):
    spec = part(dataset.element_spec)

    def is_known(leaf):
        shape = getattr(leaf, "shape", None)
        known = shape is not None and shape.rank and None not in shape[1:]
        return known and leaf.dtype == "uint8"

    if all(is_known(leaf) for leaf in keras.tree.flatten(spec)):
        return keras.tree.map_structure(
            lambda leaf: np.zeros([leaf.shape[0] or 1, *leaf.shape[1:]], "uint8"), spec
        )
    return _to_numpy(part(_next(iter(dataset.take(1)), "tf.data.Dataset")))


def _first_of_loader(loader, torch, part):
    # An iterator draws its seeds when it is made: put the random states back.
    generators = {id(g): g for g in (loader.generator, getattr(loader.sampler, "generator", None))}
    states = [(g, g.get_state()) for g in generators.values() if g is not None]
    with torch.random.fork_rng(devices=[]):
        batch = _next(iter(loader), "DataLoader")
    for generator, state in states:
        generator.set_state(state)
    return _to_numpy(part(batch))


def _next(iterator, kind):
    for batch in iterator:
        return batch
    raise ValueError(
        f"Expected `x` to yield batches of images, but the {kind} yields none. Pass one that has "
        "at least one batch."
    )


def _chain(first, rest):
    yield first
    yield from rest


def _images_of(batch):
    return batch[0] if isinstance(batch, (tuple, list)) else batch


def _to_numpy(structure):
    def convert(leaf):
        if hasattr(leaf, "detach"):  # A PyTorch tensor, perhaps on a device.
            leaf = leaf.detach().cpu()
            leaf = leaf.float() if leaf.dtype.is_floating_point else leaf
        array = np.asarray(leaf)
        # numpy does not count bfloat16 among its floats.
        return array.astype("float32") if array.dtype.name == "bfloat16" else array

    return keras.tree.map_structure(convert, structure)
