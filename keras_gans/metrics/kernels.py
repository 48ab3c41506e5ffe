"""Kernels, and the discrepancy of two sets of features in the space of one."""

import functools

import numpy as np

# Rows at a time: matrices of kernels are never whole in memory. Larger blocks take new pages of
# memory each time, and are slower.
BLOCK = 256
OF_MEDIAN = 2000  # Images whose distances the median is of.


def polynomial_kernel(x, y, degree=3, middle=None):
    """(x . y / d + 1)^degree of all pairs, as the kernel distance has it.

    Of float32 arrays, which features are, the products x . y are float32, too: their errors have
    either sign, and a mean over a thousand times a thousand pairs hardly has any. That holds of
    features around zero: of others take off a `middle` before. Powers are float64, for the
    differences of such means are small.

    Args:
        x: Array [n, d].
        y: Array [m, d].
        degree: Integer.
        middle: Array [d] that was taken off `x` and `y`; the kernel is that of both with it.

    Returns:
        float64 array [n, m].

    References:
        Binkowski et al. 2018, arXiv:1801.01401, section 4.
    """
    size = x.shape[1]
    kernel = np.multiply(x @ y.T, 1 / size, dtype="float64")
    kernel += 1
    if middle is not None:
        # (x + m) . (y + m) = x . y + x . m + (y + m) . m
        kernel += (x @ middle)[:, None].astype("float64") / size
        kernel += ((y @ middle).astype("float64") + np.square(middle, dtype="float64").sum()) / size
    # By numpy's `**` a power takes longer than the products.
    return functools.reduce(np.multiply, [kernel] * degree)


def gaussian_kernel(x, y, bandwidths):
    """Sum over bandwidths s of exp(-|x - y|^2 / (2 s^2)), of all pairs.

    Args:
        x: Array [n, d].
        y: Array [m, d].
        bandwidths: Floats above 0.

    Returns:
        float64 array [n, m].
    """
    squares = squared_distances(x, y)
    return sum(np.exp(squares / (-2 * bandwidth**2)) for bandwidth in bandwidths)


def squared_distances(x, y):
    """|x - y|^2 of all pairs, float64 [n, m], not negative."""
    x, y = np.asarray(x, "float64"), np.asarray(y, "float64")
    # Around their own middle vectors are shorter, and less is lost where they are subtracted.
    middle = y.mean(axis=0)
    x, y = x - middle, y - middle
    squares = (x**2).sum(1)[:, None] + (y**2).sum(1) - 2 * x @ y.T
    return np.maximum(squares, 0.0)


def median_distance(x, seed=0):
    """The median heuristic: the median Euclidean distance of pairs, for a bandwidth.

    Args:
        x: Array [n, d]; of more than 2,000 rows that of as many, drawn at random.
        seed: Integer, of the draw.

    Returns:
        A float. Pairs of duplicates do not count; NaN where there are no others.

    References:
        Gretton et al. 2012, A Kernel Two-Sample Test, JMLR 13, section 8.
    """
    if len(x) > OF_MEDIAN:
        x = x[np.random.default_rng(seed).permutation(len(x))[:OF_MEDIAN]]
    squares = squared_distances(x, x)[np.triu_indices(len(x), 1)]
    # What remains of the length of equal vectors is round-off.
    apart = squares[squares > 1e-12 * squares.max(initial=0.0)]
    return float(np.median(np.sqrt(apart))) if apart.size else float("nan")


def squared_discrepancy(x, y, kernel, biased=False):
    """The squared maximum mean discrepancy of two sets, in blocks.

    Unbiased, with n of x and m of y,

        1/(n(n-1)) sum_{i != j} k(x_i, x_j) + 1/(m(m-1)) sum_{i != j} k(y_i, y_j)
        - 2/(nm) sum_{i, j} k(x_i, y_j),

    which is 0 in the mean where both sets are of one distribution, and may be negative. Biased,
    all pairs count, n^2 and m^2 of them: it is the squared distance of the means of both sets in
    the space of the kernel, and not negative.

    Args:
        x: Array [n, d].
        y: Array [m, d].
        kernel: Function from two arrays of rows to the kernel of all pairs.
        biased: Bool.

    Returns:
        A float; NaN of fewer images than pairs need.

    Example:
        >>> squared_discrepancy([[0.0]], [[1.0]], lambda a, b: a @ b.T, biased=True)
        1.0

    References:
        Gretton et al. 2012, A Kernel Two-Sample Test, JMLR 13, equations 3 and 5.
    """
    x, y = np.asarray(x), np.asarray(y)
    if min(len(x), len(y)) < (1 if biased else 2):
        return float("nan")
    within = sum(_mean_within(each, kernel, biased) for each in (x, y))
    across = sum(kernel(a, b).sum() for a in _blocks(x) for b in _blocks(y))
    squared = float(within - 2 * across / (len(x) * len(y)))
    return max(squared, 0.0) if biased else squared


def _mean_within(x, kernel, biased):
    total, blocks = 0.0, _blocks(x)
    for i, a in enumerate(blocks):
        own = kernel(a, a)
        total += own.sum() - (0.0 if biased else np.trace(own))
        # Kernels are symmetric: each pair of blocks once.
        total += 2 * sum(kernel(a, b).sum() for b in blocks[:i])
    return total / (len(x) * (len(x) - (0 if biased else 1)))


def _blocks(x):
    return [x[start : start + BLOCK] for start in range(0, len(x), BLOCK)]
