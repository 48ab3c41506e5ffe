"""Tools for latents: walks, arithmetic, directions, truncation and inversion.

They take any `LatentModel`, and its latents as `generate` does: arrays with a row for each sample,
or dicts of them where there are several sources.
"""

import functools
import itertools
import math
import statistics

import numpy as np
from keras import ops

from keras_gans.engine.chunks import check_whole_number, in_chunks
from keras_gans.engine.descent import Descent
from keras_gans.latents import Normal, OnHost, Source, host_seed, only_or_all
from keras_gans.latents import directions as of_images
from keras_gans.models import EncodingModel
from keras_gans.models.requests import rows_of

__all__ = [
    "along",
    "arithmetic",
    "direction",
    "invert",
    "principal_directions",
    "straight_walk",
    "truncated",
    "walk",
]

SAMPLES = 1024  # Images that principal directions are found in.
# What an inversion tries first: eight draws, by seeds that nobody generates the images by.
TRIED = range(2**31, 2**31 + 8)


def walk(model, latents, steps):
    """Latents on the way through several, as their sources walk it: N(0, 1) on great circles.

    Args:
        model: `LatentModel`.
        latents: Array of shape `(n, latent_dim)`, n >= 2, or a dict of them. To come back in the
            end, give the first once more.
        steps: Integer >= 2, latents from one to the next, both ends included.

    Returns:
        float32 array of shape `((n - 1) * (steps - 1) + 1, latent_dim)`, or a dict.

    Raises:
        ValueError: Less than two latents, or of another shape; or less than two steps.

    Example:

    ```python
    path = keras_gans.latent_tools.walk(model, model.draw_latents(4, seed=7), steps=8)
    images = model.generate(latents=path)
    ```

    References:
        White 2016, "Sampling Generative Networks", arXiv:1609.04468, section 2.1.
    """
    return _walk(model, latents, steps, lambda source: source.walk)


def straight_walk(model, latents, steps):
    """Latents on the straight lines through several.

    The middle of such a line is shorter than what N(0, 1) draws: its images are those of latents
    that the generator has hardly seen. Compare with `walk`.

    Args:
        model: See `walk`.
        latents: Likewise.
        steps: Likewise.

    Returns:
        As `walk`. Ids of classes jump in the middle, as there.

    Example:

    ```python
    path = keras_gans.latent_tools.straight_walk(model, model.draw_latents(4, seed=7), steps=8)
    ```

    References:
        Radford et al. 2016, arXiv:1511.06434, figure 4.
    """

    def way(source):
        return source.walk if is_of_ids(source) else functools.partial(Source.walk, source)

    return _walk(model, latents, steps, way)


def _walk(model, latents, steps, way):
    check_whole_number("steps", steps, 2)
    latents = model.checked_latents(latents)
    if number_of(latents) < 2:
        raise ValueError(
            f"A walk goes from one latent to another; there was {number_of(latents)}. Give two or "
            "more, as by model.draw_latents(2)."
        )
    positions = np.linspace(0.0, 1.0, steps)

    def path(name, z):
        walked = way(model.latents[name])
        legs = [walked(*ends, positions)[:-1] for ends in itertools.pairwise(z)]
        return np.concatenate([*legs, z[-1:]])

    return only_or_all({name: path(name, z) for name, z in latents.items()})


def arithmetic(model, plus, minus=()):
    """The sum of some mean latents less that of others, as long as what the model draws.

    A mean of latents keeps what their images have in common. That of many draws of N(0, 1) is by
    far shorter than they are, and a sum of means may be longer: the result is given the length
    sqrt(d) of draws. Of a `Uniform` source it is brought between its bounds; ids of classes are
    those that most of the first group have.

    Args:
        model: `LatentModel`.
        plus: List of groups of latents, one or more: arrays of shape `(n, latent_dim)`, or dicts.
        minus: List of groups whose means are subtracted.

    Returns:
        float32 array of shape `(1, latent_dim)`, for `generate`; or a dict.

    Raises:
        ValueError: No group to add, an empty one, or latents of another shape.

    Example:

    ```python
    latents = model.draw_latents(1000, seed=0)
    brightness = model.generate(latents=latents).mean((1, 2, 3))
    bright, dark = latents[brightness > 160], latents[brightness < 80]
    image = model.generate(latents=keras_gans.latent_tools.arithmetic(model, [bright], [dark]))
    ```

    References:
        Radford et al. 2016, arXiv:1511.06434, section 6.3.2 and figure 7.
    """
    plus, minus = ([groups_of(model, g) for g in groups] for groups in (plus, minus))
    if not plus:
        raise ValueError("Arithmetic starts from a group of latents to add: plus=[latents].")

    def result(name, source):
        if is_of_ids(source):
            return most_common(plus[0][name])
        total = sum(g[name].mean(0) for g in plus) - sum(g[name].mean(0) for g in minus)
        return usual(source, total)

    return only_or_all({name: result(name, source)[None] for name, source in model.latents.items()})


def direction(model, towards, away):
    """The way from the mean of some latents to that of others, of length 1.

    Args:
        model: `LatentModel`.
        towards: Array of shape `(n, latent_dim)`, or a dict: latents whose images have something.
        away: Likewise, of latents whose images have it not. Larger groups tell more: what the
            draws of a hundred have in common by chance is a tenth of one.

    Returns:
        float32 array of shape `(latent_dim,)`, for `along`; a dict where there are several sources
        of numbers, all of length 1 together. Ids of classes have no direction.

    Raises:
        ValueError: Groups that are empty, of other shapes, or have the same mean.

    Example:

    ```python
    latents = model.draw_latents(1000, seed=0)
    brightness = model.generate(latents=latents).mean((1, 2, 3))
    darker = keras_gans.latent_tools.direction(
        model, latents[brightness < 80], latents[brightness > 160]
    )
    ```

    References:
        Radford et al. 2016, arXiv:1511.06434, section 6.3.2 and figure 8.
    """
    layout = Layout(model.latents)
    towards, away = (layout.packed(groups_of(model, group)) for group in (towards, away))
    way = towards.mean(0, dtype="float64") - away.mean(0, dtype="float64")
    length = np.linalg.norm(way)
    if not length:
        raise ValueError("Both groups of latents have the same mean: no direction leads from it.")
    way = layout.unpacked((way / length).astype("float32")[None])
    return only_or_all({name: z[0] for name, z in way.items()})


def along(model, latents, direction, amounts):
    """Each of some latents, moved along a direction.

    Args:
        model: `LatentModel`.
        latents: Array of shape `(n, latent_dim)`, or a dict.
        direction: What `direction` returned, or a row of `principal_directions`.
        amounts: Array of shape `(m,)`: how far, in standard deviations of N(0, 1) where the
            direction has length 1.

    Returns:
        float32 array of shape `(n * m, latent_dim)`, or a dict: the first latent at all amounts,
        then the second. A `Uniform` source stays between its bounds.

    Raises:
        ValueError: Latents or a direction of another shape.

    Example:

    ```python
    directions, shares = keras_gans.latent_tools.principal_directions(model, 4)
    row = keras_gans.latent_tools.along(
        model, model.draw_latents(1, seed=7), directions[0], [-2, -1, 0, 1, 2]
    )
    images = model.generate(latents=row)
    ```
    """
    latents, direction = model.checked_latents(latents), model.latents_by_name(direction)
    amounts = np.asarray(amounts, "float32")

    def moved(name, z):
        source = model.latents[name]
        rows = np.repeat(z, len(amounts), axis=0)
        if name not in direction:
            return rows
        way = np.asarray(direction[name], "float32")
        if way.shape != source.shape:
            raise ValueError(
                f"A direction of {name} has the shape {source.shape}; this one has {way.shape}."
            )
        steps = np.tile(amounts, len(z)).reshape(-1, *[1] * way.ndim)
        return within(source, rows + steps * way)

    return only_or_all({name: moved(name, z) for name, z in latents.items()})


def principal_directions(model, number, **conditions):
    """The directions among latents along which the images change most.

    They are found in 1,024 images of drawn latents. Ids of classes are held: see `conditions`.

    Args:
        model: `LatentModel`.
        number: Integer >= 1, how many directions at most; fewer where images vary in fewer ways.
        **conditions: What `generate` reads beside latents, one value for all images; also latents
            of a source, by its name, that shall be held. Of a `Categorical` source that is not
            named the first class is.

    Returns:
        `(directions, shares)`: float32 array of shape `(k, latent_dim)`, each of length 1 and
        towards brighter images, for `along`; where there are several sources a list of dicts. And
        `(k,)`: how much of the images' variance each holds.

    Raises:
        ValueError: A condition that is missing, or latents that are ids alone.

    Example:

    ```python
    directions, shares = keras_gans.latent_tools.principal_directions(model, 4)
    ```

    References:
        Härkönen et al. 2020, "GANSpace: Discovering Interpretable GAN Controls",
        arXiv:2004.02546, section 2.2; the features are the pixels.
    """
    check_whole_number("number", number, 1)
    layout = Layout({n: source for n, source in model.latents.items() if n not in conditions})
    latents = model.latents_by_name(model.draw_latents(SAMPLES, seed=0))
    held = {n: np.zeros_like(z) for n, z in latents.items() if is_of_ids(model.latents[n])}
    latents |= held

    def features(start):
        some = only_or_all({n: z[start : start + 64] for n, z in latents.items()})
        images = model.generate(latents=some, **conditions)
        return of_images.shrink(images) if images.ndim == 4 else model.samples.vectors(images)

    seen = np.concatenate([features(start) for start in range(0, SAMPLES, 64)])
    ways, shares = of_images.principal_directions(layout.packed(latents), seen, number)
    if len(model.latents) == 1:
        return ways, shares
    return [{n: z[0] for n, z in layout.unpacked(way[None]).items()} for way in ways], shares


def truncated(model, latents, threshold, seed=None):
    """Latents of N(0, 1) in which all values beyond a threshold are drawn again.

    Images become more alike; those of some models become better, and those of others dark or
    saturated. What is drawn again is drawn from N(0, 1) between the thresholds: latents that the
    model has drawn then follow the truncated normal distribution.
    Sources that are not `Normal` keep their latents. To pull latents towards their mean needs no
    function: `psi * latents`. They are then all shorter than those that the generator has seen.

    Args:
        model: `LatentModel`.
        latents: Array of shape `(n, latent_dim)`, or a dict.
        threshold: Float > 0: beyond 2 there is one value in 22, beyond 0.5 more than half.
        seed: Integer >= 0, or `None` for other values at every call.

    Returns:
        float32 array of the same shape, or a dict.

    Raises:
        ValueError: Another threshold or seed, latents of another shape, or no `Normal` source.

    Example:

    ```python
    latents = keras_gans.latent_tools.truncated(model, model.draw_latents(16, seed=7), 1.0, seed=7)
    images = model.generate(latents=latents)
    ```

    References:
        Brock et al. 2019, "Large Scale GAN Training", arXiv:1809.11096, section 3.1.
    """
    if not threshold > 0:
        raise ValueError(f"The threshold of a truncation is above 0; it was {threshold!r}.")
    if seed is not None:
        check_whole_number("seed", seed, 0)
    if not any(isinstance(source, Normal) for source in model.latents.values()):
        raise ValueError(
            f"Truncation draws values of N(0, 1) again, and {type(model).__name__} has none: its "
            f"latents are {', '.join(map(str, model.latents.values()))}."
        )
    latents = model.checked_latents(latents)
    normal = statistics.NormalDist()
    least, most = normal.cdf(-threshold), normal.cdf(threshold)
    value_at = np.vectorize(normal.inv_cdf, otypes=["float32"])
    for name, z in latents.items():
        beyond = np.abs(z) > threshold
        if isinstance(model.latents[name], Normal) and beyond.any():
            # Of a stream of its own: the latents may come from the same seed.
            random = OnHost(host_seed(f"truncated {name}", seed))
            again = least + (most - least) * random.rng.random(np.count_nonzero(beyond))
            latents[name] = z.copy()
            latents[name][beyond] = np.clip(value_at(again), -threshold, threshold)
    return only_or_all(latents)


def invert(model, images, latents=None, steps=200, learning_rate=0.1, batch_size=64, **conditions):
    """The latents whose images are nearest to given ones, by gradient descent on the latents.

    Each image has a descent of its own, by Adam, on the squared difference of its pixels. It starts
    from `latents`; else from what the encoder says, where the model has one; else from the best
    of eight draws. The generator is the averaged one, where there is one, as in `generate`.
    Nothing of the model changes.

    Args:
        model: `LatentModel`.
        images: uint8 array of shape `(n, height, width, channels)`, or floats as `fit` takes them.
        latents: Array of shape `(n, latent_dim)` to start from, or a dict, or `None`.
        steps: Integer >= 0.
        learning_rate: Float > 0, of the first step; it falls to zero along half a cosine.
        batch_size: Integer >= 1, images at a time.
        **conditions: What the networks read beside, by name, as in `generate`.

    Returns:
        `(latents, errors)`: float32 array of shape `(n, latent_dim)`, or a dict, for `generate`;
        and `(n,)`, the mean squared difference of the pixels, as floats in [-1, 1]. Latents of a
        `Uniform` source stay between its bounds. Ids of a `Categorical` one have no gradient:
        they stay what they are at the start.

    Raises:
        ValueError: Images, latents or conditions of another shape or number, or latents that are
            ids alone.

    Example:

    ```python
    latents, errors = keras_gans.latent_tools.invert(model, images[:16])
    again = model.generate(latents=latents)
    between = model.generate(latents=keras_gans.latent_tools.walk(model, latents[:2], steps=8))
    ```

    References:
        Zhu et al. 2016, "Generative Visual Manipulation on the Natural Image Manifold",
        arXiv:1609.03552, section 3.1: by optimization, and from what a network predicts.
    """
    layout = Layout(model.latents)
    endpoint = model.endpoints()["from_latents"]
    kind, (made,) = model.samples, endpoint.outputs
    check_whole_number("steps", steps, 0)
    if not 0 < learning_rate < math.inf:
        raise ValueError(f"learning_rate is a number above 0; it was {learning_rate!r}.")
    images = np.asarray(images)
    kind.check(images, endpoint.outputs[made].shape, "images")
    encodes = isinstance(model, EncodingModel)
    of_encoder = model.conditions_of(model.encoder) if encodes else {}
    specs = {**of_encoder, **model.generator_conditions}
    rows = rows_of(model, "invert", specs, conditions, len(images))
    if latents is None and encodes:
        read = {name: row for name, row in rows.items() if name in of_encoder}
        latents = model.encode(images, batch_size, **read)
    start = {} if latents is None else model.checked_latents(latents)
    if start and number_of(start) != len(images):
        raise ValueError(
            f"There are {len(images)} images, and {number_of(start)} latents to start from: give "
            "one for each."
        )
    rows = {name: row for name, row in rows.items() if name in model.generator_conditions}

    def errors(moved, beside):
        tensors = {**beside["held"], **beside["conditions"], **layout.unpacked(moved)}
        difference = endpoint.function(**tensors)[made] - kind.to_floats(beside["images"])
        squares = ops.square(ops.cast(difference, "float32"))
        return ops.sum(squares, axis=tuple(range(1, len(squares.shape))))

    descent = Descent(errors, endpoint.networks)

    def inverted(chunk):
        z = chunk["start"] or best_of_draws(model, chunk["images"], chunk["conditions"])
        held = {name: ids for name, ids in z.items() if is_of_ids(model.latents[name])}
        beside = {"images": chunk["images"], "conditions": chunk["conditions"], "held": held}
        moved, error = descent.descend(
            layout.packed(z), beside, steps, learning_rate, *layout.bounds
        )
        return {**layout.unpacked(moved), **held, "errors": error / images[0].size}

    found = in_chunks(inverted, {"images": images, "conditions": rows, "start": start}, batch_size)
    errors = found.pop("errors")
    return only_or_all({name: found[name] for name in model.latents}), errors


def best_of_draws(model, images, conditions):
    """Of some draws for each image the one whose image is nearest to it: a dict of latents."""
    wanted, best, least = model.samples.to_floats(images), None, None
    for seed in TRIED:
        latents = model.latents_by_name(model.draw_latents(len(images), seed))
        made = model.generate(latents=only_or_all(latents), batch_size=len(images), **conditions)
        squares = ops.convert_to_numpy(ops.square(model.samples.to_floats(made) - wanted))
        errors = squares.reshape(len(images), -1).mean(1)
        if best is None:
            best, least = latents, errors
        nearer = errors < least
        least = np.where(nearer, errors, least)
        best = {
            name: np.where(nearer.reshape(-1, *[1] * (z.ndim - 1)), latents[name], z)
            for name, z in best.items()
        }
    return best


class Layout:
    """Where the numbers of several sources stand in one row; ids have no place in it."""

    def __init__(self, sources):
        self.sources = {n: source for n, source in sources.items() if not is_of_ids(source)}
        if not self.sources:
            raise ValueError(
                f"The latents are ids of classes ({', '.join(map(str, sources.values()))}), among "
                "which no direction leads anywhere: choose ids and compare their images."
            )
        self.sizes = [math.prod(source.shape) for source in self.sources.values()]

    @property
    def bounds(self):
        """float32 arrays of the least and the largest of each number; infinite where all go."""
        specs = [source.spec for source in self.sources.values()]
        lows = [-np.inf if spec.low is None else spec.low for spec in specs]
        highs = [np.inf if spec.high is None else spec.high for spec in specs]
        return tuple(np.repeat(np.array(x, "float32"), self.sizes) for x in (lows, highs))

    def packed(self, latents):
        """float32 array `(n, d)` of a dict of latents."""
        rows = [np.reshape(latents[name], (len(latents[name]), -1)) for name in self.sources]
        return np.concatenate(rows, axis=1)

    def unpacked(self, rows):
        """The dict of latents of an array, or a tensor, `(n, d)`."""
        reshape = np.reshape if isinstance(rows, np.ndarray) else ops.reshape
        ends = np.cumsum(self.sizes)
        return {
            name: reshape(rows[:, end - size : end], (-1, *source.shape))
            for (name, source), size, end in zip(
                self.sources.items(), self.sizes, ends, strict=True
            )
        }


def is_of_ids(source):
    return "int" in source.spec.dtype


def number_of(latents):
    return len(next(iter(latents.values())))


def groups_of(model, latents):
    group = model.checked_latents(latents)
    if not number_of(group):
        raise ValueError("A group of latents is empty, and has no mean: choose one or more.")
    return group


def most_common(ids):
    """Of each entry the id that most rows have."""
    flat = ids.reshape(len(ids), -1).T
    return np.array([np.bincount(i).argmax() for i in flat], ids.dtype).reshape(ids.shape[1:])


def usual(source, z):
    """Latents as likely as draws are: those of N(0, 1) of length sqrt(d)."""
    if isinstance(source, Normal):
        z = z * (math.sqrt(source.dim) / max(np.linalg.norm(z), np.finfo("float32").tiny))
    return within(source, z)


def within(source, z):
    """Latents between the bounds of a source that has any."""
    return np.clip(z, source.spec.low, source.spec.high).astype("float32")
