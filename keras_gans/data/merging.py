"""Small batches put together, for a model that asks for more images at once."""

import sys

from keras_gans.data.image_dataset import ImageDataset


def merged(x, batch_size, at_least):
    """What `fit` was given, in batches of at least so many images, in the same order.

    Args:
        x: As in `fit`. What comes in batches already and cannot be put together anew, such as a
            generator, is returned as it is.
        batch_size: As in `fit`; `None` for `at_least`.
        at_least: Integer.

    Returns:
        `(x, batch_size, size)`: what to train on, and how many images come at once; `None` where
        that is not known.
    """
    if isinstance(x, ImageDataset):
        if x.batch_size < at_least:
            # A whole number of its batches: the order of images stays what it was.
            x = x.with_batch_size(x.batch_size * -(-at_least // x.batch_size))
        return x, batch_size, x.batch_size
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None and isinstance(x, tensorflow.data.Dataset):
        size = tensorflow.nest.flatten(x.element_spec)[0].shape[0]
        if size is None or size < at_least:
            size = at_least
            x = x.rebatch(size)
        return x, batch_size, size
    if hasattr(x, "shape"):
        size = max(batch_size or 1, at_least)
        return x, size, size
    return x, batch_size, None
