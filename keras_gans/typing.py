"""Names for what arguments are, in hints."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

__all__ = ["DType", "FilePath", "ImageArray", "Latents", "Number", "Shape", "Tensor"]

DType = str | keras.dtype_policies.DTypePolicy

FilePath = str | os.PathLike[str]

ImageArray = np.ndarray
"""`[n, height, width, channels]`: uint8 in [0, 255] or floats in [-1, 1]."""

Latents = np.ndarray | Mapping[str, np.ndarray]
"""`[n, latent_dim]`; a dict of such arrays by the names of their sources."""

Number = float | keras.optimizers.schedules.LearningRateSchedule
"""A number, or a schedule of it: of `keras_gans.schedules` or of Keras."""

Shape = Sequence[int | None]
"""Of one sample, `(height, width, channels)`; None where a function says that any may come."""

Tensor = Any
"""Of the backend that runs."""
