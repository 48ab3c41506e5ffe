"""Data are looked at, and put in the order of the seed, before a step is made."""

from keras_gans.data import ImageDataset, check_images, check_values, first_batch
from keras_gans.engine.data_order import as_numpy, in_seeded_order, is_array


class ChecksData:
    """What `fit` and `evaluate` do with their data before Keras gets them."""

    def in_seeded_order(self, x, y, batch_size, shuffle):
        """`(x, y)` of `fit` with arrays as a data set whose order follows from the seed."""
        if y is not None:
            return x, y
        return in_seeded_order(x, {}, batch_size, shuffle, self.seed), None

    def training_data(self, x):
        """What `fit` trains on, of data in the order of the seed."""
        return x

    def checked(self, x, y, batch_size, shuffle, name="x"):
        """`(x, y)` of `fit` or `evaluate` in the order of the seed, or a sentence about them."""
        x = self.check_first_batch(x, y, batch_size, name)
        x, y = self.in_seeded_order(x, y, batch_size, shuffle)
        arrays = x.arrays if isinstance(x, ImageDataset) else [as_numpy(x)] if is_array(x) else ()
        for part, samples in zip(self.names_of_images(name), arrays, strict=False):
            check_values(samples, part)
        return x, y

    def names_of_images(self, name):
        """What sentences call the images of data of that name."""
        return (name,)

    def check_first_batch(self, x, y, batch_size, name="x"):
        """Look at the first batch of data; returns `x`, or what yields the same."""
        first, x = first_batch(x, batch_size)
        if first is not None:
            self.check_batch(first, name)
        return x

    def check_batch(self, batch, name="x"):
        """Raise a sentence if `batch` is not what the networks expect."""
        if len(self.image_shape) == 3 or not hasattr(batch, "shape"):
            check_images(batch, self.image_shape, name)
        elif batch.shape[1:] != self.image_shape:
            raise ValueError(
                f"{type(self).__name__} takes samples of shape (n, *{self.image_shape}), as its "
                f"generator makes them; those of `{name}` have the shape {batch.shape}."
            )
        else:
            check_values(batch, name)

    def refuse_weights(self, sample_weight=None, class_weight=None, **_):
        """Raise a sentence where samples or classes have weights."""
        for name, weights in (("sample_weight", sample_weight), ("class_weight", class_weight)):
            if weights is not None:
                raise ValueError(
                    f"{type(self).__name__} has no use for `{name}`: its losses are means over "
                    "real and generated images. Leave it out, or repeat images in the data."
                )
