"""MS-SSIM among generated images: how alike they are."""

import keras
from keras import ops

from keras_gans.metrics.structural_similarity import (
    SCALES,
    SIDE,
    multi_scale_structural_similarity,
)
from keras_gans.metrics.values import NaNOfNothing, floats_of
from keras_gans.typing import DType, ImageArray


@keras.saving.register_keras_serializable(package="keras_gans")
class SampleSimilarity(NaNOfNothing, keras.metrics.Mean):
    """MS-SSIM of pairs of generated images: the higher, the more alike they are.

    A generator that has collapsed makes images whose MS-SSIM is near 1. What is low enough is what
    real images have among themselves: `SampleSimilarity().compare(None, real)`. The first half of
    each batch is compared with the second half, image by image. Images that are too small for all
    of the 5 scales are compared on as many as they have: their window is 11 pixels wide.

    Args:
        name: Name in the logs.
        dtype: As in `keras.metrics.Metric`.

    Raises:
        ValueError: Images of fewer than 11 pixels a side.

    Example:

    ```python
    model.compile(metrics=[keras_gans.metrics.SampleSimilarity()])
    model.evaluate(images, return_dict=True)["sample_ms_ssim"]
    ```

    References:
        Odena et al. 2017, arXiv:1610.09585, section 4.2.
    """

    def __init__(self, name: str | None = "sample_ms_ssim", dtype: DType | None = None):
        super().__init__(name=name, dtype=dtype)

    def update_state(self, y_true, y_pred, sample_weight=None):
        """Compare the two halves of a batch of generated images.

        Args:
            y_true: Not looked at.
            y_pred: Images, uint8 in [0, 255] or floats in [-1, 1].
            sample_weight: Must be `None`.
        """
        if sample_weight is not None:
            raise ValueError(f"{self.name} takes no sample weights: every pair counts once.")
        (images,) = floats_of(y_pred)
        half = ops.shape(images)[0] // 2
        pair = images[:half], images[half : 2 * half]
        scales = scales_of(min(images.shape[1:3]))
        super().update_state(multi_scale_structural_similarity(*pair, scales))

    def compare(self, real: ImageArray, fake: ImageArray, batch_size: int = 64) -> float:
        """The similarity of an array of images; whatever was accumulated before is cleared.

        Args:
            real: Not looked at.
            fake: Array of images as in `update_state`.
            batch_size: Even integer, images at a time.

        Returns:
            A float; NaN of fewer than two images.
        """
        self.reset_state()
        for start in range(0, len(fake), batch_size):
            self.update_state(None, fake[start : start + batch_size])
        return float(ops.convert_to_numpy(self.result()))


def scales_of(side):
    """How many scales images of so many pixels a side have, at least 1."""
    scales = 1
    while scales < len(SCALES) and side // 2**scales >= SIDE:
        scales += 1
    return scales
