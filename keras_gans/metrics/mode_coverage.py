"""How many modes of a known mixture generated points cover, and how well."""

import keras
import numpy as np
from keras import ops

from keras_gans.typing import DType, ImageArray


@keras.saving.register_keras_serializable(package="keras_gans")
class ModeCoverage(keras.metrics.Metric):
    """Modes found, share of high quality, and reverse KL divergence over modes.

    Each generated point belongs to its nearest mode, and is of high quality within three standard
    deviations of it. Three numbers, in a dict by the names

        modes         the modes that have at least one point of high quality,
        high_quality  the share of all points that are of high quality,
        reverse_kl    KL(p || u) = sum over modes p log(p / u), where p is the share of points that
                      belong to a mode and u = 1 / number of modes.

    They depend on how many points are counted: the papers take 2,500. Of so many draws of the grid
    of 25 itself, `modes` is 25, `high_quality` 0.989 (three deviations in two dimensions) and
    `reverse_kl` 0.005. The state is counts, so batches may have any size. A point that is not
    finite belongs to no mode. Of no points at all every number is NaN.

    Args:
        modes: Centres, floats `(k, d)`, all equally frequent.
        std: Float, the deviation of each coordinate.
        deviations: Float, how many of them from its mode a point of high quality is at most.
        name: Put before the three names, with an underscore, where it is given.
        dtype: As in `keras.metrics.Metric`.

    Raises:
        ValueError: Centres that are no such array, a deviation that is not positive, or points of
            another dimension.

    Example:

    ```python
    toy = keras_gans.data.pacgan_grid
    coverage = keras_gans.metrics.ModeCoverage(toy.modes, toy.std)
    coverage.compare(None, model.generate(2500))  # {"modes": 25.0, ...}
    ```

    References:
        Lin et al. 2018, arXiv:1712.04086, section 4.1, after Srivastava et al. 2017,
        arXiv:1705.07761, section 4.1.
    """

    def __init__(
        self,
        modes: np.ndarray,
        std: float,
        deviations: float = 3.0,
        name: str | None = None,
        dtype: DType | None = None,
    ):
        super().__init__(name=name or "mode_coverage", dtype=dtype)
        self.modes = np.asarray(modes, "float32")
        self.std = std
        self.deviations = deviations
        if self.modes.ndim != 2 or not self.modes.size or not std > 0:
            raise ValueError(
                "Modes are counted by their centres (k, d) and a deviation above 0; they were of "
                f"shape {self.modes.shape} and {std!r}."
            )
        self._prefix = f"{name}_" if name else ""
        counts = {"dtype": "float32", "initializer": "zeros"}
        self.points = self.add_weight((), name="points", **counts)
        self.nearest = self.add_weight((len(self.modes),), name="nearest", **counts)
        self.good = self.add_weight((len(self.modes),), name="good", **counts)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Count a batch of generated points.

        Args:
            y_true: Not looked at.
            y_pred: Points, floats `(n, d)`.
            sample_weight: Must be `None`.
        """
        if sample_weight is not None:
            raise ValueError(f"{self.name} takes no sample weights: every point counts once.")
        if len(y_pred.shape) != 2 or y_pred.shape[1] != self.modes.shape[1]:
            raise ValueError(
                f"{self.name} was made for points of shape (n, {self.modes.shape[1]}); these have "
                f"the shape {tuple(y_pred.shape)}."
            )
        points = ops.cast(ops.convert_to_tensor(y_pred), "float32")
        squares = ops.sum(ops.square((points[:, None] - self.modes) / self.std), axis=-1)
        belongs = ops.one_hot(ops.argmin(squares, axis=1), len(self.modes), dtype="float32")
        finite = ops.all(ops.isfinite(points), axis=1, keepdims=True)
        # Selected, not multiplied: nothing comes of NaN.
        belongs = ops.where(finite, belongs, 0.0)
        good = ops.where(squares <= self.deviations**2, belongs, 0.0)
        self.points.assign_add(ops.cast(ops.shape(points)[0], "float32"))
        self.nearest.assign_add(ops.sum(belongs, axis=0))
        self.good.assign_add(ops.sum(good, axis=0))

    def result(self):
        """Dict of the three numbers; NaN of no points."""
        number, belonging = ops.cast(self.points, "float32"), ops.sum(self.nearest)
        share = self.nearest / belonging
        logs = ops.log(ops.maximum(share, 1e-30) * len(self.modes))
        found = ops.sum(ops.cast(self.good > 0, "float32"))
        return {
            f"{self._prefix}modes": ops.where(number > 0, found, float("nan")),
            f"{self._prefix}high_quality": ops.sum(self.good) / number,
            f"{self._prefix}reverse_kl": ops.sum(share * logs),
        }

    def compare(self, real: ImageArray, fake: ImageArray) -> dict[str, float]:
        """The numbers of an array of points; whatever was accumulated before is cleared.

        Args:
            real: Not looked at.
            fake: Array as in `update_state`.

        Returns:
            Dict of floats.
        """
        self.reset_state()
        self.update_state(None, fake)
        return {name: float(ops.convert_to_numpy(x)) for name, x in self.result().items()}

    def protocol(self):
        """What the numbers depend on, beside them: a dict to be written down with them."""
        return {
            **{name: float(ops.convert_to_numpy(x)) for name, x in self.result().items()},
            "points": int(ops.convert_to_numpy(self.points)),
            "of_modes": len(self.modes),
            "std": self.std,
            "deviations": self.deviations,
        }

    def get_config(self):
        return {
            "modes": self.modes.tolist(),
            "std": self.std,
            "deviations": self.deviations,
            "name": self._prefix[:-1] or None,
            "dtype": self.dtype,
        }
