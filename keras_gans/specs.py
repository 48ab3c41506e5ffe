"""Spec: what one tensor is, for whoever checks, draws, shows or serves it."""

import dataclasses


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
