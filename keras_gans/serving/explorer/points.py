"""Places among the latents, as the page names them."""

import math

import numpy as np

from keras_gans.latents import OnHost, host_seed
from keras_gans.serving.explorer.errors import RequestError

FARTHEST = 100


def latents_of(points, directions, sources, limits):
    """Latents for places that are named by seeds and steps along directions.

    Args:
        points: List of dicts: `seed`, an integer from 0 on; `to_seed`, another one, and
            `position`, where between the two, from 0 to 1; `amounts`, a list of how far to go
            along each direction. All but `seed` may be left out.
        directions: Array `(k, latent_dim)`.
        sources: Dict from names to sources of `keras_gans.latents`, which have latent_dim numbers
            together.
        limits: `Limits`.

    Returns:
        float32 array `(len(points), latent_dim)`. A seed alone is `model.draw_latents(1, seed)`.

    Raises:
        RequestError: Anything else, in a sentence.
    """
    if not isinstance(points, list) or not all(isinstance(point, dict) for point in points):
        raise RequestError("Expected a list of points, each an object with a seed.")
    if len(points) > limits.images:
        raise RequestError(
            f"{len(points):,} images were asked for; {limits.images} are the most at a time.", 429
        )
    latents = np.zeros((len(points), directions.shape[1]), "float32")
    for row, point in enumerate(points):
        ends = [
            drawn(point.get(name, point.get("seed")), name, sources) for name in ("seed", "to_seed")
        ]
        position = number(point.get("position", 0), "position", 0, 1)
        walks = [
            source.walk(*zs, [position])
            for source, *zs in zip(sources.values(), *ends, strict=True)
        ]
        latents[row] = np.concatenate(walks, axis=1)
        amounts = point.get("amounts", [])
        if not isinstance(amounts, list) or len(amounts) > len(directions):
            raise RequestError(f"Expected up to {len(directions)} amounts, one per direction.")
        for amount, direction in zip(amounts, directions, strict=False):
            latents[row] += number(amount, "amounts", -FARTHEST, FARTHEST) * direction
    return latents


def drawn(seed, name, sources):
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**53:
        raise RequestError(f"{name} must be a whole number from 0 on.")
    return [source.draw(OnHost(host_seed(n, seed)), 1)[0] for n, source in sources.items()]


def number(value, name, least, most, kinds=(int, float)):
    numeric = isinstance(value, kinds) and not isinstance(value, bool)
    if not numeric or not math.isfinite(value) or not least <= value <= most:
        what = "whole number" if kinds is int else "number"
        raise RequestError(f"{name} must be a {what} from {least} to {most}.")
    return value
