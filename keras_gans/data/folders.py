"""Images from the files of a folder."""

import contextlib
import mimetypes
import os
import posixpath
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from keras_gans.data.labels import labels_of_files
from keras_gans.data.paths import local_path, stays_inside
from keras_gans.data.resizing import check_image_shape, fit_image, in_order, upright_8_bits
from keras_gans.data.storage import allocate
from keras_gans.typing import FilePath, Shape

# What Pillow cannot decode, or only by starting another program.
UNFIT = {"BUFR", "EPS", "GRIB", "HDF5", "MPEG", "WMF"}
NAMED_FILES = 5


def read_folder(
    folder: FilePath,
    image_shape: Shape,
    *,
    select: Callable[[str], bool] | None = None,
    background: str | tuple[int, int, int] = "white",
    memory_limit: int = 4 * 2**30,
    max_value: float | None = None,
    labels: FilePath | None = None,
) -> Any:
    """Decodes every image of a folder and its sub-folders once.

    The order is that of the sorted relative paths, the same on every system. Linked sub-folders
    are read, each real folder once. Hidden files and folders, and text files, are passed over. What
    else is left out is named in a warning: files that are no images to Pillow, further pages and
    frames, files that cannot be decoded, or that are larger than Pillow's guard against
    decompression bombs (`PIL.Image.MAX_IMAGE_PIXELS`).

    Args:
        folder: Path (or str) of the folder. It may lie in a zip archive, `"photos.zip"` or
            `"photos.zip/cats"`, which is read where it is.
        image_shape: `(height, width, channels)`; see `fit_image` for how images get there.
        select: Function from the name of a file, relative to the folder and without its extension,
            to whether it is taken; None takes all.
        background: Colour behind transparent pixels: a name or `(red, green, blue)`.
        memory_limit: Bytes beyond which the images lie in a temporary file that is deleted with
            the array.
        max_value: As in `fit_image`: the value that is white where pixels have more than 8 bits.
        labels: "folders", or the path of a table of the files; see `keras_gans.data.images`.

    Returns:
        uint8 array [n, height, width, channels]; with `labels`, `(images, labels, class_names)`,
        where `labels` has a row for each image, and `class_names` may be None.

    Raises:
        FileNotFoundError: There is no such folder or table.
        NotADirectoryError: It is a file.
        OSError: The temporary folder has no room.
        ValueError: It holds no usable image, or lies on another machine; labels that do not fit it.

    Example:

    ```python
    import tempfile
    from PIL import Image
    from keras_gans.data import read_folder

    with tempfile.TemporaryDirectory() as folder:
        Image.new("RGB", (640, 480), "red").save(folder + "/red.png")
        images = read_folder(folder, (64, 64, 3))  # uint8 [1, 64, 64, 3]
    ```
    """
    image_shape = check_image_shape(image_shape)
    files = image_files(folder, select)
    names, pages = list(files), {}
    if labels is not None:  # Told before a file is decoded.
        classes = sub_folders(folder) if labels == "folders" and select is None else ()
        labels, class_names = labels_of_files(labels, names, folder, classes)

    def decode(name):
        return [fit_image(read_image(files[name], max_value, pages), image_shape, background)]

    (images,), usable = decode_all(folder, names, decode, [image_shape], memory_limit, pages)
    return images if labels is None else (images, labels[usable], class_names)


def decode_all(folder, names, decode, shapes, memory_limit=4 * 2**30, pages=None):
    """Decodes many files on several threads, and skips the damaged ones with one warning.

    Args:
        folder: Where they are, for the messages.
        names: List of what the files are called.
        decode: Function from a name to its images, one for each of `shapes`.
        shapes: List of `(height, width, channels)`.
        memory_limit: As in `read_folder`, for each of the arrays.
        pages: Dict that `decode` gives to `read_image`; it is told in the same warning.

    Returns:
        List of uint8 arrays [n, height, width, channels], one for each of `shapes`; and the list
        of the places in `names` of the files in them.

    Raises:
        ValueError: None of them could be decoded.
    """
    arrays = [allocate((len(names), *shape), memory_limit) for shape in shapes]

    def decode_row(row):
        for array, image in zip(arrays, decode(names[row]), strict=True):
            array[row] = image

    bad = failures(decode_row, range(len(names)))
    if len(bad) == len(names):
        cause = f" ({names[0]}: {bad[0]})" if names else ""
        raise ValueError(
            f"Expected at least one usable image in {folder}, but of {len(names)} files with "
            "extensions that Pillow reads (.jpg, .png, .webp and others) none could be read"
            f"{cause}. Check the folder."
        )
    usable = [row for row in range(len(names)) if row not in bad]
    tell(folder, len(names), {names[row]: reason for row, reason in bad.items()}, pages)
    if bad:
        for array in arrays:
            for row, source in enumerate(usable):
                array[row] = array[source]
    return [array[: len(usable)] for array in arrays], usable


def failures(function, items):
    """Calls a function with each item, on several threads: dict of the reasons where it raised."""

    def attempt(item):
        try:
            function(item)
        except Exception as error:  # A damaged file may raise nearly anything.
            # Not the error itself: its traceback would keep the array, and its file, alive.
            return item, (str(error) or type(error).__name__).splitlines()[0]
        return item, None

    with warnings.catch_warnings():
        # `open_image` raises instead, also between the guard's warning and its error.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        return {item: why for item, why in in_order(attempt, items) if why is not None}


def image_extensions():
    """The suffixes of what Pillow reads, with the plugins that are registered by now."""
    extensions = Image.registered_extensions()  # This also loads the plugins.
    readable = {*readable_formats(), "MPO"}  # Opened by way of JPEG.
    return {suffix for suffix, name in extensions.items() if name in readable}


def readable_formats():
    """The formats that `Image.open` may try."""
    Image.init()
    return [name for name in Image.ID if name not in UNFIT]


def image_files(folder, select=None):
    """The image files in a folder and its sub-folders; what is left out is named in a warning.

    Args:
        folder: Path or str; see `read_folder` for zip archives and links.
        select: As in `read_folder`.

    Returns:
        Dict from names relative to the folder, with "/" between parts, to paths; sorted. No name
        leads out of the folder.

    Raises:
        FileNotFoundError: There is no such folder.
        NotADirectoryError: It is a file.
    """
    folder = local_path(folder, "A folder of images")
    left_out = {}
    archive = _file_around(folder)
    if archive is not None and zipfile.is_zipfile(archive):
        files = _archived_files(archive, folder.relative_to(archive), left_out)
    elif folder.is_dir():
        files = _files(folder, left_out)
    elif folder.is_file():
        raise NotADirectoryError(
            f"Expected a folder of images or a zip archive of one at {folder}, but it is a file of "
            "another kind. Unpack other archives, or pass the folder around an image."
        )
    else:
        raise FileNotFoundError(
            f"Expected a folder of images at {folder}, but there is none"
            f"{f': {archive} is no zip archive' if archive else ''}. Check the path; it is "
            f"relative to {Path.cwd()}."
        )
    extensions = image_extensions()
    found = {}
    for name, path in files:
        stem, suffix = posixpath.splitext(name)
        if any(part.startswith(".") for part in name.split("/")):
            continue
        if suffix.lower() in extensions:
            if select is None or select(stem):
                found[name] = path
        elif not (mimetypes.guess_type(name)[0] or "").startswith(("text/", "application/json")):
            left_out[name] = f"Pillow reads no {suffix.lower() or 'files without suffix'}"
    if left_out:
        warnings.warn(
            f"Left out {len(left_out)} files in {folder}: {listed(left_out)}. Convert or rename "
            "those that matter.",
            stacklevel=3,
        )
    return dict(sorted(found.items()))


def sub_folders(folder):
    """The names of the folders in a folder as `image_files` takes it, except hidden ones."""
    folder = local_path(folder, "A folder of images")
    archive = _file_around(folder)
    if archive is None:
        names = [entry.name for entry in os.scandir(folder) if entry.is_dir()]
    else:
        prefix = folder.relative_to(archive).as_posix()
        prefix = "" if prefix == "." else f"{prefix}/"
        with zipfile.ZipFile(archive) as members:
            paths = [name for name in members.namelist() if name.startswith(prefix)]
        parts = (path.removeprefix(prefix).partition("/") for path in paths if stays_inside(path))
        names = {name for name, separator, _ in parts if separator}
    return [name for name in names if not name.startswith(".")]


def _file_around(folder):
    """The file, perhaps an archive, that a path is or leads into; None for a folder."""
    return next((path for path in (folder, *folder.parents) if path.is_file()), None)


def _files(folder, left_out):
    """Pairs of the name within `folder` and the path of all files, without a look at each."""
    seen, linked = set(), []
    waiting = [("", folder)]
    while waiting or linked:
        # Links last: what is here under its own name is not read under a linked one.
        prefix, path = waiting.pop() if waiting else linked.pop(0)
        real = os.path.realpath(path)
        if real in seen:
            continue
        seen.add(real)
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            left_out[prefix or "."] = error.strerror
            continue
        for entry in entries:
            name = prefix + entry.name
            if entry.is_dir():
                if not entry.name.startswith("."):
                    (linked if entry.is_symlink() else waiting).append((f"{name}/", entry.path))
            elif entry.is_file():
                yield name, Path(entry.path)
            elif entry.is_symlink():
                left_out[name] = "a link to nothing"


def _archived_files(archive, folder, left_out):
    """Pairs of the name within `folder` and the path, of all that the archive has there."""
    root = zipfile.Path(archive)
    prefix = "" if folder == Path() else f"{folder.as_posix()}/"
    names = [name for name in root.root.namelist() if not name.endswith("/")]
    outside = [name for name in names if not stays_inside(name)]
    left_out |= dict.fromkeys(outside, "its name leads out of the folder")
    names = [name for name in names if name not in left_out]
    if prefix and not any(name.startswith(prefix) for name in names):
        raise FileNotFoundError(
            f"Expected a folder of images at {folder} in {archive}, but there is none. Its files "
            f"have names such as {', '.join(names[:NAMED_FILES])}."
        )
    return [(name.removeprefix(prefix), root / name) for name in names if name.startswith(prefix)]


def read_image(path, max_value=None, pages=None):
    """A Pillow image of a file as all loaders take it: upright, of 8 bits, the first page.

    Args:
        path: `pathlib.Path` or `zipfile.Path`.
        max_value: As in `fit_image`.
        pages: Dict in which a file with further pages is noted; previews in photographs of
            cameras (MPO) and layers (PSD) are none.
    """
    with open_image(path) as file:
        image = upright_8_bits(file, max_value)
        if pages is not None and file.format not in ("MPO", "PSD"):
            with contextlib.suppress(Exception):  # Damaged after the page that was taken.
                if getattr(file, "is_animated", False):
                    pages[str(path)] = f"{file.n_frames} pages"
    return image


def open_image(path):
    """`PIL.Image.open` that refuses what Pillow's guard only warns about."""
    # What is in an archive is decompressed as far as Pillow reads.
    file = path.open("rb") if isinstance(path, zipfile.Path) else path
    image = Image.open(file, formats=readable_formats())
    limit = Image.MAX_IMAGE_PIXELS
    if limit is not None and image.width * image.height > limit:
        image.close()
        raise Image.DecompressionBombError(
            f"{image.width} x {image.height} pixels exceed PIL.Image.MAX_IMAGE_PIXELS"
        )
    return image


def tell(folder, total, reasons, pages=None):
    """One warning of the files that could not be read, and of those with further pages."""
    parts = []
    if reasons:
        parts.append(
            f"Skipped {len(reasons)} of {total} images in {folder}, which could not be read: "
            f"{listed(reasons)}. Repair or remove them."
        )
    if pages:
        parts.append(
            f"Took the first page or frame only of {len(pages)} of {total} images in {folder}: "
            f"{listed(pages)}. Save the others as files of their own."
        )
    if parts:
        warnings.warn(" ".join(parts), stacklevel=4)


def listed(reasons):
    """The first of some skipped files with the reason of each, and how many more there are."""
    named = "; ".join(f"{name} ({why})" for name, why in list(reasons.items())[:NAMED_FILES])
    return named + (
        f"; and {len(reasons) - NAMED_FILES} more" if len(reasons) > NAMED_FILES else ""
    )
