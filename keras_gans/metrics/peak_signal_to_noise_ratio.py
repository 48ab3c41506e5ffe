"""PSNR of pairs of images."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="keras_gans")
class PeakSignalToNoiseRatio(keras.metrics.MeanMetricWrapper):
    """PSNR in decibels, the mean over images; higher is better.

    10 log10(1 / MSE) of each image, scaled to [0, 1]. Equal images count as 100 dB.

    Args:
        name: Name in the logs.
        dtype: As in `keras.metrics.Metric`.

    Example:

    ```python
    model.compile(metrics=[keras_gans.metrics.PeakSignalToNoiseRatio()])
    model.evaluate(sources, targets, return_dict=True)["psnr"]
    ```
    """

    def __init__(self, name="psnr", dtype=None):
        super().__init__(peak_signal_to_noise_ratio, name=name, dtype=dtype)

    def get_config(self):
        return {"name": self.name, "dtype": self.dtype}


def peak_signal_to_noise_ratio(real, fake):
    """PSNR of each pair of images.

    Args:
        real: float tensor `(n, height, width, channels)` in [-1, 1].
        fake: Likewise.

    Returns:
        float32 tensor `(n,)`, decibels.
    """
    difference = (ops.cast(real, "float32") - ops.cast(fake, "float32")) / 2.0
    error = ops.mean(ops.square(difference), axis=(1, 2, 3))
    return -10.0 * ops.log10(ops.maximum(error, 1e-10))
