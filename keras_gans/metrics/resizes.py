"""The two resizes that published scores were computed with, exactly."""

import numpy as np
from keras import ops


def resize_exactly(images, size, resize):
    """Images of another size, to the rounding of float32 what the named program makes of them.

    Both are linear in the pixels, and along one axis at a time: two products with matrices that
    depend on the sizes alone, in the graph and on its device.

    "legacy" is the bilinear resize of TensorFlow 1, which the Inception graph of 2015 does itself
    and the early papers' scores contain. It looks at two pixels of each axis however far it
    shrinks, so large images alias, and it is a half pixel off.

    "clean" is Pillow's bicubic resize of each channel in floats, antialiased, as clean-fid does it:
    what overshoots is clipped, and nothing is rounded to whole levels afterwards. The tools take
    8-bit images, so pass uint8 to compare with their numbers: floats are not rounded here either.

    Args:
        images: Float tensor [n, height, width, channels] in [-1, 1]; height and width are known.
        size: (height, width).
        resize: "legacy" or "clean".

    Returns:
        float32 tensor [n, *size, channels] in [-1, 1].

    Raises:
        ValueError: A height or a width that is not known.

    Example:
        >>> resize_exactly(np.zeros((2, 32, 32, 3), "float32"), (299, 299), "clean").shape
        (2, 299, 299, 3)

    References:
        Parmar et al. 2022, On Aliased Resizing and Surprising Subtleties in GAN Evaluation,
        arXiv:2104.11222, section 3.
    """
    if None in images.shape[1:3]:
        raise ValueError(
            f'resize="{resize}" needs images of one known height and width, not of shape '
            f"{tuple(images.shape)}: resize them before the score."
        )
    rows, columns = (
        ops.convert_to_tensor(MATRICES[resize](given, wanted), "float32")
        for given, wanted in zip(images.shape[1:3], size, strict=True)
    )
    images = ops.einsum("xw,nhwc->nhxc", columns, images)
    images = ops.einsum("yh,nhxc->nyxc", rows, images)
    # Bilinear weights are no overshoot; Pillow's are.
    return ops.clip(images, -1.0, 1.0) if resize == "clean" else images


def legacy_matrix(given, wanted):
    """Weights [wanted, given] of TensorFlow 1's `resize_bilinear`, corners not aligned.

    The i-th output lies at i * given / wanted, between two inputs or on the last.
    """
    # In float32, as it counts: that moves shares by up to 1e-5.
    places = np.arange(wanted, dtype="float32") * np.float32(given / wanted)
    below = np.floor(places).astype(int)
    share = places - below
    matrix = np.zeros((wanted, given))
    np.add.at(matrix, (np.arange(wanted), below), 1 - share)
    np.add.at(matrix, (np.arange(wanted), np.minimum(below + 1, given - 1)), share)
    return matrix


def clean_matrix(given, wanted):
    """Weights [wanted, given] of Pillow's bicubic filter (a = -1/2), wider where it shrinks.

    At the borders the weights that are left are brought to the sum 1.
    """
    scale = given / wanted
    centres = (np.arange(wanted) + 0.5) * scale
    x = np.abs(np.arange(given) + 0.5 - centres[:, None]) / max(scale, 1.0)
    near = (1.5 * x - 2.5) * x**2 + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    matrix = np.where(x < 1, near, np.where(x < 2, far, 0.0))
    return matrix / matrix.sum(axis=1, keepdims=True)


MATRICES = {"legacy": legacy_matrix, "clean": clean_matrix}
