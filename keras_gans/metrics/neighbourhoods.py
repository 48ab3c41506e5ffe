"""Precision and recall, density and coverage: scores of two sets by the neighbours of features."""

import numpy as np

from keras_gans.neighbours import Squares, nearest_with_distances


def precision_recall(real, fake, k=3):
    """How much of what is made lies where real samples lie, and the other way round.

    The manifold of a set is the union of balls about its samples, each of which reaches to the
    k-th nearest other sample of the set. Precision is the share of fakes in the manifold of the
    real ones, recall the share of real ones in the manifold of the fakes. Balls are closed.

    Args:
        real: Array of features `(n, d)`, n > k.
        fake: Array of features `(m, d)`, m > k.
        k: Integer >= 1.

    Returns:
        `(precision, recall)`, floats in [0, 1]; NaN where a feature is not finite.

    Raises:
        ValueError: Too few samples, or features of different lengths.

    Example:
        >>> real, fake = np.random.default_rng(0).normal(size=(2, 500, 8))
        >>> precision, recall = precision_recall(real, fake)

    References:
        Kynkaanniemi et al. 2019, arXiv:1904.06991, equations 1 and 2.
    """
    real, fake = _checked(real, fake, k, both=True)
    if not _finite(real, fake):
        return float("nan"), float("nan")
    squares = Squares(real, fake)
    of_real, of_fake = radii(real, k), radii(fake, k)
    precise, recalled = np.zeros(len(fake), bool), np.zeros(len(real), bool)
    for rows, quick, error in squares.blocks():

        def exact(i, j, rows=rows):
            return squares.exact_distances(rows[i], j)

        recalled[rows] = _in_a_ball(quick, of_fake, squares.of(of_fake), error, exact)
        (left,) = np.nonzero(~precise)
        precise[left] = _in_a_ball(
            quick[:, left].T,
            of_real[rows],
            squares.of(of_real[rows]),
            error,
            lambda j, i, left=left, exact=exact: exact(i, left[j]),
        )
    return float(precise.mean()), float(recalled.mean())


def density_coverage(real, fake, k=5):
    """In how many balls about real samples fakes lie, and how many of the balls hold one.

    The balls about real samples reach to, but do not include, the k-th nearest other real sample.
    Density is the mean number of balls that a fake lies in, divided by k: about 1 for fakes of the
    same distribution, and more where they crowd in its densest parts. Coverage is the share of
    balls with a fake inside. The two do not trust the balls of outliers among fakes as recall does.

    Args:
        real: Array of features `(n, d)`, n > k.
        fake: Array of features `(m, d)`, m >= 1.
        k: Integer >= 1.

    Returns:
        `(density, coverage)`, floats, not negative; NaN where a feature is not finite.

    Raises:
        ValueError: Too few samples, or features of different lengths.

    Example:
        >>> real, fake = np.random.default_rng(0).normal(size=(2, 500, 8))
        >>> density, coverage = density_coverage(real, fake)

    References:
        Naeem et al. 2020, arXiv:2002.09797, equations 3 and 4; that balls are open is from the
        authors' code: so a set has density and coverage 1 to itself.
    """
    real, fake = _checked(real, fake, k, both=False)
    if not _finite(real, fake):
        return float("nan"), float("nan")
    squares = Squares(real, fake)
    of_real = radii(real, k)
    counts = np.zeros(len(real), "int64")
    for rows, quick, error in squares.blocks():
        radius = of_real[rows]
        limit = squares.of(radius)[:, None]
        inside = quick < (limit - error).astype("float32")
        # No point is nearer than zero.
        doubtful = (quick < (limit + error).astype("float32")) & ~inside & (limit > 0)
        i, j = np.nonzero(doubtful)
        inside[i, j] = squares.exact_distances(rows[i], j) < radius[i]
        counts[rows] = np.count_nonzero(inside, axis=1)
    return float(counts.sum() / (k * len(fake))), float((counts > 0).mean())


def radii(features, k):
    """How far the k-th nearest other row is from each: float64 array `(n,)`.

    Args:
        features: Array `(n, d)`, n > k.
        k: Integer.
    """
    # Each row is among its nearest, at no distance.
    return nearest_with_distances(features, features, k + 1)[1][:, -1]


def _in_a_ball(quick, radius, limit, error, exact):
    """Which rows lie in a closed ball about some column.

    Args:
        quick: float32 array `(b, n)` of squared distances.
        radius: Array `(n,)`, of the ball about each column.
        limit: Array `(n,)`, its square.
        error: By how much `quick` is off at most.
        exact: Function from rows and columns to their distances.
    """
    found = (quick <= (limit - error).astype("float32")).any(axis=1)
    (left,) = np.nonzero(~found)
    margins = quick[left] - limit.astype("float32")
    # The likeliest first: of many equal columns it is enough to ask for one.
    likeliest = margins.argmin(axis=1)
    found[left] = exact(left, likeliest) <= radius[likeliest]
    i, j = np.nonzero((margins <= 2 * error) & ~found[left, None])
    found[left[i[exact(left[i], j) <= radius[j]]]] = True
    return found


def _checked(real, fake, k, both):
    real, fake = np.asarray(real), np.asarray(fake)
    if real.ndim != 2 or fake.ndim != 2 or real.shape[1] != fake.shape[1]:
        raise ValueError(
            "Features are two arrays (n, d) and (m, d) from one extractor; these have the shapes "
            f"{real.shape} and {fake.shape}."
        )
    fewest = min(len(real), len(fake)) if both else len(real)
    if not 1 <= k < fewest or not len(fake):
        raise ValueError(
            f"The k-th nearest other sample is sought, k={k}, among {len(real)} real and "
            f"{len(fake)} generated ones: give more than k, or a smaller k."
        )
    return real, fake


def _finite(*sets):
    return all(np.isfinite(x).all() for x in sets)
