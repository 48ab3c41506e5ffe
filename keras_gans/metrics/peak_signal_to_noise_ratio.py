"""PSNR of pairs of images."""

import keras
from keras import ops

from keras_gans.metrics.luma import MeanOfComparedParts, compared_part
from keras_gans.metrics.values import floats_of
from keras_gans.typing import DType


@keras.saving.register_keras_serializable(package="keras_gans")
class PeakSignalToNoiseRatio(MeanOfComparedParts):
    """PSNR in decibels, the mean over images; higher is better.

    10 log10(1 / MSE) of each image, scaled to [0, 1]. Equal images count as 100 dB.

    Args:
        luma: Bool. Whether to compare the luma Y alone, as the tables of super-resolution do.
        border: Integer, pixels on each side that do not count; the scale, in those tables.
        name: Name in the logs, by default "psnr" or "psnr_y".
        dtype: As in `keras.metrics.Metric`.

    Example:

    ```python
    model.compile(metrics=[keras_gans.metrics.PeakSignalToNoiseRatio()])
    model.evaluate(sources, targets, return_dict=True)["psnr"]
    ```
    """

    def __init__(
        self,
        luma: bool = False,
        border: int = 0,
        name: str | None = None,
        dtype: DType | None = None,
    ):
        super().__init__(peak_signal_to_noise_ratio, "psnr", luma, border, name, dtype)


def peak_signal_to_noise_ratio(real, fake, luma=False, border=0):
    """PSNR of each pair of images.

    Args:
        real: uint8 tensor `(n, height, width, channels)` in [0, 255], or floats in [-1, 1].
        fake: Likewise.
        luma: See `PeakSignalToNoiseRatio`.
        border: Likewise.

    Returns:
        float32 tensor `(n,)`, decibels.
    """
    real, fake = (compared_part(images, luma, border) for images in floats_of(real, fake))
    error = ops.mean(ops.square(real - fake), axis=(1, 2, 3))
    return -10.0 * ops.log10(ops.maximum(error, 1e-10))
