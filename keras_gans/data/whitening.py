"""Patches whose numbers are uncorrelated."""

import numpy as np


def whiten(patches: np.ndarray, like: np.ndarray | None = None, noise: float = 0.1) -> np.ndarray:
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
        ValueError: Patches of another size than those of `like`, with NaN, or that are all alike;
            another `noise`.

    Example:

    ```python
    photographs = keras_gans.data.super_resolution("photos/", scale=2, patch_size=24, channels=1)
    patches, _ = photographs.sample(20_000)  # uint8 (20000, 12, 12, 1), at half size
    whitened = keras_gans.data.whiten(patches)  # float32 (20000, 144)
    ```

    References:
        Bell and Sejnowski 1997, "The 'independent components' of natural scenes are edge filters",
        which names it ZCA; with a constant in Coates and Ng 2012, "Learning feature representations
        with K-means".
    """
    if not 0 < noise < np.inf:
        raise ValueError(f"Expected `noise` to be a number above 0, but it is {noise!r}.")
    patches = _without_means(patches)
    like = patches if like is None else _without_means(like)
    if like.shape[1] != patches.shape[1]:
        raise ValueError(
            f"Expected patches of the size of those in `like`, {like.shape[1]} numbers each, but "
            f"they have {patches.shape[1]}."
        )
    mean = like.mean(0)
    centred = like - mean
    covariance = centred.T @ centred / len(like)
    if not 0 < np.trace(covariance) < np.inf or not np.isfinite(patches).all():
        raise ValueError(
            f"Expected at least two patches that differ, of finite numbers, but the variance of "
            f"these {len(like)} is {np.trace(covariance):.3g}. Pass more patches, of more pictures."
        )
    variances, directions = np.linalg.eigh(covariance)
    scale = (variances.clip(0) + noise * variances.mean()) ** -0.5
    whitening = (directions * scale) @ directions.T
    return ((patches - mean) @ whitening).astype("float32")


def _without_means(patches):
    if np.ndim(patches) < 2 or not np.size(patches):
        raise ValueError(
            f"Expected patches (n, ...), but their shape is {list(np.shape(patches))}. Pass at "
            "least two."
        )
    flat = np.reshape(patches, (len(patches), -1)).astype("float64")
    return flat - flat.mean(1, keepdims=True)
