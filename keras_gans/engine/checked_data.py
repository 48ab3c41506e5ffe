"""Data are looked at, and put in the order of the seed, before a step is made."""

import itertools
import warnings

import keras
import numpy as np

from keras_gans.data import ImageDataset, first_batch
from keras_gans.data.fields import as_array
from keras_gans.engine.batches import named, not_read
from keras_gans.engine.data_order import as_numpy, in_seeded_order, is_array

# Of a hundred random images of ten classes, some class has none once in nearly four thousand times.
IMAGES_PER_CLASS = 10


class ChecksData:
    """What `fit` and `evaluate` do with their data before Keras gets them."""

    def checked(self, x, y, batch_size, shuffle, name="x"):
        """`(x, y)` of `fit` or `evaluate` in the order of the seed, or a sentence about them."""
        x, y = self.as_arrays(x, y)
        x, beside = self.check_first_batch(x, y, batch_size, name)
        x, y = self.in_seeded_order(x, y, batch_size, shuffle)
        arrays = x.arrays if isinstance(x, ImageDataset) else [as_numpy(x)] if is_array(x) else ()
        for part, samples in zip(self.names_of_images(name), arrays, strict=False):
            self.samples.check_values(samples, part)
        if isinstance(x, ImageDataset):
            fields, number = x.fields_drawn()
            self.check_conditions(fields, name, number)
            self.learn_names(x)
        if unread := not_read(beside, self.conditions):
            self.say_what_is_not_read(unread)
        return x, y

    def as_arrays(self, x, y):
        """`(x, y)` of `fit` or `evaluate` with arrays or tensors for lists."""
        if isinstance(x, dict):
            x = {key: with_rows(values, key) for key, values in x.items()}
        if isinstance(y, dict):
            return x, {key: with_rows(values, key) for key, values in y.items()}
        alone = next(iter(self.conditions)) if len(self.conditions) == 1 else "y"
        return x, None if y is None else with_rows(y, alone)

    def in_seeded_order(self, x, y, batch_size, shuffle):
        """`(x, y)` of `fit` with arrays as a data set whose order follows from the seed."""
        samples, beside = self.parts((x, y))
        beside = named(beside, self.conditions)
        if not is_array(samples) or not isinstance(shuffle, bool):
            return x, y
        fields = {name: as_numpy(values) for name, values in beside.items()}
        return in_seeded_order(samples, fields, batch_size, shuffle, self.seed), None

    def training_data(self, x):
        """What `fit` trains on, of data in the order of the seed."""
        return x

    def names_of_images(self, name):
        """What sentences call the images of data of that name."""
        return (name,)

    def check_first_batch(self, x, y, batch_size, name="x"):
        """Look at the first batch of data.

        Returns:
            `x`, or what yields the same, and what stands beside the samples.
        """
        if isinstance(x, list) or (y is None and isinstance(x, tuple)):
            raise ValueError(
                f"Expected `{name}` to be {self.samples.name}, but it is a {type(x).__name__} of "
                f"{len(x)}. Pass what stands beside them as `y`, fit(images, labels), and a list "
                "of arrays as one array, by `np.stack`."
            )
        if y is None:
            first, x = first_batch(x, batch_size, whole=True)
        else:
            first, _ = first_batch((x, y), batch_size, whole=True)
        if first is None:
            return x, None
        samples, beside = self.parts(first)
        self.check_batch(samples, name)
        self.check_conditions(beside, name, len(samples))
        return x, beside

    def check_whole_batch(self, x, y):
        """Raise a sentence if a batch is not what the networks expect, in any of its rows."""
        x, y = self.as_arrays(x, y)
        lengths = [len(part) for part in keras.tree.flatten((x, y)) if hasattr(part, "shape")]
        self.check_first_batch(x, y, max(lengths, default=None))

    def check_batch(self, batch, name="x"):
        """Raise a sentence if `batch` is not what the networks expect."""
        self.samples.check(batch, self.image_shape, name)

    def check_conditions(self, beside, name, number):
        """Raise a sentence if what stands beside `number` samples is not what the networks read."""
        wanted, given = self.conditions, named(beside, self.conditions)
        if missing := [key for key in wanted if key not in given]:
            raise ValueError(
                f"{type(self).__name__} reads {', '.join(wanted)} beside the {self.samples.name}, "
                f"and {', '.join(missing)} is missing in `{name}`. {self._ways(missing)}"
            )
        for key, values in given.items():
            if len(values) != number:
                raise ValueError(
                    f"There are {number} {self.samples.name} in `{name}` and {len(values)} "
                    f"{key}: pass as many."
                )
            wanted[key].check(values, key)

    def _ways(self, missing):
        if len(self.conditions) == 1 and missing == ["labels"]:
            return (
                "Pass fit(images, labels), or a data set with labels: "
                '`keras_gans.data.images(folder, image_shape, labels="folders")`.'
            )
        return f"Pass a dict of {', '.join(self.conditions)} beside them: fit(images, {{...}})."

    def say_what_is_not_read(self, names):
        """Warn once of what the data hold and the networks do not read."""
        self.say_once(
            f"{type(self).__name__} reads {', '.join([self.samples.name, *self.conditions])} "
            f"alone: {', '.join(names)} is not used. Networks with an input of that name would "
            "read it."
        )

    def say_which_classes_have_none(self, x):
        """Warn once of the classes of which no sample can come, where labels are known beforehand.

        Of fewer than ten samples for each class nothing is said: one may have none by chance, as
        in a first try on a part of the data.
        """
        fields = x.fields_drawn()[0] if isinstance(x, ImageDataset) else {}
        samples = self.samples.name
        for name, ids in fields.items():
            spec = self.conditions.get(name)
            classes = spec.classes if spec and spec.kind == "labels" and not spec.shape else None
            if not classes or len(ids) < IMAGES_PER_CLASS * classes:
                continue
            counts = np.bincount(ids[ids >= 0], minlength=classes)[:classes]
            if counts.all():
                continue
            without = [str(spec.names[i] if spec.names else i) for i in np.flatnonzero(counts == 0)]
            more = [f"{len(without) - 5} others"] if without[5:] else []
            self.say_once(
                f"None of the {len(ids)} {samples} in `x` has {' or '.join(without[:5] + more)} "
                f"for its `{name}`, of {classes} classes: {type(self).__name__} cannot learn "
                "these, and what it makes or tells of them will mean nothing. Add some of each, or "
                "build networks for the classes that there are."
            )

    def say_once(self, sentence):
        """Warn of something that the next `fit` need not repeat."""
        if sentence not in self._compilation.told:
            self._compilation.told.add(sentence)
            warnings.warn(sentence, stacklevel=2)

    def learn_names(self, dataset):
        """Keep the names of the classes that a data set knows, where labels are read.

        Raises:
            ValueError: The networks have more classes or fewer, or the model knows other names.
        """
        names = getattr(dataset, "class_names", None)
        if "labels" not in self.conditions or not names:
            return
        name, classes = type(self).__name__, self.conditions["labels"].classes
        if classes not in (None, len(names)):
            raise ValueError(
                f"The networks of this {name} have {classes} classes, and the data name "
                f"{len(names)}: build networks for as many, or pass data whose `class_names` name "
                "each class of theirs."
            )
        pairs = itertools.zip_longest(self.class_names or names, names)
        for i, (known, came) in enumerate(pairs):
            if known != came:
                raise ValueError(
                    f"Class {i} of this {name} is {known!r}, and that of the data is {came!r}: its "
                    "id would stand for something else. Pass data with the `class_names` of the "
                    "model, in their order; to train it on other classes from here on, set "
                    "`model.class_names = None` first."
                )
        self.class_names = tuple(names)

    def refuse_weights(self, sample_weight=None, class_weight=None, **_):
        """Raise a sentence where samples or classes have weights."""
        for name, weights in (("sample_weight", sample_weight), ("class_weight", class_weight)):
            if weights is not None:
                raise ValueError(
                    f"{type(self).__name__} has no use for `{name}`: its losses are means over "
                    "real and generated images. Leave it out, or repeat images in the data."
                )


def with_rows(values, name):
    """Values as an array or a tensor with rows; a sentence where they are a single one."""
    array = as_array(values, name)
    if not len(array.shape):
        raise ValueError(
            f"Expected `{name}` to have one row for each sample, but it is one value, {values}. "
            "Pass an array of as many."
        )
    return array
