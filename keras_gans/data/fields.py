"""What a data set knows of its images beside the pixels: arrays with one row for each."""

import numpy as np

from keras_gans.data.checks import check_values

IDS = np.iinfo("int32")


def as_fields(fields, n):
    """Arrays with one row for each of `n` images, as steps take them.

    Integers become int32 and float64 becomes float32; what has the axes of images keeps uint8.

    Args:
        fields: Dict from names to arrays [n, ...]. "labels" of integers are ids [n] from 0, where
            -1 is an image without a label; [n, 1], as some sets have them, come to the same.
        n: Integer.

    Returns:
        Dict from names to numpy arrays.

    Raises:
        ValueError: Another number of rows, values that are no numbers, NaN or infinite, ids below
            -1 or beyond int32.

    Example:

    ```python
    from keras_gans.data.fields import as_fields

    as_fields({"labels": [0, 1, -1]}, 3)["labels"].dtype  # int32
    ```
    """
    return {name: _as_field(name, values, n) for name, values in fields.items()}


def as_array(values, name):
    """Values as they are where they are an array or a tensor, else as an array.

    Args:
        values: A number, a list of numbers or of names, or a list of such lists.
        name: What the message calls them.

    Raises:
        ValueError: Lists of several lengths.

    Example:

    ```python
    from keras_gans.data.fields import as_array

    as_array([[0, 1], [2, 0]], "labels").shape  # (2, 2)
    ```
    """
    if hasattr(values, "shape"):
        return values
    try:
        return np.asarray(values)
    except ValueError:
        raise ValueError(
            f"Expected the rows of `{name}` to have one shape, but they have several. Make them "
            "alike: an array has as many numbers in each row."
        ) from None


def _as_field(name, values, n):
    array = np.asarray(as_array(values, name))
    if array.ndim == 0 or len(array) != n:
        raise ValueError(
            f"Expected `{name}` to have one row for each of the {n} images, but its shape is "
            f"{list(array.shape)}. Leave out what belongs to no image, or add what is missing."
        )
    kind = "f" if array.dtype.name == "bfloat16" else array.dtype.kind
    if kind not in "biuf":
        raise ValueError(
            f"Expected `{name}` to be integers or floats, but its dtype is {array.dtype}. Pass the "
            "ids of classes, or numbers."
        )
    if kind == "f":
        array = array if array.dtype in ("float16", "float32") else array.astype("float32")
        check_values(array, name)
        return array
    if array.dtype == "uint8" and array.ndim > 2:
        return array
    if name == "labels" and array.shape[1:] == (1,):
        array = array[:, 0]
    ids = name == "labels" and array.ndim == 1
    lowest = -1 if ids else IDS.min
    low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
    if low < lowest or high > IDS.max:
        raise ValueError(
            f"Expected `{name}` to be integers from {lowest} to {IDS.max}"
            f"{', where -1 is no label' if ids else ''}, but they range from {low} to "
            f"{high}. {'Number the classes from 0' if ids else 'Pass floats'}."
        )
    return array.astype("int32", copy=False)


def as_class_names(names, labels):
    """A tuple of the names that the ids in `labels` have, or None.

    Args:
        names: Strings, one for each id from 0, or None.
        labels: int32 [n], or None where there are none.

    Raises:
        ValueError: There are no ids, or one without a name.
    """
    if names is None:
        return None
    names = tuple(map(str, names))
    if labels is None or labels.dtype != "int32":
        raise ValueError(
            f"Expected `labels` of whole numbers, which the {len(names)} `class_names` are those "
            "of, but there are none. Pass them, or leave the names out."
        )
    if labels.max(initial=-1) >= len(names):
        raise ValueError(
            f"Expected a name for each class, but there are {len(names)} `class_names` and ids up "
            f"to {labels.max()}. Name the others, too."
        )
    return names
