"""Neighbours: what is most alike, by binary codes and by distances."""

import numpy as np

__all__ = [
    "binary_codes",
    "nearest_by_distance",
    "nearest_by_hamming",
    "nearest_with_distances",
    "precision",
]

AT_ONCE = 2**22  # Distances in memory at a time.


def binary_codes(codes):
    """Codes in [0, 1] rounded, as bits.

    Args:
        codes: Float array `(n, bits)`, such as `encode` makes by a `hashing_encoder`.

    Returns:
        uint8 array `(n, ceil(bits / 8))`, eight bits in each; what is left of the last is zero.

    Example:

    ```python
    addresses = binary_codes(model.encode(images))
    ```
    """
    return np.packbits(np.asarray(codes) > 0.5, axis=1)


def nearest_by_hamming(queries, codes, count):
    """The binary codes that differ from each query in the fewest bits.

    Args:
        queries: uint8 array `(m, bytes)` of `binary_codes`.
        codes: uint8 array `(n, bytes)`.
        count: Integer from 1 to n.

    Returns:
        int64 array `(m, count)`, indices of `codes`, the nearest first; of equally near ones those
        that come first.

    Raises:
        ValueError: Codes of another length, or another count.
    """
    fill = [(0, 0), (0, -codes.shape[1] % 8)]
    words = np.pad(codes, fill).view("uint64")

    def distances(some):
        return sum(
            np.bitwise_count(one[:, None] ^ other).astype("int64")
            for one, other in zip(np.pad(some, fill).view("uint64").T, words.T, strict=True)
        )

    return _nearest(queries, codes, count, distances)


def nearest_by_distance(queries, vectors, count):
    """The vectors whose Euclidean distance to each query is the smallest.

    Args:
        queries: Array `(m, d)`.
        vectors: Array `(n, d)`.
        count: Integer from 1 to n.

    Returns:
        int64 array `(m, count)`, indices of `vectors`, the nearest first.

    Raises:
        ValueError: Vectors of another length, or another count.
    """
    return nearest_with_distances(queries, vectors, count)[0]


def nearest_with_distances(queries, vectors, count):
    """What `nearest_by_distance` finds, and how far it is.

    Args:
        queries: Array `(m, d)`.
        vectors: Array `(n, d)`.
        count: Integer from 1 to n.

    Returns:
        int64 array `(m, count)`, indices of `vectors`, the nearest first, and float64 array
        `(m, count)`, their distances, which lose no digit where rows are nearly equal.

    Raises:
        ValueError: Vectors of another length, or another count.

    Example:
        >>> nearest_with_distances(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [1.0, 0.0]]), 2)
        (array([[1, 0]]), array([[1., 5.]]))
    """
    queries, vectors = np.asarray(queries), np.asarray(vectors)
    _check(queries, vectors, count)
    squares = Squares(queries, vectors)
    found = np.empty((len(queries), count), "int64")
    distances = np.empty((len(queries), count))
    for rows, quick, error in squares.blocks():
        near = np.argpartition(quick, count - 1, axis=1)[:, :count]
        exact = squares.exact_distances(rows[:, None], near)
        # The quick ones cannot tell whether others are as near. None is nearer than zero.
        farthest = exact.max(axis=1)
        doubtful = quick <= (squares.of(farthest) + error).astype("float32")[:, None]
        for i in np.flatnonzero((np.count_nonzero(doubtful, axis=1) > count) & (farthest > 0)):
            (columns,) = np.nonzero(doubtful[i])
            of_all = squares.exact_distances(rows[i], columns)
            first = np.argsort(of_all, kind="stable")[:count]
            near[i], exact[i] = columns[first], of_all[first]
        order = np.argsort(exact, axis=1, kind="stable")
        found[rows] = np.take_along_axis(near, order, 1)
        distances[rows] = np.take_along_axis(exact, order, 1)
    return found, distances


class Squares:
    """Squares of Euclidean distances between the rows of two arrays.

    All of them quickly: a product of matrices in float32, |a|^2 + |b|^2 - 2ab, which loses the
    digits of small distances, but is never off by more than a known error. What that leaves in
    doubt can be asked for exactly.

    Args:
        queries: Array `(m, d)` of finite numbers, m >= 1.
        vectors: Array `(n, d)`, likewise.
    """

    def __init__(self, queries, vectors):
        self.queries, self.vectors = queries, vectors
        # The error goes with squares of lengths, which are small when taken from the middle.
        self._middle = vectors.mean(axis=0, dtype="float64")
        ends = [end for x in (queries, vectors) for end in (x.min(axis=0), x.max(axis=0))]
        largest = max(np.abs(end - self._middle).max(initial=0) for end in ends)
        # Nothing is too large or too small for float32 then; a power of two rounds nothing.
        self._unit = 2.0 ** np.frexp(largest)[1]

    def of(self, distances):
        """Squares of distances as `blocks` has them."""
        return np.square(distances / self._unit)

    def blocks(self):
        """The squares, some queries at a time, each over that of one unit.

        Yields:
            Indices of the queries `(b,)`, float32 array `(b, n)`, and its largest error.
        """
        size = max(1, AT_ONCE // len(self.vectors))
        # |b|^2 is a column beside b, and |a|^2 beside a, so that the product adds them, too.
        others = np.ones((len(self.vectors), self.vectors.shape[1] + 2), "float32")
        for start in range(0, len(others), size):
            some = slice(start, start + size)
            others[some, :-2], others[some, -1] = self._small(self.vectors[some])
        longest = others[:, -1].max()
        for start in range(0, len(self.queries), size):
            small, lengths = self._small(self.queries[start : start + size])
            ones = np.ones_like(lengths)
            quick = np.column_stack([-2 * small, lengths, ones]) @ others.T
            error = (2 * small.shape[1] + 16) * np.finfo("float32").eps * (lengths.max() + longest)
            yield start + np.arange(len(small)), quick, error

    def _small(self, rows):
        small = ((rows - self._middle) / self._unit).astype("float32")
        return small, np.einsum("nd,nd->n", small, small)

    def exact_distances(self, i, j):
        """Distances between queries `i` and vectors `j`, which are broadcast: float64."""
        i, j = np.broadcast_arrays(i, j)
        squares = np.empty(i.size)
        size = max(1, AT_ONCE // (self.vectors.shape[1] or 1))
        for start in range(0, i.size, size):
            a, b = i.flat[start : start + size], j.flat[start : start + size]
            differences = self.queries[a].astype("float64") - self.vectors[b]
            differences /= self._unit
            squares[start : start + size] = np.einsum("nd,nd->n", differences, differences)
        return np.sqrt(squares.reshape(i.shape)) * self._unit


def _nearest(queries, others, count, distances):
    _check(queries, others, count)
    size = max(1, AT_ONCE // len(others))
    found = np.empty((len(queries), count), "int64")
    for start in range(0, len(queries), size):
        of_some = distances(queries[start : start + size])
        # Each number once: which of equally near ones is no chance.
        of_some = of_some * len(others) + np.arange(len(others))
        near = np.argpartition(of_some, count - 1, axis=1)[:, :count]
        order = np.argsort(np.take_along_axis(of_some, near, 1), axis=1)
        found[start : start + size] = np.take_along_axis(near, order, 1)
    return found


def _check(queries, others, count):
    if queries.shape[1:] != others.shape[1:] or not 1 <= count <= len(others):
        raise ValueError(
            f"The {count} nearest are sought among {others.shape} to queries of {queries.shape}: "
            "both have equally long rows, and there are at least as many as are sought."
        )


def precision(found, labels, wanted):
    """The share of what was found that is of the class of its query.

    Args:
        found: int array `(m, count)`, indices of `labels`.
        labels: int array `(n,)`.
        wanted: int array `(m,)`, the classes of the queries.

    Returns:
        Float in [0, 1].
    """
    return float((labels[found] == wanted[:, None]).mean())
