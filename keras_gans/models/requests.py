"""The conditions of a request to generate: named, counted, checked."""

import numpy as np

from keras_gans.engine.chunks import check_whole_number


def conditions_for(model, given, numbers):
    """What `generate` was given by name, with a row for each sample.

    Args:
        model: A `LatentModel`.
        given: Dict from names of conditions, or of sources, to arrays, or to one value for all.
        numbers: Dict from names of arguments to how many samples they say there are, or `None`.

    Returns:
        `(dict of arrays, number of samples)`.

    Raises:
        ValueError: A condition that is missing, unknown or no such values, or numbers that differ.
    """
    wanted = model.generator_conditions
    specs = model.generator_inputs
    if unknown := [name for name in given if name not in specs]:
        read = ", ".join(wanted) or "no conditions"
        raise TypeError(
            f"generate() of {type(model).__name__} reads {read}; it was given {unknown[0]!r}."
        )
    if missing := [name for name in wanted if name not in given]:
        raise ValueError(
            f"{type(model).__name__} generates by {', '.join(wanted)}; {', '.join(missing)} is "
            f"missing: {_example(wanted[missing[0]], missing[0])}."
        )
    if numbers["num_images"] is not None:
        check_whole_number("num_images", numbers["num_images"], 0)
    values = {name: _as_array(specs[name], value) for name, value in given.items()}
    numbers = dict(numbers)
    for name, array in values.items():
        if array.ndim > len(specs[name].shape):
            numbers[name] = len(array)
    stated = {name: number for name, number in numbers.items() if number is not None}
    if not stated:
        raise ValueError("generate() needs `num_images` or `latents`; it got neither.")
    if len(set(stated.values())) > 1:
        said = ", ".join(f"{number} by {name}" for name, number in stated.items())
        raise ValueError(f"generate() was told of different numbers of samples: {said}.")
    n = next(iter(stated.values()))
    rows = {}
    for name, array in values.items():
        shape = specs[name].shape
        rows[name] = np.broadcast_to(array, (n, *array.shape)) if name not in stated else array
        if n or rows[name].shape[1:] != shape:
            specs[name].check(rows[name], name)
        if specs[name].kind != "images":
            rows[name] = rows[name].astype(specs[name].dtype)
    return rows, n


def _example(spec, name):
    if spec.names:
        return f"generate({name}=[{', '.join(map(repr, spec.names[:2]))}])"
    return f"generate({name}=[0, 1, 2])" if spec.kind == "labels" else f"generate({name}=...)"


def _as_array(spec, value):
    array, names = np.asarray(value), spec.names
    if array.dtype.kind not in "UO":
        return array if array.size else array.astype(spec.dtype)
    unknown = [one for one in array.ravel() if one not in names]
    if unknown:
        known = f"the classes are {', '.join(names)}" if names else "pass ids, whole numbers"
        raise ValueError(f"No class is known as {str(unknown[0])!r}: {known}.")
    ids = [names.index(one) for one in array.ravel()]
    return np.array(ids, "int32").reshape(array.shape)


def usual(model, n):
    """Each class in turn, for every condition that is a label."""
    conditions = {}
    for name, spec in model.generator_conditions.items():
        if spec.kind != "labels" or spec.shape or not spec.classes:
            raise ValueError(
                f"{name!r} is no class of a known number of them, of which each could be shown in "
                f"turn: say what is wanted, as by conditions={{{name!r}: ...}} with {n} rows."
            )
        conditions[name] = np.arange(n, dtype="int32") % spec.classes
    return conditions
