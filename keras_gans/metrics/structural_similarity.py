"""SSIM and multi-scale SSIM of pairs of images."""

import keras
import numpy as np
from keras import ops

from keras_gans.metrics.luma import MeanOfComparedParts, compared_part
from keras_gans.metrics.values import NaNOfNothing, floats_of
from keras_gans.typing import DType

SIDE = 11
# Weights of the scales, finest first (Wang et al. 2003, section 3.2).
SCALES = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


@keras.saving.register_keras_serializable(package="keras_gans")
class StructuralSimilarity(MeanOfComparedParts):
    """SSIM, the mean over images, channels and places; 1 for equal images.

    A Gaussian window of 11 x 11 pixels and standard deviation 1.5, without padding; K1 = 0.01,
    K2 = 0.03; each channel by itself.

    Args:
        luma: Bool. Whether to compare the luma Y alone, as the tables of super-resolution do.
        border: Integer, pixels on each side that do not count; the scale, in those tables.
        name: Name in the logs, by default "ssim" or "ssim_y".
        dtype: As in `keras.metrics.Metric`.

    Example:

    ```python
    model.compile(metrics=[keras_gans.metrics.StructuralSimilarity()])
    model.evaluate(sources, targets, return_dict=True)["ssim"]
    ```

    References:
        Wang et al. 2004, "Image Quality Assessment: From Error Visibility to Structural
        Similarity", equation 13.
    """

    def __init__(
        self,
        luma: bool = False,
        border: int = 0,
        name: str | None = None,
        dtype: DType | None = None,
    ):
        super().__init__(structural_similarity, "ssim", luma, border, name, dtype)


@keras.saving.register_keras_serializable(package="keras_gans")
class MultiScaleStructuralSimilarity(NaNOfNothing, keras.metrics.MeanMetricWrapper):
    """MS-SSIM, the mean over images and channels; 1 for equal images.

    Args:
        scales: Integer from 1 to 5. Each halves the sides, and the last must still hold the
            window of 11 pixels: the paper's 5 need 176. With fewer, their weights are scaled to
            have the sum 1.
        name: Name in the logs.
        dtype: As in `keras.metrics.Metric`.

    Raises:
        ValueError: `scales` out of its range.

    References:
        Wang et al. 2003, "Multi-scale Structural Similarity for Image Quality Assessment",
        equation 7.
    """

    def __init__(self, scales: int = 5, name: str | None = "ms_ssim", dtype: DType | None = None):
        if not 1 <= scales <= len(SCALES):
            raise ValueError(f"scales lies from 1 to {len(SCALES)}; it was {scales!r}.")
        super().__init__(multi_scale_structural_similarity, name=name, dtype=dtype, scales=scales)
        self.scales = scales

    def get_config(self):
        return {"scales": self.scales, "name": self.name, "dtype": self.dtype}


def structural_similarity(real, fake, luma=False, border=0):
    """SSIM of each pair of images.

    Args:
        real: uint8 tensor `(n, height, width, channels)` in [0, 255], or floats in [-1, 1], with
            sides of at least 11.
        fake: Likewise.
        luma: See `StructuralSimilarity`.
        border: Likewise.

    Returns:
        float32 tensor `(n,)`.

    Raises:
        ValueError: Images smaller than the window.
    """
    real, fake = (compared_part(images, luma, border) for images in floats_of(real, fake))
    similarity, _ = similarity_maps(real, fake)
    return ops.mean(similarity, axis=(1, 2, 3))


def multi_scale_structural_similarity(real, fake, scales=5):
    """MS-SSIM of each pair of images; see `structural_similarity`.

    Args:
        real: uint8 tensor `(n, height, width, channels)` in [0, 255], or floats in [-1, 1].
        fake: Likewise.
        scales: Integer from 1 to 5.

    Returns:
        float32 tensor `(n,)`.
    """
    # The paper's own have the sum 1.0001, and every tool takes them as they are.
    weights = np.array(SCALES[:scales]) / (1 if scales == len(SCALES) else sum(SCALES[:scales]))
    real, fake = (compared_part(images) for images in floats_of(real, fake))
    product = 1.0
    for i, weight in enumerate(weights):
        if i:
            real, fake = (ops.average_pool(x, 2, 2, padding="valid") for x in (real, fake))
        similarity, contrast = similarity_maps(real, fake)
        term = similarity if i == scales - 1 else contrast
        # A negative mean has no root; it counts as no similarity at all.
        product *= ops.power(ops.relu(ops.mean(term, axis=(1, 2))), float(weight))
    return ops.mean(product, axis=-1)


def similarity_maps(real, fake):
    """The maps of the SSIM, and of its contrast and structure alone."""
    height, width, channels = real.shape[1:]
    if min(height or SIDE, width or SIDE) < SIDE:
        raise ValueError(
            f"SSIM looks through a window of {SIDE} pixels; the images have {height} x {width} "
            "(after halving, where there are several scales). Compare larger images, or fewer "
            "scales."
        )
    kernel = ops.tile(ops.reshape(window(), (SIDE, 1, 1, 1)), (1, 1, channels, 1))

    def blurred(x):
        rows = ops.depthwise_conv(x, kernel, padding="valid")
        return ops.depthwise_conv(rows, ops.transpose(kernel, (1, 0, 2, 3)), padding="valid")

    mean_r, mean_f = blurred(real), blurred(fake)
    variances = blurred(real**2 + fake**2) - mean_r**2 - mean_f**2
    covariance = blurred(real * fake) - mean_r * mean_f
    c1, c2 = 0.01**2, 0.03**2
    contrast = (2 * covariance + c2) / (variances + c2)
    luminance = (2 * mean_r * mean_f + c1) / (mean_r**2 + mean_f**2 + c1)
    return luminance * contrast, contrast


def window():
    """The Gaussian window along one axis, with the sum 1."""
    x = np.arange(SIDE) - SIDE // 2
    gaussian = np.exp(-(x**2) / (2 * 1.5**2))
    return ops.convert_to_tensor(gaussian / gaussian.sum(), "float32")
