"""Labels of images: by the folders they lie in, by a table of their names, or as sets hold them."""

import csv
import json
import os
import posixpath
from pathlib import Path

import numpy as np

from keras_gans.data.fields import as_fields
from keras_gans.data.paths import local_path


def labels_of_files(labels, names, folder, sub_folders=()):
    """Labels of the files of a folder.

    Args:
        labels: "folders", or the path of a table; see `keras_gans.data.images`.
        names: List of the names of the files relative to the folder, with "/" between parts.
        folder: What the messages call it.
        sub_folders: Names of the folders in it, each of which has to be a class of some file.

    Returns:
        `(labels, class_names)`: int32 ids [n], or numbers [n, k]; and a tuple of strings, or None
        where ids have no names.

    Raises:
        FileNotFoundError: There is no such table.
        ValueError: Fewer than two classes, or one without files; a table that is none, or does not
            fit the files.

    Example:

    ```python
    from keras_gans.data.labels import labels_of_files

    labels_of_files("folders", ["cat/1.png", "cover.png", "dog/1.png"], "pets")
    # ([0, -1, 1], ("cat", "dog"))
    ```
    """
    if labels == "folders":
        return _by_folder(names, folder, sub_folders)
    suffix = os.path.splitext(labels)[1].lower()
    if suffix not in (".csv", ".json"):
        raise ValueError(
            f'Expected `labels` of a folder to be "folders", the path of a .csv or a .json file, '
            f"or an array, but it is {str(labels)!r}."
        )
    path = local_path(labels, "A table of labels")
    if not path.is_file():
        raise FileNotFoundError(
            f"Expected a table of labels at {path}, but there is none. Check the path; it is "
            f"relative to {Path.cwd()}."
        )
    try:
        files, values = _read_csv(path, names) if suffix == ".csv" else _read_json(path)
    except (UnicodeDecodeError, csv.Error, json.JSONDecodeError) as error:
        raise ValueError(
            f"Expected {path} to be a table in {suffix[1:].upper()} and UTF-8, but {error}. Save "
            "it as one."
        ) from error
    known, class_names = as_labels(values, str(path))
    known = _in_order_of(names, files, known, path, folder)
    return as_fields({"labels": known}, len(names))["labels"], class_names


def as_labels(values, source="labels"):
    """Ids or numbers, and names of classes, of what a source calls the labels of its images.

    Args:
        values: Array or list [n] of ids or of names of classes, where None or "" is no label, or
            of numbers that are not whole; or numbers [n, k].
        source: What the message calls where they are from.

    Returns:
        `(labels, class_names)`, as in `labels_of_files`.

    Raises:
        ValueError: Values of several kinds, or of another one.
    """
    if isinstance(values, np.ndarray) and values.dtype.kind in "biuf":
        return values, None
    values = [value.decode() if isinstance(value, bytes) else value for value in values]
    if all(value is None or isinstance(value, str) for value in values):
        return _ids([value or None for value in values])
    try:
        missing = [value is None for value in values]
        array = np.array([-1 if value is None else value for value in values])
    except ValueError:  # Of several lengths.
        array = np.array(None)
    if array.dtype.kind not in "biuf" or array.ndim > 2:
        raise ValueError(
            f"Expected the labels of {source} to be all names of classes, all whole numbers, or "
            f"all as many numbers, but there are {_kinds(values)}. Make them alike."
        )
    if array.ndim == 1 and array.dtype.kind == "f":
        array = _whole(array)
        if array.dtype.kind == "f":
            array[missing] = np.nan  # Which is told: there is no number for "unknown".
            array = array[:, None]
    return array, None


def are_ids(labels):
    """Whether labels are ids of classes, for which there can be names."""
    labels = np.asarray(labels)
    return labels.ndim == 1 and labels.dtype.kind in "iu"


def _whole(numbers):
    """Floats as integers where they are whole."""
    whole = np.isfinite(numbers).all() and (numbers == np.round(numbers)).all()
    return numbers.astype("int64") if whole else numbers


def _kinds(values):
    """The first values of different kinds, for a message."""
    seen = {}
    for value in values:
        kind = (type(value), len(value) if isinstance(value, (list, tuple)) else None)
        seen.setdefault(kind, value)
    return " and ".join(str(value)[:40] for value in list(seen.values())[:3])


def _ids(names):
    """Ids of the names of classes in their sorted order; -1 for None."""
    class_names = tuple(sorted({*names} - {None}))
    ids = {None: -1, **{name: i for i, name in enumerate(class_names)}}
    return np.fromiter(map(ids.get, names), "int32", len(names)), class_names


def _by_folder(names, folder, sub_folders):
    labels, class_names = _ids([name.partition("/")[0] if "/" in name else None for name in names])
    empty = sorted({*sub_folders} - {*class_names})
    if empty:
        more = f" and {len(empty) - 5} more" if empty[5:] else ""
        raise ValueError(
            f"Expected images in every sub-folder of {folder}, which are the classes, but there "
            f"are none in {', '.join(empty[:5])}{more}"
            " that are not read under another name. Add some, or move what is no class away."
        )
    if len(class_names) < 2:
        raise ValueError(
            f"Expected a sub-folder of {folder} for each of two classes or more, but there "
            f"{f'is {class_names[0]} only' if class_names else 'are none'}. Sort the files into "
            "folders by class, name a table of labels (CSV or JSON), or leave `labels` out."
        )
    return labels, class_names


def _read_csv(path, names):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = filter(None, csv.reader(file, skipinitialspace=True))
        header = next(rows, [])
        cells = [[] for _ in header] or [[]]
        for row in rows:  # Not kept: a million of small lists would be slow.
            if len(row) != len(header):
                raise ValueError(
                    f"Expected {len(header)} columns in each row of {path}, as in its headings, "
                    f"but that of {row[0]} has {len(row)}. Put quotes around what holds commas."
                )
            for column, cell in zip(cells, row, strict=True):
                column.append(cell)
    files, *columns = cells
    if len(header) < 2 or not files:
        raise ValueError(
            f"Expected {path} to have a row of headings, then a row for each file: its name, a "
            f"comma and its label, but it has {len(header)} columns and {len(files)} more rows."
        )
    if header[0] in names:
        raise ValueError(
            f"Expected the first row of {path} to be headings, but it is one of the file "
            f"{header[0]}. Put a row such as `file,label` before it."
        )
    if len(columns) == 1:
        return files, _numbers(columns[0]) or columns[0]
    for name, cells in zip(header[1:], columns, strict=True):
        if _numbers(cells) is None or "" in cells:
            bad = next(cell for cell in cells if not cell or _numbers([cell]) is None)
            raise ValueError(
                f"Expected numbers in the {len(columns)} columns of {path} after the first, but "
                f"`{name}` has {bad!r}. Classes by name take one column."
            )
    return files, _whole(np.array(columns, "float64").T)


def _numbers(cells):
    """The cells as floats, None where one is empty; or None where one is no number."""
    try:
        return [float(cell) if cell else None for cell in cells]
    except ValueError:
        return None


def _read_json(path):
    table = json.loads(path.read_text("utf-8-sig"))
    if not isinstance(table, dict) or not table:
        raise ValueError(
            f"Expected {path} to hold the labels of files by their names, such as "
            '{"cat/1.png": "cat"}, but it is '
            f"{'empty' if isinstance(table, dict) else f'a {type(table).__name__}'}."
        )
    return list(table), list(table.values())


def _in_order_of(names, files, known, path, folder):
    """Labels of the files of a table, in the order of the files of the folder."""
    places = {name: place for place, name in enumerate(names)}
    rows = list(map(places.get, files))
    if None in rows:
        alone = _by_last_part(names)
        for i, file in enumerate(files):
            if rows[i] is None:
                name = posixpath.normpath(file.replace("\\", "/"))
                rows[i] = places.get(name, alone.get(name))
    for what, bad in (
        ("is no image", [file for file, row in zip(files, rows, strict=True) if row is None]),
        ("is not the only one", [f for f, row in zip(files, rows, strict=True) if row == -1]),
    ):
        if bad:
            raise ValueError(
                f"Expected an image in {folder} for each row of {path}, but of {len(bad)} of its "
                f"{len(files)} rows there {what} of that name, first {bad[0]}. Give names relative "
                "to the folder, and leave out rows without an image."
            )
    rows = np.array(rows)
    times = np.bincount(rows, minlength=len(names))
    if times.max(initial=0) > 1:
        twice = names[int(np.argmax(times > 1))]
        raise ValueError(f"Expected one row of {path} for each file, but {twice} has several.")
    if known.ndim == 1:
        ids = np.full(len(names), -1, known.dtype)
    elif times.all():
        ids = np.empty((len(names), *known.shape[1:]), known.dtype)
    else:
        raise ValueError(
            f"Expected a row of numbers in {path} for each image in {folder}, but "
            f"{(times == 0).sum()} of {len(names)} have none, first {names[int(times.argmin())]}. "
            "Add their rows; only ids and names of classes may be missing."
        )
    ids[rows] = known
    return ids


def _by_last_part(names):
    """Dict from the last parts of names to their places, or to -1 where several end so."""
    places = {}
    for place, name in enumerate(names):
        last = name.rpartition("/")[2]
        places[last] = -1 if last in places else place
    return places
