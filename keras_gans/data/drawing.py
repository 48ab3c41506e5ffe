"""Images that are drawn more or less often than once in a pass."""

import numpy as np


class BalancedDraw:
    """Draws rows of each class equally often; rows without a label are not drawn.

    Args:
        labels: int32 [n], ids of classes; -1 for none.

    Raises:
        ValueError: No row has a label.

    Example:

    ```python
    import numpy as np
    from keras_gans.data.drawing import BalancedDraw

    draw = BalancedDraw(np.array([0, 0, 0, 1], "int32"))
    draw(np.random.default_rng(0), 4)  # 3 twice, and two of 0, 1 and 2
    ```
    """

    def __init__(self, labels):
        rows = np.argsort(labels, kind="stable")
        self.rows = rows[labels[rows] >= 0]
        if not self.rows.size:
            raise ValueError(
                f"Expected labels to balance the classes by, but all {len(labels)} images are "
                "without one (-1). Label some, or leave `balanced` out."
            )
        _, self.starts, self.counts = np.unique(
            labels[self.rows], return_index=True, return_counts=True
        )

    def __call__(self, rng, n):
        """`n` rows: int64, with a `numpy.random.Generator`."""
        classes = len(self.starts)
        # Which classes come once more than others changes from pass to pass.
        drawn = rng.permutation((np.arange(n) + rng.integers(classes)) % classes)
        return self.rows[self.starts[drawn] + rng.integers(0, self.counts[drawn])]


class WeightedDraw:
    """Draws rows as often as their weights say.

    Args:
        weights: Floats [n] >= 0, of any sum above 0.

    Raises:
        ValueError: Weights that are negative, NaN or infinite, or all 0.

    Example:

    ```python
    import numpy as np
    from keras_gans.data.drawing import WeightedDraw

    draw = WeightedDraw(np.array([0.0, 3.0, 1.0]))
    draw(np.random.default_rng(0), 4)  # 1 three times as often as 2
    ```
    """

    def __init__(self, weights):
        weights = np.asarray(weights, "float64")
        total = weights.sum()
        if not (weights.size and weights.min() >= 0 and 0 < total < np.inf):
            raise ValueError(
                f"Expected `weights` to be finite, at least 0 and not all 0, but they range from "
                f"{weights.min(initial=np.inf):.4g} to {weights.max(initial=-np.inf):.4g}. Leave "
                "out images by the weight 0."
            )
        self.rows = np.flatnonzero(weights)  # Those that can come.
        up_to = np.cumsum(weights)
        self.up_to = up_to / up_to[-1]

    def __call__(self, rng, n):
        """`n` rows: int64, with a `numpy.random.Generator`."""
        return np.searchsorted(self.up_to, rng.random(n), side="right")


def draw_by(balanced, weights, labels, class_names, n):
    """How each pass is drawn: a `BalancedDraw`, a `WeightedDraw`, or None for all images once.

    Args:
        balanced: Whether each class comes equally often.
        weights: Array [n], or a dict from ids or names of classes to the weight of each of their
            images, which is 1 for the others; or None.
        labels: int32 [n], or None where there are none.
        class_names: Tuple of strings, or None.
        n: How many images there are.

    Raises:
        ValueError: Both, classes without labels, weights of unknown classes or of another number
            of images.
    """
    if not balanced and weights is None:
        return None
    if balanced and weights is not None:
        raise ValueError(
            "`balanced` and `weights` both say how often images are drawn. Leave one of them out."
        )
    by_class = balanced or isinstance(weights, dict)
    if by_class and (labels is None or labels.ndim != 1 or labels.dtype != "int32"):
        raise ValueError(
            f"Expected `labels`, one id for each image, to draw by class, but "
            f"{'there are none' if labels is None else 'they are no ids'}. Pass them, or `weights` "
            "of all images."
        )
    if balanced:
        return BalancedDraw(labels)
    if isinstance(weights, dict):
        weights = _weights_of_images(weights, labels, class_names or ())
    if np.shape(weights) != (n,):
        raise ValueError(
            f"Expected `weights` to be one number for each of the {n} images, or a dict by class, "
            f"but their shape is {list(np.shape(weights))}."
        )
    return WeightedDraw(weights)


def _weights_of_images(weights, labels, class_names):
    ids = {name: i for i, name in enumerate(class_names)}
    by_id = {ids.get(name, name): weight for name, weight in weights.items()}
    classes, places = np.unique(labels, return_inverse=True)
    unknown = [name for name in by_id if name not in classes.tolist()]
    if unknown:
        known = list(class_names) or classes.tolist()
        raise ValueError(
            f"Expected `weights` of classes that there are, but no image is of {unknown[0]!r}. The "
            f"classes are {', '.join(map(str, known[:10]))}{', ...' if known[10:] else ''}."
        )
    return np.array([by_id.get(i, 1.0) for i in classes.tolist()], "float64")[places]
