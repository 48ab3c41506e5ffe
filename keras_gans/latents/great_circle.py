"""Ways between two latents."""

import numpy as np


def great_circle(start, end, positions):
    """Latents on the great circle from `start` to `end` (spherical interpolation).

    Their lengths go from one's to the other's, so that every latent on the way is as likely under
    N(0, 1) as its ends are; on the straight line those in the middle would be short.

    Args:
        start: Array of shape `(latent_dim,)`.
        end: Array of shape `(latent_dim,)`.
        positions: Array of shape `(n,)`: 0 is the start, 1 the end.

    Returns:
        float32 array of shape `(n, latent_dim)`.

    References:
        White 2016, "Sampling Generative Networks", arXiv:1609.04468, section 2.1.
    """
    start, end = np.asarray(start, "float64"), np.asarray(end, "float64")
    lengths = np.linalg.norm(start), np.linalg.norm(end)
    t = np.asarray(positions, "float64")[:, None]
    cosine = start @ end / max(lengths[0] * lengths[1], np.finfo("float64").tiny)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    if min(lengths) == 0 or np.sin(angle) < 1e-6:  # No great circle of their own.
        path = (1 - t) * start + t * end
    else:
        directions = start / lengths[0], end / lengths[1]
        path = np.sin((1 - t) * angle) * directions[0] + np.sin(t * angle) * directions[1]
        path = path / np.sin(angle) * ((1 - t) * lengths[0] + t * lengths[1])
    return path.astype("float32")
