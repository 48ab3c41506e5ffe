"""Patches whose numbers are uncorrelated."""

import numpy as np


def whiten(patches, like=None, noise=0.1):
    """Takes from patches what any two neighbouring pixels have in common.

    Each patch loses its mean, and the patches their mean patch; then x becomes
    x U (L + c)^(-1/2) U^T, where U L U^T is their covariance: zero-phase whitening (ZCA), whose
    results look like patches still. Without c, what photographs have least of, differences between
    neighbouring pixels, would be as strong as anything else, and most of it is noise.

    Args:
        patches: Array `(n, ...)` of any number of axes, uint8 or floats.
        like: Array `(m, ...)`, the patches whose mean and covariance are taken; `None` for
            `patches`. What a model is tried on is whitened like what it was trained on.
        noise: Float > 0: c, as a share of the mean of the diagonal of L.

    Returns:
        float32 array `(n, d)` of flat patches. The variance along a direction where that of patches
        is l is l / (l + c).

    Raises:
        ValueError: Patches of another size than those of `like`, or that are all flat.

    Example:

    ```python
    photographs = keras_gans.data.super_resolution("photos/", scale=2, patch_size=24, channels=1)
    patches, _ = photographs.sample(20_000)  # uint8 (20000, 12, 12, 1), at half size
    whitened = keras_gans.data.whiten(patches)  # float32 (20000, 144)
    ```

    References:
        Bell and Sejnowski 1997, "The 'independent components' of natural scenes are edge filters",
        equation 9; the constant is that of Coates, Ng and Lee 2011, section 3.1.2.
    """
    patches = _without_means(patches)
    like = patches if like is None else _without_means(like)
    if like.shape[1] != patches.shape[1] or not like.any():
        raise ValueError(
            f"Expected patches of one size in which not every pixel is alike; they have "
            f"{patches.shape[1]} and {like.shape[1]} numbers, from "
            f"{like.min()} to {like.max()} around the mean of each."
        )
    mean = like.mean(0)
    variances, directions = np.linalg.eigh(np.cov(like.T, bias=True))
    scale = (variances.clip(0) + noise * variances.mean()) ** -0.5
    whitening = (directions * scale) @ directions.T
    return ((patches - mean) @ whitening).astype("float32")


def _without_means(patches):
    flat = np.reshape(patches, (len(patches), -1)).astype("float64")
    return flat - flat.mean(1, keepdims=True)
