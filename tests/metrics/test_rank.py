"""Runs are ordered by their scores, and told apart where their intervals allow it."""

import pytest

from keras_gans.metrics import Result, rank
from tests.backends import shown_on_tensorflow

pytestmark = shown_on_tensorflow("it is plain Python")


def run(value, half=1.0, **protocol):
    return Result({"d": value}, {"d": (value - half, value + half)}, 0.95, protocol)


def order(results, **options):
    return [(place.name, place.not_told_apart) for place in rank(results, **options)]


def test_the_best_comes_first_with_those_that_may_be_as_good():
    results = {"a": run(7.0), "b": run(3.0), "c": run(4.3), "d": run(5.0)}
    expected = [("b", ("c",)), ("c", ("b", "d")), ("d", ("c",)), ("a", ())]
    assert order(results) == expected
    assert order(results, mode="max") == [
        (name, tuple(reversed(others))) for name, others in reversed(expected)
    ]
    assert rank(results)[0].result is results["b"]


def test_runs_are_told_apart_beyond_the_root_of_the_sum_of_squares():
    assert order({"a": run(0.0, 3.0), "b": run(4.99, 4.0)})[0] == ("a", ("b",))
    assert order({"a": run(0.0, 3.0), "b": run(5.01, 4.0)})[0] == ("a", ())


@pytest.mark.parametrize("mode", ["min", "max"])
def test_a_score_of_nan_is_last_and_not_told_apart(mode):
    places = order({"a": run(float("nan")), "b": run(1.0), "c": run(9.0)}, mode=mode)
    assert places[-1][0] == "a" and set(places[-1][1]) == {"b", "c"}


def test_other_protocols_and_modes_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match="differ in split"):
        rank({"a": run(1.0, split="test"), "b": run(2.0, split="train")})
    with pytest.raises(ValueError, match='mode is "min" or "max"'):
        rank({}, mode="best")
