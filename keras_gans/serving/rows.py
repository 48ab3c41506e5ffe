"""What a request sends: a row for each image, in the dtypes that a signature takes."""

import numpy as np

from keras_gans.serving.signatures import PNG, not_finite

PNGS = PNG.tensor_suffix


def rows_of(values, specs, number=None):
    """What a signature takes, in its dtypes, with a row for each image.

    Args:
        values: Dict from names to arrays, or lists or numbers.
        specs: What the signature takes, as `signature.json` has it.
        number: Integer: how many images are asked for, or `None`.

    Raises:
        ValueError: Different numbers of rows, or what does not fit a dtype or a shape.
    """
    arrays = {name: array_of(name, value, specs) for name, value in values.items()}
    rows = {name: array for name, (array, is_one) in arrays.items() if not is_one}
    numbers = {name: len(array) for name, array in rows.items()}
    numbers |= {} if number is None else {"num_images": number}
    if len(set(numbers.values())) > 1:
        said = ", ".join(f"{number} by {name}" for name, number in numbers.items())
        raise ValueError(f"The request is for different numbers of images: {said}.")
    if arrays and not numbers:
        raise ValueError(f"One value of {', '.join(arrays)} is for `num_images` images: say it.")
    if number is not None and number < 0:
        raise ValueError(f"num_images is 0 or more; it was {number}.")
    return {
        name: np.repeat(array[None], next(iter(numbers.values())), axis=0) if is_one else array
        for name, (array, is_one) in arrays.items()
    }


def array_of(name, value, specs):
    """A value in the dtype that a signature takes, and whether it is one for all images."""
    array = np.asarray(value)
    dtype = "float32" if array.dtype.kind == "f" else "int32"  # Where the server will refuse it.
    spec = {"dtype": dtype, "shape": [None, *array.shape[1:]]}
    if name + PNGS in specs:
        spec = {"dtype": "uint8", "shape": [None] * 4}
    dtype, shape = (specs.get(name, spec)[fact] for fact in ("dtype", "shape"))
    if dtype == "string":
        array = np.asarray(value, object)  # Strings of NumPy lose the zeros at their ends.
        if not array.size or not all(isinstance(png, bytes) for png in array.flat):
            raise ValueError(f"{name} are the bytes of PNGs, one or more; these are not.")
    elif array.dtype.kind not in "iuf":
        raise ValueError(
            f"{name} are ids or other numbers; these are {array.dtype}. The classes that ids "
            "stand for are in `signature.json` beside the export."
        )
    elif not (np.abs(array) <= np.finfo("float32").max).all():
        raise ValueError(not_finite(name))
    elif "int" in dtype and array.size:
        low, high, limits = array.min(), array.max(), np.iinfo(dtype)
        if array.dtype.kind == "f" or low < limits.min or high > limits.max:
            raise ValueError(
                f"{name} are whole numbers that fit {dtype}; these are {array.dtype} from {low} to "
                f"{high}."
            )
    if array.shape == (0,):
        array = np.empty((0, *(size or 1 for size in shape[1:])))
    if array.ndim not in (len(shape), len(shape) - 1):
        raise ValueError(
            f"{name} have the shape {['n', *shape[1:]]}, or {shape[1:]} of one for all; these "
            f"have {list(array.shape)}."
        )
    return array.astype(object if dtype == "string" else dtype), array.ndim < len(shape)


def in_batches(compute, rows, batch_size):
    """`compute` of so many rows at a time, also of none: JSON has no shape for an empty array."""
    n = len(next(iter(rows.values())))
    rows = {
        name: array if n else np.zeros((1, *array.shape[1:]), array.dtype)
        for name, array in rows.items()
    }
    parts = [
        compute({name: array[start : start + batch_size] for name, array in rows.items()})
        for start in range(0, max(n, 1), batch_size)
    ]
    return np.concatenate(parts)[:n]
