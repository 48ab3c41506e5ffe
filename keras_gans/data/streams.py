"""Images of any source, batch by batch: never all in memory."""

import os

from keras import ops

from keras_gans.data.fashion_mnist import fashion_mnist
from keras_gans.data.folders import image_files, listed, read_image, tell
from keras_gans.data.resizing import fit_image, in_order


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
    files = image_files(folder)
    bad, pages = {}, {}

    def read(name):
        try:
            return fit_image(read_image(files[name], pages=pages), (None, None, 3))
        except Exception as error:  # A damaged file may raise nearly anything.
            bad[name] = (str(error) or type(error).__name__).splitlines()[0]
            return None

    batch = []
    for image in in_order(read, files):
        if image is not None:
            batch.append(image)
        if len(batch) == batch_size:
            yield batch
            batch = []
    if batch:
        yield batch
    # In the order of the files: several threads read them.
    bad = {name: bad[name] for name in files if name in bad}
    if len(bad) == len(files):
        cause = f" ({listed(bad)})" if bad else ""
        raise ValueError(
            f"Expected at least one usable image in {folder}, but of {len(files)} files with "
            f"extensions that Pillow reads none could be read{cause}. Check the folder."
        )
    tell(folder, len(files), bad, pages)
