"""Three grey images as the channels of one: a thousand modes of any ten classes."""

from typing import Any

import numpy as np

from keras_gans.data.image_dataset import ImageDataset
from keras_gans.typing import ImageArray


class StackedImages(ImageDataset):
    """Images whose three channels are three grey images, drawn at random from all.

    Of ten classes there are 1,000 triples, so that lost modes can be counted; see
    `keras_gans.metrics.StackedModeCoverage`. Stacked MNIST is `StackedImages` of MNIST. A stack is
    three numbers until its batch is made.

    Args:
        images: Grey images, uint8 [n, height, width, 1], or floats in [-1, 1].
        labels: Integers [n] from 0 on, the classes of the images, or None. With c classes, a
            stack of the classes i, j and k has the label (i c + j) c + k.
        batch_size: Integer.
        num_stacks: Integer, how many different triples are drawn; the papers have 128,000.
        seed: Non-negative int, of the triples and of the orders.
        **options: Others of `ImageDataset`.

    Raises:
        ValueError: Images that are not grey.

    Example:

    ```python
    images, labels = keras_gans.data.fashion_mnist()
    stacks = keras_gans.data.StackedImages(images, labels)
    pictures, fields = stacks[0]  # (64, 28, 28, 3) and {"labels": (64,)}
    ```

    References:
        Metz et al. 2017, arXiv:1611.02163, section 3.3.1; Srivastava et al. 2017,
        arXiv:1705.07761, section 4.2.
    """

    unit = "stacks"

    def __init__(
        self,
        images: ImageArray,
        labels: np.ndarray | None = None,
        batch_size: int = 64,
        *,
        num_stacks: int = 128_000,
        seed: int = 0,
        **options: Any,
    ):
        if images.ndim != 4 or images.shape[3] != 1:
            raise ValueError(
                "Grey images [n, height, width, 1] are stacked; these have the shape "
                f"{list(images.shape)}."
            )
        # The last word keeps it apart from the streams of the orders.
        rng = np.random.default_rng([seed, 0, 2])
        members = rng.integers(len(images), size=(num_stacks, 3))
        fields = {}
        if labels is not None:
            labels = np.asarray(labels).astype("int32")
            classes = labels.max() + 1
            fields["labels"] = labels[members] @ np.array([classes**2, classes, 1], "int32")
        stacks: Any = Stacks(images, members)
        super().__init__(stacks, batch_size, fields=fields, seed=seed, **options)

    @property
    def arrays(self):
        """The grey images: what there is to be checked."""
        return (self.images.grey,)


class Stacks:
    """An array of stacks that makes those rows which are asked for."""

    def __init__(self, grey, members):
        self.grey = grey
        self.members = members
        self.shape = (len(members), *grey.shape[1:3], members.shape[1])
        self.dtype = grey.dtype

    def __len__(self):
        return len(self.members)

    def __getitem__(self, rows):
        members = self.members[rows]
        return np.concatenate([self.grey[members[..., i]] for i in range(3)], axis=-1)
