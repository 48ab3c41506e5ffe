"""Gaussians fitted to features, and the Frechet distance between two of them."""

import numpy as np


def gaussian_statistics(features):
    """The Gaussian that fits features, in float64.

    Args:
        features: Array [n, d], n >= 1.

    Returns:
        (mean [d], covariance [d, d], n), the covariance with ddof=1 as in np.cov; NaN for n = 1.

    Example:
        >>> mean, covariance, n = gaussian_statistics([[0.0, 1.0], [2.0, 1.0]])
        >>> covariance
        array([[2., 0.],
               [0., 0.]])
    """
    features = np.asarray(features, "float64")
    n, mean = len(features), features.mean(axis=0)
    centred = features - mean
    return mean, _divided(centred.T @ centred, n), n


def gaussian_from_sums(count, total, outer):
    """(mean, covariance) from the number, the sum [d] and the summed outer products [d, d]."""
    count, total, outer = (np.asarray(value, "float64") for value in (count, total, outer))
    mean = total / count if count else np.full_like(total, np.nan)
    return mean, _divided(outer - np.outer(mean, total), count)


def _divided(scatter, n):
    return scatter / (n - 1) if n > 1 else np.full_like(scatter, np.nan)


def frechet_distance(mean1, cov1, mean2, cov2):
    """Squared Frechet (2-Wasserstein) distance between two Gaussians, in float64.

    |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)). The covariances may be singular.

    Args:
        mean1, mean2: Arrays [d].
        cov1, cov2: Symmetric arrays [d, d] without negative eigenvalues, but for round-off.

    Returns:
        A float, not negative; NaN where an argument is not finite.

    Example:
        >>> frechet_distance([0.0], [[1.0]], [3.0], [[4.0]])
        10.0

    References:
        Dowson and Landau 1982, The Frechet distance between multivariate normal distributions.
    """
    mean1, cov1, mean2, cov2 = (np.asarray(a, "float64") for a in (mean1, cov1, mean2, cov2))
    if not all(np.isfinite(a).all() for a in (mean1, cov1, mean2, cov2)):
        return float("nan")
    # The eigenvalues of S1 S2 are the squared singular values of A^T B, where S1 = A A^T and
    # S2 = B B^T. Their sum taken from there keeps every digit that S1 S2 would lose by squaring,
    # and has no imaginary part.
    product = _factor(cov1).T @ _factor(cov2)
    squares = np.linalg.eigvalsh(product.T @ product)
    if squares[0] > 1e-10 * squares[-1]:  # None so small that squaring costs digits of the sum.
        root = np.sqrt(squares).sum()
    else:
        root = np.linalg.norm(product, ord="nuc")
    distance = np.sum((mean1 - mean2) ** 2) + np.trace(cov1) + np.trace(cov2) - 2 * root
    return max(float(distance), 0.0)


def _factor(covariance):
    """A of A A^T: Cholesky's, several times as fast, where the covariance is not singular."""
    least = len(covariance) * np.finfo("float64").eps
    try:
        factor = np.linalg.cholesky(covariance)
        pivots = np.diagonal(factor) ** 2
        if pivots.min() > least * pivots.max():
            return factor
    except np.linalg.LinAlgError:
        pass
    values, vectors = np.linalg.eigh(covariance)
    # Fewer images than features: what should be zero is round-off, whose root would not be small.
    values[values < values.max() * least] = 0.0
    return vectors * np.sqrt(values)
