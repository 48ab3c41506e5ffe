"""The conditions of a request to generate: named, counted, checked."""

import numpy as np

from keras_gans.data.fields import as_array
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
    specs, given = model.generator_inputs, without_none(given)
    check_names(model, "generate", model.generator_conditions, given, specs)
    if numbers["num_images"] is not None:
        check_whole_number("num_images", numbers["num_images"], 0)
    values = {name: _as_array(specs[name], value, name) for name, value in given.items()}
    stated = {name: number for name, number in numbers.items() if number is not None}
    stated |= {n: len(array) for n, array in values.items() if array.ndim > len(specs[n].shape)}
    if not stated:
        raise ValueError("generate() needs `num_images` or `latents`; it got neither.")
    if len(set(stated.values())) > 1:
        said = ", ".join(f"{number} by {name}" for name, number in stated.items())
        raise ValueError(f"generate() was told of different numbers of samples: {said}.")
    n = next(iter(stated.values()))
    return _rows(specs, values, n), n


def rows_of(model, method, specs, given, n):
    """What a method that takes samples was given beside them, with a row for each.

    Args:
        model: What has the method.
        method: String, its name.
        specs: Dict from the names of what it reads beside samples to `Spec`s.
        given: Dict from names to arrays, or to one value for all.
        n: Integer, how many samples there are.

    Returns:
        Dict of arrays.

    Raises:
        ValueError: As in `conditions_for`.
    """
    given = without_none(given)
    check_names(model, method, specs, given, specs)
    values = {name: _as_array(specs[name], value, name) for name, value in given.items()}
    for name, array in values.items():
        if array.ndim > len(specs[name].shape) and len(array) != n:
            raise ValueError(
                f"{method}() was given {n} samples and {len(array)} {name}: pass as many, or one "
                "value for all."
            )
    return _rows(specs, values, n)


def check_names(model, method, wanted, given, known):
    """Raise a sentence if a method was not given by name what it reads.

    Args:
        model: What has the method.
        method: String, its name.
        wanted: Dict from the names of what it reads to `Spec`s.
        given: Dict by names.
        known: A collection of all names that may be given.

    Raises:
        TypeError: Another name.
        ValueError: One is missing.
    """
    said = f"{method}() of {type(model).__name__}"
    if unknown := [name for name in given if name not in known]:
        read = ", ".join(wanted) or "no conditions"
        raise TypeError(
            f"{said} reads {read}; it was given {unknown[0]!r}. Leave it out: what is read are the "
            "inputs of the networks, by their names."
        )
    if missing := [name for name in wanted if name not in given]:
        raise ValueError(
            f"{said} reads {', '.join(wanted)}; {', '.join(missing)} is missing: "
            f"{method}({_example(wanted[missing[0]], missing[0])})."
        )


def _rows(specs, values, n):
    rows = {}
    for name, array in values.items():
        shape = specs[name].shape
        has_rows = array.ndim > len(shape)
        rows[name] = array if has_rows else np.broadcast_to(array, (n, *array.shape))
        if n or rows[name].shape[1:] != shape:
            specs[name].check(rows[name], name)
        if specs[name].kind != "images":
            rows[name] = rows[name].astype(specs[name].dtype)
    return rows


def _example(spec, name):
    if spec.names:
        return f"{name}=[{', '.join(map(repr, spec.names[:2]))}]"
    return f"{name}=[0, 1, 2]" if spec.kind == "labels" else f"{name}=..."


def without_none(given):
    """What was given by name, without what was given as None."""
    return {name: value for name, value in given.items() if value is not None}


def _as_array(spec, value, name):
    array, names = np.asarray(as_array(value, name)), spec.names
    if array.dtype.kind not in "UO":
        return array if array.size else array.astype(spec.dtype)
    if not all(isinstance(one, str) for one in array.ravel()):
        raise ValueError(
            f"Expected `{name}` to be all ids of classes, or all names of them, but they are "
            f"{str(array.tolist())[:60]}. Make them alike."
        )
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
