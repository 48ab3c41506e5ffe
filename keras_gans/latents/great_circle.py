"""Ways between two latents."""

import numpy as np


def great_circle(start, end, positions):
    """Latents on the great circle from `start` to `end` (spherical interpolation).

    Their lengths go from one's to the other's, so that every latent on the way is as likely under
    N(0, 1) as its ends are; on the straight line those in the middle would be short.

    Args:
        start: Array of shape `(latent_dim,)`, or `(n, latent_dim)` for a way at each position.
        end: Array of the same shape.
        positions: Array of shape `(n,)`: 0 is the start, 1 the end.

    Returns:
        float32 array of shape `(n, latent_dim)`.

    References:
        White 2016, "Sampling Generative Networks", arXiv:1609.04468, section 2.1.
    """
    start, end = np.asarray(start, "float64"), np.asarray(end, "float64")
    t = np.asarray(positions, "float64")[:, None]
    lengths = [np.linalg.norm(x, axis=-1, keepdims=True) for x in (start, end)]
    least = np.finfo("float64").tiny
    cosine = (start * end).sum(-1, keepdims=True) / np.maximum(lengths[0] * lengths[1], least)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    sine = np.sin(angle)
    # Where one is zero, or they are parallel, there is no great circle of their own.
    straight = (np.minimum(*lengths) == 0) | (sine < 1e-6)
    sine = np.where(straight, 1.0, sine)
    directions = [
        x / np.maximum(length, least) for x, length in zip((start, end), lengths, strict=True)
    ]
    turned = np.sin((1 - t) * angle) * directions[0] + np.sin(t * angle) * directions[1]
    turned = turned / sine * ((1 - t) * lengths[0] + t * lengths[1])
    return np.where(straight, (1 - t) * start + t * end, turned).astype("float32")
