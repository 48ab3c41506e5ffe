"""L1 distance of pairs of images."""

import keras
from keras import ops

from keras_gans.metrics.values import NaNOfNothing, floats_of
from keras_gans.typing import DType


@keras.saving.register_keras_serializable(package="keras_gans")
class L1Distance(NaNOfNothing, keras.metrics.MeanMetricWrapper):
    """Mean absolute difference of images as a share of their range: 0 for equal ones, 1 at most.

    Args:
        name: Name in the logs.
        dtype: As in `keras.metrics.Metric`.

    Example:

    ```python
    model.compile(metrics=[keras_gans.metrics.L1Distance()])
    model.evaluate(sources, targets, return_dict=True)["l1_distance"]
    ```
    """

    def __init__(self, name: str | None = "l1_distance", dtype: DType | None = None):
        super().__init__(l1_distance, name=name, dtype=dtype)

    def get_config(self):
        return {"name": self.name, "dtype": self.dtype}


def l1_distance(real, fake):
    """L1 distance of each pair of images.

    Args:
        real: uint8 tensor `(n, height, width, channels)` in [0, 255], or floats in [-1, 1].
        fake: Likewise.

    Returns:
        float32 tensor `(n,)`.
    """
    real, fake = floats_of(real, fake)
    return ops.mean(ops.abs(real - fake), axis=(1, 2, 3)) / 2.0
