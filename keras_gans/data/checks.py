"""Images are looked at before training: the first batch of any data, arrays wholly."""

import itertools
import math
import sys
import types
import warnings
from typing import Any

import keras
import numpy as np

from keras_gans.typing import Shape

# Resizing and augmentation overshoot a little; that is no mistake of range.
TOLERANCE = 0.01
# Bytes of an array that are read before the first step: seconds in memory, a minute from a disk.
READ_AT_MOST = 2**34
READ_AT_ONCE = 2**24


def check_images(
    first_batch: Any,
    image_shape: Shape,
    name: str = "x",
    value_range: tuple[float, float] = (-1, 1),
) -> None:
    """Raises where a batch of images is not what a model of `image_shape` takes.

    Args:
        first_batch: numpy array [n, height, width, channels], as `first_batch` returns it.
        image_shape: `(height, width, channels)`; an entry may be None, which fits any size.
        name: What the messages call the batch.
        value_range: The range of float images: `(-1, 1)` or `(0, 1)`.

    Raises:
        ValueError: A wrong rank, size or channel count; a dtype that is neither uint8 nor float;
            no image at all; NaN or infinite pixels; floats outside the range.

    Warns about floats in [0, 1] where they may be in [-1, 1]: they use half of the range.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import check_images

    check_images(np.zeros((8, 28, 28, 1), "uint8"), (28, 28, 1))
    ```
    """
    if not hasattr(first_batch, "shape"):
        is_dict = isinstance(first_batch, dict)
        kind = f"a dict of {', '.join(first_batch)}" if is_dict else type(first_batch).__name__
        key = "image" if not is_dict or "image" in first_batch else next(iter(first_batch))
        raise ValueError(
            f"Expected a batch of `{name}` to be images, but it is {kind}. Take the images out of "
            f'it: for a tf.data.Dataset, by `.map(lambda batch: batch["{key}"])`.'
        )
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
            f"Expected `{name}` to be uint8 images in [0, 255] or float images in "
            f"{list(value_range)}, but its dtype is {first_batch.dtype}. Convert it, as with "
            f'`{name}.astype("uint8")` for values in [0, 255].'
        )
    if first_batch.size == 0:
        raise ValueError(
            f"Expected `{name}` to hold at least one image, but it has shape {list(shape)}. "
            "Pass images."
        )
    if first_batch.dtype == np.uint8:
        return
    low, high = _range(first_batch)
    if not np.isfinite([low, high]).all():
        bad = int(first_batch.size - np.isfinite(first_batch).sum())
        raise ValueError(
            f"Expected `{name}` to hold finite pixels, but {bad} of {first_batch.size} are NaN or "
            "infinite. Find where they come from, or leave those images out."
        )
    check_range(low, high, name, value_range)
    if value_range[0] < 0 <= low and high > 0:
        warnings.warn(
            f"The float images of `{name}` range from {low:.4g} to {high:.4g}, without one "
            "negative value: images in [0, 1] use half of the range [-1, 1] of the networks. "
            "Pass uint8 images, or `images * 2 - 1`.",
            stacklevel=2,
        )


def check_values(samples: Any, name: str = "x") -> None:
    """Raises where an array holds values that no model can be shown.

    Only floats are read, in pieces and once: the bytes of uint8 images are all right, and a large
    file is not copied. Of more than 16 GiB every second sample is read, or third, ...

    Args:
        samples: numpy array [n, ...]; with four dimensions they are images.
        name: What the messages call them.

    Raises:
        ValueError: NaN or infinite values, or float images outside [-1, 1].

    Example:

    ```python
    import numpy as np
    from keras_gans.data import check_values

    check_values(np.zeros((100, 28, 28, 1), "float32"))
    ```
    """
    if "float" not in samples.dtype.name:
        return
    low, high = check_finite(samples, name)
    if samples.ndim == 4:
        check_range(low, high, name)


def check_finite(samples, name="x"):
    """The smallest and the largest value of an array, which is read as `check_values` says.

    Raises:
        ValueError: NaN or infinite values.
    """
    if not samples.size:
        return 0.0, 0.0
    every = math.ceil(samples.nbytes / READ_AT_MOST)
    read = samples[::every]
    rows = max(1, READ_AT_ONCE // read[0].nbytes)
    ranges = np.array([_range(read[start : start + rows]) for start in range(0, len(read), rows)])
    if not np.isfinite(ranges).all():
        bad = [i for i, sample in enumerate(read) if not np.isfinite(sample).all()]
        raise ValueError(
            f"Expected `{name}` to hold finite values, but {len(bad)} of its {len(read)} "
            f"samples hold NaN or infinite ones, number {bad[0] * every} first (from 0). Find "
            "where they come from, or leave them out."
        )
    return ranges.min(), ranges.max()


def check_contents(images: Any, name: str = "x") -> None:
    """Raises where images have one value everywhere, from which nothing can be learnt.

    Args:
        images: numpy array [n, height, width, channels]; the first that differs ends the search.
        name: What the message calls them.

    Raises:
        ValueError: They have.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import check_contents

    check_contents(np.arange(32, dtype="uint8").reshape(2, 4, 4, 1))
    ```
    """
    if images.ndim == 4 and all((image == images[0].flat[0]).all() for image in images):
        raise ValueError(
            f"Expected `{name}` to show something, but every pixel of all {len(images)} images "
            f"is {images[0].flat[0]}. Look at the files, and at what was done to their values."
        )


def check_length(x: Any, steps: int | None = None, argument: str = "steps_per_epoch") -> None:
    """Raises where a pass over `x` would have no step, or no end.

    Args:
        x: What `fit` takes. Whether a generator has an end cannot be known.
        steps: How many batches are a pass; `None` for all there are.
        argument: Name of the argument that says so.

    Raises:
        ValueError: `x` is empty, or endless without `steps`.

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
        raise ValueError(
            f"There is nothing to train on or to evaluate: the {type(x).__name__} is empty."
        )
    if length is None and steps is None:
        raise ValueError(
            f"The {type(x).__name__} has no end, and so one pass over it would have none. Say how "
            f"many batches are a pass: `{argument}=1000`."
        )


def _range(floats):
    """The smallest and the largest of an array, both NaN where one value is: without a copy."""
    return float(floats.min()), float(floats.max())


def check_range(low, high, name, value_range=(-1, 1)):
    """Raises where float images range from `low` to `high` and not within `value_range`."""
    least, most = value_range
    if low < least - TOLERANCE or high > most + TOLERANCE:
        scaled = "images / 127.5 - 1" if least < 0 else "images / 255"
        raise ValueError(
            f"Expected the float images of `{name}` to lie in [{least}, {most}], but they range "
            f"from {low:.4g} to {high:.4g}. Pass uint8 images in [0, 255], or scale them with "
            f"`{scaled}`, in the `.map` of a tf.data.Dataset; or let "
            "`keras_gans.data.images(dataset, image_shape)` read it, labelled or not."
        )


def _remedy(shape, image_shape, name):
    """The one change that most likely mends the shape."""
    channels_first = image_shape[2:] + image_shape[:2]
    if len(shape) == 4 and shape[1:] == channels_first:
        return f"Move the channels to the end, as with `np.moveaxis({name}, 1, -1)`."
    if len(shape) == 3 and shape == image_shape:
        return f"Add the batch axis: `{name}[None]`, or `.batch(64)` of a tf.data.Dataset."
    if len(shape) == 3 and image_shape[2] in (1, None):
        return f"Add the channel axis, as with `{name}[..., None]`."
    return (
        "Pass images of that shape, or let `keras_gans.data.images(source, image_shape)` resize "
        "and convert them."
    )


def first_batch(x: Any, batch_size: int | None = None, whole: bool = False) -> Any:
    """Looks at the first batch of `x` and leaves `x` as it was.

    Args:
        x: What `fit` takes: an array or a backend's tensor (or a structure of them), a
            `keras.utils.PyDataset`, a `tf.data.Dataset`, a PyTorch `DataLoader` or a generator of
            batches. Of batches `(x, y)` the first part is taken.
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
        ValueError: A generator or a data set yields nothing, weights of samples, or elements whose
            shapes TensorFlow does not know.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import first_batch

    first, x = first_batch(np.zeros((100, 28, 28, 1), "uint8"), batch_size=8)
    first.shape  # (8, 28, 28, 1)
    ```
    """
    part = _without_weights if whole else _images_of
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
    for leaf in keras.tree.flatten(spec):
        shape = getattr(leaf, "shape", None)
        if keras.backend.backend() == "tensorflow" and shape is not None and shape.rank is None:
            raise ValueError(
                "TensorFlow does not know the shapes of the elements of the tf.data.Dataset, which "
                "its graphs are made for. Say them, as by `.map(lambda x: tf.ensure_shape(x, "
                "(None, 64, 64, 3)))`, or let `keras_gans.data.images(dataset, image_shape)` "
                "resize and batch them."
            )

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
    for batch in itertools.chain([first], rest):
        # Keras wants tuples, and prints the whole batch where it gets an array.
        yield tuple(batch) if isinstance(batch, (tuple, list)) else (batch,)


def _without_weights(batch):
    if isinstance(batch, (tuple, list)) and len(batch) > 2 and batch[2] is not None:
        raise ValueError(
            "A third part of each batch would be weights of its samples, `sample_weight`, which "
            "adversarial losses have no use for: they are means over real and generated images. "
            "Leave it out, as by `.map(lambda x, y, weight: (x, y))` of a tf.data.Dataset, or "
            "repeat images in the data."
        )
    return batch


def _images_of(batch):
    batch = _without_weights(batch)
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
