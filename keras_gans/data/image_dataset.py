"""A finite, reproducibly shuffled data set of images, and of what else is known of each."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from keras_gans.data.conversion import to_uint8
from keras_gans.data.drawing import draw_by
from keras_gans.data.fields import as_class_names, as_fields
from keras_gans.typing import ImageArray


class ImageDataset(keras.utils.PyDataset):
    """Batches of images in an order that follows from the seed and the epoch alone.

    A batch is an array of images; where there are `fields`, it is `(images, {name: rows})`.

    `dataset[i]` is a pure function of `(seed, epoch, i)`. Under a plain `fit` every image comes
    once an epoch and a new permutation each epoch. For an order that repeats exactly, in a resumed
    run too, Keras needs two arguments, because `fit` shuffles the batches of a `PyDataset` from
    Python's global random state unless told not to, and because its hooks also run around batches
    that it only looks at:

    ```python
    model.fit(dataset, epochs=3, shuffle=False, callbacks=[SetEpoch(dataset)])
    ```

    Without `SetEpoch`, `on_epoch_end` advances `epoch` after each pass that handed out every
    batch. That numbers the epochs of `fit` the same way, except where Keras's look ahead already
    reads the whole set (a set of one batch under JAX or PyTorch, a few under `MirroredStrategy`:
    it starts at epoch 1), and except where the object also is the validation data (each
    validation is a pass).

    There is no `workers`: the images are decoded, a batch is one indexing operation. Keras's
    worker pool would also hand out the batches that it looked at before the first epoch again,
    in every epoch in the place of the next ones (on JAX and PyTorch).

    Args:
        images: uint8 [n, height, width, channels] in [0, 255], or floats in [-1, 1].
        batch_size: Images in a batch.
        fields: Dict from names to arrays [n, ...], whose rows come with their images: "labels"
            are the ids of classes [n], -1 for none, or numbers [n, k]; others, such as a "pose",
            are whatever a network asks for by that name. Integers become int32.
        class_names: What the ids in "labels" stand for, in their order; or None.
        balanced: Whether each class comes equally often, give or take one image, in each pass: its
            images are drawn with replacement, those without a label never. A pass keeps its length.
        weights: How often images are drawn, with replacement: floats >= 0 [n], or a dict from
            names or ids of classes to the weight of each of their images, 1 for the others.
        shuffle: Whether each epoch is a permutation; otherwise each is the order of `images`.
        seed: Non-negative int. Pass p over the images, which is epoch p where each epoch has all of
            them, has the order `np.random.default_rng([seed, p]).permutation(n)`.
        drop_remainder: Whether a last batch that is not full is left out.
        images_per_epoch: How many images an epoch has, of which callbacks see the end: a part of a
            large set, or several passes over a small one. Each epoch begins where the last one
            ended. None for all images.
        flip: Whether to mirror half of the images, others in each pass; which follows from the
            seed. Fields that are images [n, height, width, channels] are mirrored with them.

    Raises:
        ValueError: There is not one batch; fields of another length, or with NaN; labels below -1.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import ImageDataset

    dataset = ImageDataset(np.zeros((10, 28, 28, 1), "uint8"), batch_size=4)
    len(dataset)  # 3
    dataset[2].shape  # (2, 28, 28, 1)
    dataset.epoch = 5  # The next pass is that of epoch 5.

    labelled = ImageDataset(dataset.images, fields={"labels": np.arange(10) % 3}, balanced=True)
    images, fields = labelled[0]
    fields["labels"].shape  # (10,)
    ```
    """

    unit = "images"

    def __init__(
        self,
        images: ImageArray,
        batch_size: int = 64,
        *,
        fields: Mapping[str, Any] | None = None,
        class_names: Sequence[str] | None = None,
        balanced: bool = False,
        weights: np.ndarray | Mapping[Any, float] | None = None,
        shuffle: bool = True,
        seed: int = 0,
        drop_remainder: bool = False,
        images_per_epoch: int | None = None,
        flip: bool = False,
    ):
        super().__init__()
        self.images = images
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = seed
        self.drop_remainder = drop_remainder
        self._images_per_epoch = images_per_epoch
        self.flip = flip
        self.epoch = 0
        self._passes = {}
        self._handed_out = set()
        self._within_pass = False
        if batch_size < 1 or len(self) == 0:
            raise ValueError(
                f"Expected at least one batch of {batch_size} images, but there are "
                f"{self.images_per_epoch} images in an epoch. Pass more images or a smaller "
                "positive `batch_size`."
            )
        self.fields = as_fields(fields or {}, self.num_images)
        labels = self.fields.get("labels")
        self.class_names = as_class_names(class_names, labels)
        self._drawn_by = draw_by(balanced, weights, labels, self.class_names, self.num_images)
        if self._drawn_by is not None and not shuffle:
            raise ValueError(
                "`balanced` and `weights` draw images at random, which shuffle=False rules out. "
                "Leave one of them out."
            )

    def __repr__(self):
        known = f"with {', '.join(self.fields)}, " if self.fields else ""
        return (
            f"{type(self).__name__}({self.num_images} {self.unit} of shape {self.image_shape}, "
            f"{known}batch_size={self.batch_size}, {len(self)} batches, shuffle={self.shuffle}, "
            f"seed={self.seed})"
        )

    def fields_drawn(self):
        """The rows of the fields that can come: `(dict of arrays, how many there are)`."""
        if self._drawn_by is None:
            return self.fields, self.num_images
        rows = self._drawn_by.rows
        return {name: array[rows] for name, array in self.fields.items()}, len(rows)

    @property
    def with_replacement(self):
        """Whether a pass is drawn with replacement, not a permutation of all images."""
        return self._drawn_by is not None

    def weighted(self, weights):
        """The same data set whose images are drawn as often as the floats `weights` [n] say."""
        drawn = copy.copy(self)
        drawn._passes, drawn._handed_out = {}, set()
        drawn._drawn_by = draw_by(False, weights, None, None, self.num_images)
        return drawn

    @property
    def arrays(self):
        """Every array of images that batches are taken from."""
        return (self.images,)

    @property
    def num_images(self):
        """How many different images there are."""
        return len(self.images)

    @property
    def images_per_epoch(self):
        """How many images come in an epoch."""
        return self.num_images if self._images_per_epoch is None else self._images_per_epoch

    @property
    def image_shape(self):
        """`(height, width, channels)`."""
        return tuple(self.images.shape[1:])

    @property
    def batch_sizes(self):
        """The numbers of images that batches have: a set."""
        rest = self.images_per_epoch % self.batch_size
        rests = {rest} if rest and not self.drop_remainder else set()
        return rests | ({self.batch_size} if self.images_per_epoch >= self.batch_size else set())

    def __len__(self):
        full, rest = divmod(max(0, self.images_per_epoch), self.batch_size)
        return full if self.drop_remainder or not rest else full + 1

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(
                f"Expected the index of one of {len(self)} batches, but it is {index}. Batches "
                "count from 0."
            )
        self._handed_out.add(index)
        return self.batch(self.epoch, index)

    def batch(self, epoch, index):
        """The batch number `index` of `epoch`, handed out or not."""
        return self.stretch(*self._ends_of_batch(epoch, index))

    def rows_of_batch(self, epoch, index):
        """The part of `order(epoch)` that a batch is made of."""
        return self._places(*self._ends_of_batch(epoch, index))[0]

    def _ends_of_batch(self, epoch, index):
        size = self.images_per_epoch
        start = epoch * size + index * self.batch_size
        return start, min(start + self.batch_size, (epoch + 1) * size)

    def stretch(self, start, stop, prepare=np.asarray):
        """The batch of the images from number `start` to `stop` of all passes in a row.

        Args:
            start: Integer.
            stop: Integer.
            prepare: Function of an array of images, by which those of the batch are changed.
        """
        places = self._places(start, stop)
        images = prepare(self._taken(self.images, *places))
        if not self.fields:
            return images
        return images, {name: self._taken(rows, *places) for name, rows in self.fields.items()}

    def _taken(self, array, rows, mirrored):
        taken = np.asarray(array[rows])
        if self.flip and taken.ndim == 4:
            taken[mirrored] = taken[mirrored, :, ::-1]
        return taken

    def order(self, epoch):
        """The indices of the images in the order of `epoch`: int64 [images_per_epoch]."""
        size = self.images_per_epoch
        return self._places(epoch * size, (epoch + 1) * size)[0]

    def _places(self, start, stop):
        """Of the images from `start` to `stop` the indices, and whether each one is mirrored."""
        n = self.num_images
        pieces = [
            [part[max(start - number * n, 0) : stop - number * n] for part in self._pass(number)]
            for number in range(start // n, -(-stop // n))
        ]
        return [np.concatenate(parts) for parts in zip(*pieces, strict=True)]

    def _pass(self, number):
        drawn = self._passes.get(number)
        if drawn is None:
            # The last word keeps it apart from the stream of the order.
            rng = np.random.default_rng([self.seed, number, 1])
            mirrored = rng.integers(0, 2, self.num_images).astype(bool)
            drawn = self.order_of_pass(number), mirrored
            # A batch may lie in two passes.
            self._passes = {**dict([*self._passes.items()][-1:]), number: drawn}
        return drawn

    def order_of_pass(self, number):
        """The indices of all images in the order of one pass over them, or of those drawn: [n]."""
        if not self.shuffle:
            return np.arange(self.num_images)
        rng = np.random.default_rng([self.seed, number])
        if self._drawn_by is not None:
            return self._drawn_by(rng, self.num_images)
        return rng.permutation(self.num_images)

    def on_epoch_begin(self):
        """Called by Keras before a pass."""
        self._within_pass = True

    def on_epoch_end(self):
        """Called by Keras after a pass, and once before the first: advances after whole ones.

        A pass that was broken off, or that `steps_per_epoch` spreads over several epochs, keeps
        its permutation.
        """
        whole = len(self._handed_out) == len(self)
        if whole and self._within_pass:
            self.epoch += 1
        if whole or not self._within_pass:
            self._handed_out.clear()
        self._within_pass = False

    def sample(self, n: int, seed: int = 0) -> np.ndarray:
        """Draws different images, independently of the epoch.

        Args:
            n: How many, at most `num_images`.
            seed: Non-negative int; the same seed draws the same images.

        Returns:
            uint8 array [n, height, width, channels].

        Raises:
            ValueError: `n` is larger than `num_images`.
        """
        (rows,) = draw_rows([self.num_images], n, seed)
        return to_uint8(np.asarray(self.images[rows]))

    def sample_with_fields(self, n: int, seed: int = 0) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Draws the images that `sample` draws, with their fields.

        Args:
            n: As in `sample`.
            seed: As in `sample`.

        Returns:
            `(images, {name: rows})`.

        Raises:
            ValueError: As in `sample`.
        """
        images, (rows,) = self.sample(n, seed), draw_rows([self.num_images], n, seed)
        return images, {name: np.asarray(array[rows]) for name, array in self.fields.items()}


def draw_rows(sizes, n, seed):
    """Rows of `n` different images of each of some collections, as many as `sizes` says."""
    if n > min(sizes):
        raise ValueError(
            f"Expected to draw at most {min(sizes)} different images, but `n` is {n}. Draw fewer."
        )
    rng = np.random.default_rng(seed)
    return [rng.choice(size, n, replace=False) for size in sizes]


class SetEpoch(keras.callbacks.Callback):
    """Gives an `ImageDataset` the number of the epoch that `fit` is about to begin.

    With it, and with `fit(shuffle=False)`, epoch e of `fit` is exactly epoch e of the data set:
    also after `initial_epoch`, after `BackupAndRestore`, and when `fit` is called again.

    Args:
        dataset: The `ImageDataset` that `fit` trains on.

    Example:

    ```python
    import numpy as np
    from keras_gans.data import ImageDataset, SetEpoch

    dataset = ImageDataset(np.zeros((10, 28, 28, 1), "uint8"))
    callbacks = [SetEpoch(dataset)]
    ```
    """

    def __init__(self, dataset: ImageDataset):
        super().__init__()
        self.dataset = dataset

    def on_epoch_begin(self, epoch, logs=None):
        self.dataset.epoch = epoch
