"""Spec: what one tensor is, for whoever checks, draws, shows or serves it."""

import dataclasses

import numpy as np

from keras_gans.data.checks import check_images


@dataclasses.dataclass(frozen=True)
class Spec:
    """One tensor as users hand it over or get it.

    Args:
        kind: String: "images", "labels", "vector", "latents", "points", "videos", "volumes",
            "symbols", "count" or "seed".
        shape: Tuple: the shape of one element, without the batch; None where a side is open.
        dtype: String.
        low: The smallest value, or `None`.
        high: The largest value, or `None`.
        names: Names of the classes that ids stand for.

    Example:

    ```python
    Spec("labels", (), "int32", low=0, high=9)
    ```
    """

    kind: str
    shape: tuple
    dtype: str
    low: float | None = None
    high: float | None = None
    names: tuple = ()

    @property
    def classes(self):
        """How many classes labels have; `None` where nobody knows."""
        return None if self.high is None else int(self.high) + 1

    def check(self, values, name):
        """Raise a sentence if an array of values, or of ids, is something else.

        Args:
            values: Array `(n, ...)`.
            name: What the sentence calls it.

        Raises:
            ValueError: Another shape, dtype or range, NaN or infinite values.
        """
        if self.kind == "images":
            check_images(values, self.shape, name)
            return
        shape = tuple(values.shape)
        fits = len(shape) == len(self.shape) + 1 and all(
            wanted in (None, came) for wanted, came in zip(self.shape, shape[1:], strict=True)
        )
        if not fits:
            one_hot = self.shape == () and len(shape) == 2
            remedy = " Of one-hot rows take `.argmax(1)`." if one_hot and shape[1] > 1 else ""
            remedy = " Take `[:, 0]` of it." if one_hot and shape[1] == 1 else remedy
            raise ValueError(
                f"Expected `{name}` to have the shape {written('n', *self.shape)}, but it is "
                f"{written(*shape)}.{remedy}"
            )
        if "int" in self.dtype:
            if not np.issubdtype(values.dtype, np.integer):
                remedy = 'Convert it, as with `.astype("int32")`.'
                if all(isinstance(value, str) for value in values.ravel().tolist()):
                    remedy = (
                        "Number the classes from 0, as by "
                        f"`np.unique({name}, return_inverse=True)[1]`."
                    )
                raise ValueError(
                    f"Expected `{name}` to hold whole numbers, such as int32, but its dtype is "
                    f"{values.dtype}. {remedy}"
                )
        elif values.dtype.kind in "OSU":
            raise ValueError(
                f"Expected `{name}` to hold numbers, but its dtype is {values.dtype}. Convert it, "
                'as with `.astype("float32")`.'
            )
        elif not np.isfinite(values).all():
            raise ValueError(
                f"Expected `{name}` to be finite; it holds NaN or infinite values. Find where they "
                "come from, or leave those rows out."
            )
        self._check_range(values, name)

    def _check_range(self, values, name):
        if not values.size:
            return
        low, high = values.min(), values.max()
        if "int" in self.dtype and high > np.iinfo(self.dtype).max:
            raise ValueError(f"Expected `{name}` to fit {self.dtype}, but {high} is one.")
        above = self.high is not None and high > self.high
        if (self.low is None or low >= self.low) and not above:
            return
        wrong = high if above else low
        remedy = ""
        if self.kind == "labels":
            remedy = " Pass ids of classes that the networks know, which are numbered from 0."
        if wrong == -1:
            remedy = " -1 stands for no label, which this model has no use for: leave it out."
        raise ValueError(
            f"Expected `{name}` to hold values {self._range()}, but {wrong} is one.{remedy}"
        )

    def _range(self):
        if self.high is None:
            return f"from {self.low} on"
        named = f", one of {len(self.names)} classes" if self.names else ""
        return f"from {self.low} to {self.high}{named}"


def written(*shape):
    """A shape as users write it."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"
