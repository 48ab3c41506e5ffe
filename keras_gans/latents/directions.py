"""The directions among latents along which the images change most."""

import numpy as np

SIDE = 32  # Pixels that images are averaged to before they are compared.


def principal_directions(latents, images, number):
    """Directions of latents that go with the principal components of their images.

    The images may come from anywhere: nothing of the generator is known but what it made of the
    latents. Each principal component gives every image a coordinate; the latents are regressed on
    these, one component at a time, for the coordinates are uncorrelated.

    Args:
        latents: Array `(n, latent_dim)`, drawn from N(0, 1); a thousand do.
        images: Array `(n, ...)`, the image of each.
        number: Integer, how many directions at most; fewer where the images vary in fewer ways.

    Returns:
        `(directions, shares)`: float32 arrays `(k, latent_dim)`, of length 1 each and towards
        brighter images, and `(k,)`: how much of the images' variance each component holds.

    Example:

    ```python
    latents = model.draw_latents(1024, seed=0)
    directions, shares = principal_directions(latents, model.generate(latents=latents), 8)
    ```

    References:
        Härkönen et al. 2020, "GANSpace: Discovering Interpretable GAN Controls",
        arXiv:2004.02546, section 2.2: components of features, and the regression (3) that takes
        them to latents. The features are the pixels here.
    """
    latents = np.asarray(latents, "float64")
    pixels = np.asarray(images, "float64").reshape(len(images), -1)
    pixels = pixels - pixels.mean(axis=0)
    # There are fewer images than pixels: the smaller of the two products has the same components.
    variances, coordinates = np.linalg.eigh(pixels @ pixels.T)
    order = np.argsort(variances)[::-1][: min(number, latents.shape[1])]
    order = order[variances[order] > 1e-9 * max(variances.sum(), 1e-9)]
    coordinates = coordinates[:, order]
    coordinates = coordinates * np.where(pixels.sum(axis=1) @ coordinates < 0, -1.0, 1.0)
    directions = coordinates.T @ (latents - latents.mean(axis=0))
    directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    shares = variances[order] / max(variances.sum(), 1e-9)
    return directions.astype("float32"), shares.astype("float32")


def shrink(images, side=SIDE):
    """Images averaged over squares of pixels, so that no side is twice as long as `side`.

    Args:
        images: uint8 array `(n, height, width, channels)`.
        side: Integer.

    Returns:
        float32 array `(n, height / k, width / k, channels)` for a whole k.
    """
    n, height, width, channels = images.shape
    k = max(1, min(height, width) // side)
    rows, columns = height // k, width // k
    cut = images[:, : rows * k, : columns * k].astype("float32")
    return cut.reshape(n, rows, k, columns, k, channels).mean(axis=(2, 4))
