"""What the scores of super-resolution look at: the luma Y, without the border."""

import keras
from keras import ops

from keras_gans.metrics.values import NaNOfNothing

# ITU-R BT.601 for red, green and blue in [0, 1], in 8-bit steps; black is 16 and white 235.
WEIGHTS, BLACK = (65.481, 128.553, 24.966), 16.0


class MeanOfComparedParts(NaNOfNothing, keras.metrics.MeanMetricWrapper):
    """The mean of a score of pairs of images, of their luma or without their border where asked.

    Args:
        score: Function of two images, `luma` and `border`.
        name: Name of the score; the luma's ends with "_y" where none is given.
        luma: See `compared_part`.
        border: Likewise.
        own_name: Name in the logs, or `None`.
        dtype: As in `keras.metrics.Metric`.
    """

    def __init__(self, score, name, luma, border, own_name, dtype):
        name = own_name or (f"{name}_y" if luma else name)
        super().__init__(score, name=name, dtype=dtype, luma=luma, border=border)
        self.luma = luma
        self.border = border

    def get_config(self):
        own = {"luma": self.luma, "border": self.border}
        return {**own, "name": self.name, "dtype": self.dtype}


def compared_part(images, luma=False, border=0):
    """Images in [-1, 1] as float32 in [0, 1], as scores compare them.

    Args:
        images: float tensor `(n, height, width, channels)` in [-1, 1].
        luma: Bool. Whether to keep the luma of colour images alone, as MATLAB's `rgb2ycbcr` and the
            tables of super-resolution have it; grey images are compared as they are.
        border: Integer, pixels on each side that do not count: the scale, in those tables.

    Returns:
        float32 tensor `(n, height, width, channels or 1)`.

    Raises:
        ValueError: Images of which the border leaves nothing.
    """
    images = (ops.cast(images, "float32") + 1.0) / 2.0
    if luma and images.shape[-1] > 1:
        weights = ops.convert_to_tensor([w / 255.0 for w in WEIGHTS], "float32")
        images = ops.sum(images[..., :3] * weights, axis=-1, keepdims=True) + BLACK / 255.0
    if not border:
        return images
    if any(side is not None and side <= 2 * border for side in images.shape[1:3]):
        raise ValueError(
            f"A border of {border} pixels leaves nothing of images of {images.shape[1]} x "
            f"{images.shape[2]}. Compare larger ones."
        )
    return images[:, border:-border, border:-border]
