"""Which of several runs is the best by a score, and which are not told apart."""

import dataclasses
import math
from collections.abc import Mapping

from keras_gans.metrics.result import Result


@dataclasses.dataclass(frozen=True)
class Rank:
    """The place of one run.

    Args:
        name: What the run is called.
        result: Its `Result`.
        not_told_apart: Tuple of the names of the runs that may as well be better or worse.
    """

    name: str
    result: Result
    not_told_apart: tuple


def rank(results: Mapping[str, Result], mode: str = "min") -> list[Rank]:
    """Runs in the order of a score, the best first, and which of them it does not tell apart.

    Two runs are told apart where their values differ by more than the root of the sum of squares
    of half their intervals: zero is then outside the interval of the difference, if the two vary
    independently. Runs that were compared with the same real images vary together in part, so
    that some more of them differ than are told apart. Of many runs some differ by chance: at 95 %
    one pair of twenty equal ones.

    Args:
        results: Dict from names of runs to `Result`s of one protocol, as `measure` returns them.
        mode: "min" or "max", which scores are the better ones: the `mode` of the metric.

    Returns:
        List of `Rank`s. Runs whose score is NaN come last, and are told apart from none.

    Raises:
        ValueError: Results whose protocols differ, or another `mode`.

    Example:
        >>> def run(value):
        ...     return Result({"d": value}, {"d": (value - 1, value + 1)}, 0.95, {"metric": "d"})
        >>> [place.name for place in rank({"a": run(7.0), "b": run(3.0), "c": run(3.5)})]
        ['b', 'c', 'a']
        >>> rank({"a": run(7.0), "b": run(3.0), "c": run(3.5)})[0].not_told_apart
        ('c',)
    """
    if mode not in ("min", "max"):
        raise ValueError(f'mode is "min" or "max", which scores are the better ones, not {mode!r}.')

    def half(result):
        return (result.interval[1] - result.interval[0]) / 2

    def apart(a, b):
        # The difference raises where protocols differ.
        return abs(results[a] - results[b]) > math.hypot(half(results[a]), half(results[b]))

    def place(name):
        value = results[name].value
        return math.isnan(value), value if mode == "min" else -value

    names = sorted(results, key=place)
    return [
        Rank(a, results[a], tuple(b for b in names if b != a and not apart(a, b))) for a in names
    ]
