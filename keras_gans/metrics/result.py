"""What a score is worth: its value, its interval, and how it was taken."""

import dataclasses
import json
import math
import statistics
from typing import Self

import numpy as np

ENOUGH = 10_000
# Of two results that differ in it alone, one is a repetition of the other.
MAY_DIFFER = ("seed",)


@dataclasses.dataclass(frozen=True, repr=False)
class Result:
    """A score with its confidence interval and the protocol by which it was taken.

    Only results of one protocol compare: `<`, `>`, `<=`, `>=` and `-` look at the values, and raise
    a sentence where anything differs on which the values depend. `float(result)` is the value.

    Args:
        values: Dict of floats by their names in logs, the most important one first.
        intervals: Dict from these names to (low, high); see `interval_of`.
        level: Float, the share of such intervals that hold what they are of.
        protocol: Dict that JSON can hold: the metric and its numbers, the extractor and the hash
            of its weights, the resize, num_real, num_fake, split, weights, seed.

    Example:
        >>> result = Result({"score": 2.0}, {"score": (1.5, 2.5)}, 0.95, {"num_fake": 10_000})
        >>> result
        Result(score=2 [1.5, 2.5] at 95 %, num_fake=10000)
        >>> Result.from_json(result.to_json()) == result
        True
    """

    values: dict
    intervals: dict
    level: float
    protocol: dict

    @property
    def value(self):
        """The first of the values."""
        return next(iter(self.values.values()))

    @property
    def interval(self):
        """(low, high) of the first of the values."""
        return next(iter(self.intervals.values()))

    def __float__(self):
        return self.value

    def __repr__(self):
        scores = (
            f"{name}={value:.6g} [{low:.6g}, {high:.6g}]"
            for (name, value), (low, high) in zip(
                self.values.items(), self.intervals.values(), strict=True
            )
        )
        how = "".join(f", {name}={value!r}" for name, value in self.protocol.items())
        return f"Result({', '.join(scores)} at {100 * self.level:g} %{how})"

    def logs(self):
        """Dict for logs: each value by its name, and its interval by `_low` and `_high` after it.

        Returns:
            Dict of floats.
        """
        logs = dict(self.values)
        for name, (low, high) in self.intervals.items():
            logs |= {f"{name}_low": low, f"{name}_high": high}
        return logs

    def to_json(self) -> str:
        """All of it as a string of JSON; what is not finite is null."""
        return json.dumps(_without_nan(dataclasses.asdict(self)), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The `Result` that `to_json` wrote."""
        read = json.loads(text)
        read["values"] = {name: _number(value) for name, value in read["values"].items()}
        read["intervals"] = {
            name: tuple(map(_number, ends)) for name, ends in read["intervals"].items()
        }
        return cls(**read)

    def __sub__(self, other):
        return self._compared(other, lambda a, b: a - b)

    def __lt__(self, other):
        return self._compared(other, lambda a, b: a < b)

    def __le__(self, other):
        return self._compared(other, lambda a, b: a <= b)

    def __gt__(self, other):
        return self._compared(other, lambda a, b: a > b)

    def __ge__(self, other):
        return self._compared(other, lambda a, b: a >= b)

    def _compared(self, other, compare):
        if not isinstance(other, Result):
            return NotImplemented
        names = [name for name in {**self.protocol, **other.protocol} if name not in MAY_DIFFER]
        differing = [
            f"{name} ({self.protocol.get(name)!r} and {other.protocol.get(name)!r})"
            for name in names
            if self.protocol.get(name) != other.protocol.get(name)
        ]
        if differing:
            raise ValueError(
                f"Results compare where their protocols are the same; these differ in "
                f"{', '.join(differing)}. Measure both in one way."
            )
        return compare(self.value, other.value)


def interval_of(value, of_halves, level=0.95):
    """The confidence interval of a score by scores of random halves of its sets.

    A half that is drawn without replacement varies around the whole set as the whole set does
    around all images, whatever the score is a smooth function of: the variance of a mean over n of
    N is (1/n)(1 - n/N) s^2, which is that of all N where n = N/2. So the deviation of the scores of
    halves is that of the score itself, and the interval is

        value +- t deviation,

    with Student's t of one degree fewer than there are halves. It is centred at the score of all
    images: halves have another bias, which moves all of them alike. It tells how far another draw
    of as many images may be off, not how far a score of infinitely many lies, from which each score
    of n images differs by its bias.

    In `benchmarks/score_intervals.py`, of Gaussians that differ, 95 to 96 % of such intervals of
    the Frechet distance and of MMD hold the mean score of as many images; of Gaussians that hardly
    differ 98 to 100 %, since a score near its minimum is no smooth function any more.

    Args:
        value: Float, the score of all images.
        of_halves: List of floats, the scores of random halves; at least 2.
        level: Float in (0, 1).

    Returns:
        (low, high), floats; NaN where a score is.

    Example:
        >>> low, high = interval_of(10.0, [9.0, 10.0, 11.0, 10.0, 10.0])
        >>> round(low, 2), round(high, 2)
        (8.04, 11.96)

    References:
        Shao and Wu 1989, A General Theory for Jackknife Variance Estimation, Annals of Statistics
        17(3), with half of the units deleted.
    """
    half = student_quantile((1 + level) / 2, len(of_halves) - 1) * np.std(of_halves, ddof=1)
    return float(value - half), float(value + half)


def student_quantile(share, freedom):
    """The quantile of Student's distribution, by Cornish and Fisher's expansion.

    Args:
        share: Float in (0, 1).
        freedom: Integer, degrees of freedom; off by 2e-3 of itself at 4, by 3e-5 at 9.

    References:
        Abramowitz and Stegun 1964, Handbook of Mathematical Functions, 26.7.5.
    """
    x = statistics.NormalDist().inv_cdf(share)
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + sum(term / freedom**i for i, term in enumerate(terms, 1))


def _without_nan(value):
    if isinstance(value, dict):
        return {key: _without_nan(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _number(value):
    return float("nan") if value is None else value
