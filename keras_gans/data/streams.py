"""Images of any source, batch by batch: never all in memory."""

import hashlib
import os

import numpy as np
from keras import ops

from keras_gans.data.fashion_mnist import fashion_mnist
from keras_gans.data.folders import image_files, listed, read_image, tell
from keras_gans.data.resizing import fit_image, in_order

BATCH_BYTES = 2**27  # Of decoded files: a batch of large photographs has fewer of them.


def stream_images(source, batch_size):
    """Batches of the images of a source, each as large as it is.

    Args:
        source: A folder or a zip archive of images, as a path or a str, as `read_folder` takes it;
            "fashion_mnist"; an array or a tensor [n, height, width, channels]; or what yields
            batches: an iterable, a `tf.data.Dataset`, a `keras.utils.PyDataset`, of images, of
            tuples that begin with them, or of dicts that call them "images".
        batch_size: Files at a time.

    Yields:
        Of files lists of at most `batch_size` uint8 arrays [height, width, 3], which may differ in
        size; else arrays [b, height, width, channels].

    Raises:
        FileNotFoundError, NotADirectoryError: As in `read_folder`.
        TypeError: It is none of these.
        ValueError: No file can be read.

    Example:

    ```python
    from keras_gans.data.streams import stream_images

    sum(len(batch) for batch in stream_images("fashion_mnist", 256))  # 10000
    ```
    """
    if isinstance(source, str) and source == "fashion_mnist":
        yield fashion_mnist((28, 28, 1))[0]
    elif isinstance(source, (str, os.PathLike)):
        yield from _files(source, batch_size)
    elif hasattr(source, "shape"):
        yield ops.convert_to_numpy(source)
    else:
        for batch in _batches(source):
            batch = batch["images"] if isinstance(batch, dict) else batch
            batch = batch[0] if isinstance(batch, (tuple, list)) else batch
            yield ops.convert_to_numpy(batch)


def _batches(source):
    if hasattr(source, "__getitem__") and hasattr(source, "on_epoch_end"):  # A PyDataset.
        return (source[i] for i in range(len(source)))
    try:
        return iter(source)
    except TypeError:
        raise TypeError(
            "Images are an array [n, height, width, channels], the path of a folder or a zip "
            f'archive, "fashion_mnist" or an iterable of batches, not a {type(source).__name__}.'
        ) from None


def _files(folder, batch_size):
    files = ImageFiles(folder)
    unread = []
    yield from in_batches(files.readable(range(files.number), unread), batch_size)
    files.tell(unread)


def in_batches(images, batch_size):
    """Lists of at most `batch_size` arrays, and of hardly more than `BATCH_BYTES`."""
    batch, size = [], 0
    for image in images:
        batch.append(image)
        size += image.nbytes
        if len(batch) == batch_size or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class ImageFiles:
    """The images of a folder or a zip archive, by their places in the order of their names.

    Args:
        folder: As in `read_folder`.
        number: Integer, how many to take at most, at random; `None` for all.
        seed: Integer, of that draw.

    Attributes:
        number: How many there are, and `total` those that they were drawn from.
        identity: String that changes with the images: a hash of where they are, of the names and
            sizes of the files and of when each was changed, or of the checksums in an archive. No
            file is opened for it.

    Raises:
        FileNotFoundError, NotADirectoryError: As in `read_folder`.

    Example:

    ```python
    import tempfile
    from PIL import Image
    from keras_gans.data.streams import ImageFiles

    with tempfile.TemporaryDirectory() as folder:
        Image.new("RGB", (640, 480), "red").save(folder + "/red.png")
        ((row, image),) = ImageFiles(folder).images([0])  # 0, uint8 [480, 640, 3]
    ```
    """

    def __init__(self, folder, number=None, seed=0):
        files = image_files(folder)
        self.folder = folder
        self.total = len(files)
        rows = drawn(self.total, number, seed)
        names, paths = [*files], [*files.values()]
        self.names, self.paths = [names[row] for row in rows], [paths[row] for row in rows]
        self.number = len(self.names)
        self._bad, self._pages = {}, {}

    @property
    def identity(self):
        digest = hashlib.sha256(os.path.realpath(self.folder).encode())
        for name, path in zip(self.names, self.paths, strict=True):
            digest.update(repr((name, *_version_of(path))).encode())
        return digest.hexdigest()

    def images(self, rows):
        """Pairs of each row and its image, uint8 [height, width, 3], or None for a damaged file."""
        return in_order(lambda row: (row, self._read(row)), rows)

    def readable(self, rows, unread):
        """Images as in `images`, without the damaged ones, whose rows are added to `unread`."""
        for row, image in self.images(rows):
            if image is None:
                unread.append(row)
            else:
                yield image

    def _read(self, row):
        try:
            return fit_image(read_image(self.paths[row], pages=self._pages), (None, None, 3))
        except Exception as error:  # A damaged file may raise nearly anything.
            self._bad[row] = (str(error) or type(error).__name__).splitlines()[0]
            return None

    def tell(self, unread):
        """One warning of the rows that could not be read, and of files with further pages.

        Raises:
            ValueError: That are all of them.
        """
        bad = {self.names[row]: self._bad.get(row, "as before") for row in unread}
        if len(bad) == self.number:
            cause = f" ({listed(bad)})" if bad else ""
            raise ValueError(
                f"Expected at least one usable image in {self.folder}, but of {self.number} files "
                f"with extensions that Pillow reads none could be read{cause}. Check the folder."
            )
        tell(self.folder, self.number, bad, self._pages)


def drawn(total, number, seed):
    """Rows of all, or of as many at random, in their order."""
    if number is None or number >= total:
        return np.arange(total)
    return np.sort(np.random.default_rng(seed).permutation(total)[:number])


def _version_of(path):
    """What changes with the contents of a file, without a look at them."""
    if isinstance(path, os.PathLike):
        stat = os.stat(path)
        # The last one also where a copy has kept the time of its original.
        return stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns
    member = path.root.getinfo(path.at)  # In a zip archive.
    return member.file_size, member.CRC
