"""Neighbours: what is most alike, by binary codes and by distances."""

import numpy as np

__all__ = ["binary_codes", "nearest_by_distance", "nearest_by_hamming", "precision"]

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
    vectors = np.asarray(vectors, "float32")
    lengths = np.square(vectors).sum(1)

    def distances(some):
        # The square of the query's own length is the same for all.
        return lengths - 2 * np.asarray(some, "float32") @ vectors.T

    return _nearest(queries, vectors, count, distances)


def _nearest(queries, others, count, distances):
    if queries.shape[1:] != others.shape[1:] or not 1 <= count <= len(others):
        raise ValueError(
            f"The {count} nearest are sought among {others.shape} to queries of {queries.shape}: "
            "both have equally long rows, and there are at least as many as are sought."
        )
    size = max(1, AT_ONCE // len(others))
    found = np.empty((len(queries), count), "int64")
    for start in range(0, len(queries), size):
        of_some = distances(queries[start : start + size])
        if of_some.dtype.kind == "i":  # Each number once: which of equally near ones is no chance.
            of_some = of_some * len(others) + np.arange(len(others))
        near = np.argpartition(of_some, count - 1, axis=1)[:, :count]
        order = np.argsort(np.take_along_axis(of_some, near, 1), axis=1)
        found[start : start + size] = np.take_along_axis(near, order, 1)
    return found


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
