"""Images from the files of a folder."""

import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

from PIL import Image

from keras_gans.data.resizing import THREADS, check_image_shape, fit_image
from keras_gans.data.storage import allocate

EXTENSIONS = (
    ".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp",
)  # fmt: skip
NAMED_FILES = 5


def read_folder(folder, image_shape, *, select=None, background="white", memory_limit=4 * 2**30):
    """Decodes every image of a folder and its sub-folders once.

    The order is that of the sorted relative paths, the same on every system. Names of sub-folders
    are no labels. Hidden files and folders are passed over, and of an animation the first frame
    is taken. A file that cannot be decoded, or that is larger than Pillow's guard against
    decompression bombs (`PIL.Image.MAX_IMAGE_PIXELS`), is skipped and named in one warning.

    Args:
        folder: Path (or str) of the folder. It may lie in a zip archive, `"photos.zip"` or
            `"photos.zip/cats"`, which is read where it is.
        image_shape: `(height, width, channels)`; see `fit_image` for how images get there.
        select: Function from the name of a file, relative to the folder and without its extension,
            to whether it is taken; None takes all.
        background: Colour behind transparent pixels: a name or `(red, green, blue)`.
        memory_limit: Bytes beyond which the images lie in a temporary file that is deleted with
            the array.

    Returns:
        uint8 array [n, height, width, channels].

    Raises:
        FileNotFoundError: There is no such folder.
        NotADirectoryError: It is a file.
        ValueError: It holds no usable image.

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
    folder = Path(folder)
    files = image_files(folder, select)

    def decode(name):
        with open_image(files[name]) as image:
            return [fit_image(image, image_shape, background)]

    (images,) = decode_all(folder, list(files), decode, [image_shape], memory_limit)
    return images


def decode_all(folder, names, decode, shapes, memory_limit=4 * 2**30):
    """Decodes many files on several threads, and skips the damaged ones with one warning.

    Args:
        folder: Where they are, for the messages.
        names: List of what the files are called.
        decode: Function from a name to its images, one for each of `shapes`.
        shapes: List of `(height, width, channels)`.
        memory_limit: As in `read_folder`, for each of the arrays.

    Returns:
        List of uint8 arrays [n, height, width, channels], one for each of `shapes`.

    Raises:
        ValueError: None of them could be decoded.
    """
    arrays = [allocate((len(names), *shape), memory_limit) for shape in shapes]

    def decode_row(row):
        try:
            for array, image in zip(arrays, decode(names[row]), strict=True):
                array[row] = image
        except Exception as error:  # A damaged file may raise nearly anything.
            # Not the error itself: its traceback would keep the array, and its file, alive.
            return (str(error) or type(error).__name__).splitlines()[0]
        return None

    with warnings.catch_warnings(), ThreadPoolExecutor(THREADS) as pool:
        # `open_image` raises instead, also between the guard's warning and its error.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        reasons = list(pool.map(decode_row, range(len(names))))

    usable = [row for row, reason in enumerate(reasons) if reason is None]
    if not usable:
        cause = "" if not names else f" ({names[0]}: {reasons[0]})"
        raise ValueError(
            f"Expected at least one usable image in {folder}, but of {len(names)} files with the "
            f"extensions {', '.join(EXTENSIONS)} none could be read{cause}. Check the folder."
        )
    if len(usable) < len(names):
        _warn_skipped(folder, names, reasons)
        for array in arrays:
            for row, source in enumerate(usable):
                array[row] = array[source]
    return [array[: len(usable)] for array in arrays]


def image_files(folder, select=None):
    """The image files in a folder and its sub-folders.

    Args:
        folder: `pathlib.Path`; see `read_folder` for zip archives.
        select: As in `read_folder`.

    Returns:
        Dict from names relative to the folder, with "/" between parts, to paths; sorted.

    Raises:
        FileNotFoundError: There is no such folder.
        NotADirectoryError: It is a file.
    """
    archive = next((path for path in (folder, *folder.parents) if path.is_file()), None)
    if archive is not None and zipfile.is_zipfile(archive):
        files = _archived_files(archive, folder.relative_to(archive))
    elif folder.is_dir():
        files = [(path.relative_to(folder), path) for path in folder.rglob("*")]
    elif folder.is_file():
        raise NotADirectoryError(
            f"Expected a folder of images at {folder}, but it is a file. Pass the folder around it."
        )
    else:
        raise FileNotFoundError(
            f"Expected a folder of images at {folder}, but there is none. Check the path; it is "
            f"relative to {Path.cwd()}."
        )
    found = {}
    for name, path in files:
        hidden = any(part.startswith(".") for part in name.parts)
        if hidden or name.suffix.lower() not in EXTENSIONS or not path.is_file():
            continue
        if select is None or select(str(name.with_suffix(""))):
            found[name.as_posix()] = path
    return dict(sorted(found.items()))


def _archived_files(archive, folder):
    """Pairs of the name within `folder` and the path, of all that the archive has there."""
    root = zipfile.Path(archive)
    prefix = "" if folder == Path() else f"{folder.as_posix()}/"
    names = [name for name in root.root.namelist() if name.startswith(prefix)]
    if not names:
        raise FileNotFoundError(
            f"Expected a folder of images at {folder} in {archive}, but there is none. Its files "
            f"have names such as {', '.join(root.root.namelist()[:NAMED_FILES])}."
        )
    return [(PurePosixPath(name.removeprefix(prefix)), root / name) for name in names]


def open_image(path):
    """`PIL.Image.open` that refuses what Pillow's guard only warns about."""
    # What is in an archive is decompressed as far as Pillow reads.
    image = Image.open(path.open("rb") if isinstance(path, zipfile.Path) else path)
    limit = Image.MAX_IMAGE_PIXELS
    if limit is not None and image.width * image.height > limit:
        image.close()
        raise Image.DecompressionBombError(
            f"{image.width} x {image.height} pixels exceed PIL.Image.MAX_IMAGE_PIXELS"
        )
    return image


def listed(reasons):
    """The first of some skipped files with the reason of each, and how many more there are."""
    named = "; ".join(f"{name} ({why})" for name, why in list(reasons.items())[:NAMED_FILES])
    return named + (
        f"; and {len(reasons) - NAMED_FILES} more" if len(reasons) > NAMED_FILES else ""
    )


def _warn_skipped(folder, names, reasons):
    bad = {name: why for name, why in zip(names, reasons, strict=True) if why is not None}
    warnings.warn(
        f"Skipped {len(bad)} of {len(names)} images in {folder}, which could not be read: "
        f"{listed(bad)}. Repair or remove them.",
        stacklevel=4,
    )
