"""Images from the files of a folder."""

import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from keras_gans.data.resizing import THREADS, check_image_shape, fit_image
from keras_gans.data.storage import allocate

EXTENSIONS = (
    ".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp",
)  # fmt: skip
NAMED_FILES = 5


def read_folder(folder, image_shape, *, background="white", memory_limit=4 * 2**30):
    """Decodes every image of a folder and its sub-folders once.

    The order is that of the sorted relative paths, the same on every system. Names of sub-folders
    are no labels. Hidden files and folders are passed over, and of an animation the first frame
    is taken. A file that cannot be decoded, or that is larger than Pillow's guard against
    decompression bombs (`PIL.Image.MAX_IMAGE_PIXELS`), is skipped and named in one warning.

    Args:
        folder: Path (or str) of the folder.
        image_shape: `(height, width, channels)`; see `fit_image` for how images get there.
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
    paths = _image_files(folder)
    images = allocate((len(paths), *image_shape), memory_limit)

    def decode(row):
        try:
            images[row] = _decode(paths[row], image_shape, background)
        except Exception as error:  # A damaged file may raise nearly anything.
            # Not the error itself: its traceback would keep the array, and its file, alive.
            return (str(error) or type(error).__name__).splitlines()[0]
        return None

    with warnings.catch_warnings(), ThreadPoolExecutor(THREADS) as pool:
        # `_decode` raises instead, also between the guard's warning and its error.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        reasons = list(pool.map(decode, range(len(paths))))

    usable = [row for row, reason in enumerate(reasons) if reason is None]
    if not usable:
        cause = "" if not paths else f" ({paths[0].name}: {reasons[0]})"
        raise ValueError(
            f"Expected at least one usable image in {folder}, but of {len(paths)} files with the "
            f"extensions {', '.join(EXTENSIONS)} none could be read{cause}. Check the folder."
        )
    if len(usable) < len(paths):
        _warn_skipped(folder, paths, reasons)
        for row, source in enumerate(usable):
            images[row] = images[source]
    return images[: len(usable)]


def _image_files(folder):
    if not folder.exists():
        raise FileNotFoundError(
            f"Expected a folder of images at {folder}, but there is none. Check the path; it is "
            f"relative to {Path.cwd()}."
        )
    if not folder.is_dir():
        raise NotADirectoryError(
            f"Expected a folder of images at {folder}, but it is a file. Pass the folder around it."
        )
    found = {}
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in name.parts)
        if not hidden and path.suffix.lower() in EXTENSIONS and path.is_file():
            found[name.as_posix()] = path
    return [found[name] for name in sorted(found)]


def _decode(path, image_shape, background):
    with Image.open(path) as image:
        limit = Image.MAX_IMAGE_PIXELS
        if limit is not None and image.width * image.height > limit:
            raise Image.DecompressionBombError(
                f"{image.width} x {image.height} pixels exceed PIL.Image.MAX_IMAGE_PIXELS"
            )
        return fit_image(image, image_shape, background)


def _warn_skipped(folder, paths, reasons):
    bad = [(path, why) for path, why in zip(paths, reasons, strict=True) if why is not None]
    named = "; ".join(
        f"{path.relative_to(folder).as_posix()} ({why})" for path, why in bad[:NAMED_FILES]
    )
    more = f"; and {len(bad) - NAMED_FILES} more" if len(bad) > NAMED_FILES else ""
    warnings.warn(
        f"Skipped {len(bad)} of {len(paths)} images in {folder}, which could not be read: "
        f"{named}{more}. Repair or remove them.",
        stacklevel=3,
    )
