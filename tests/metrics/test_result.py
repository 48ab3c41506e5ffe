"""Results: what they show, what they compare with, and what their intervals hold."""

import json
import math

import numpy as np
import pytest

from keras_gans.metrics.result import Result, interval_of, student_quantile
from tests.backends import shown_on_tensorflow

HOW = {"metric": "FrechetDistance", "num_real": 100, "num_fake": 90, "split": "test", "seed": 0}


def result(value=2.0, **how):
    scores = {"score": value, "score_std": 0.1}
    intervals = {"score": (value - 0.5, value + 0.25), "score_std": (0.0, 0.2)}
    return Result(scores, intervals, 0.95, {**HOW, **how})


def test_a_result_shows_its_interval_and_its_protocol():
    shown = repr(result())
    assert "score=2 [1.5, 2.25], score_std=0.1 [0, 0.2] at 95 %" in shown
    for name, value in HOW.items():
        assert f"{name}={value!r}" in shown
    assert float(result()) == result().value == 2.0
    assert result().interval == (1.5, 2.25)
    assert result().logs() == {
        "score": 2.0,
        "score_low": 1.5,
        "score_high": 2.25,
        "score_std": 0.1,
        "score_std_low": 0.0,
        "score_std_high": 0.2,
    }


def test_a_file_of_json_holds_all_of_it():
    assert Result.from_json(result().to_json()) == result()
    text = result(float("nan")).to_json()
    assert json.loads(text)["values"]["score"] is None
    assert math.isnan(Result.from_json(text).value)


def test_results_of_one_protocol_compare_by_their_values():
    low, high = result(1.0), result(3.0, seed=1)
    assert low < high and low <= high and high > low and high >= low
    assert high - low == 2.0
    with pytest.raises(TypeError):
        assert low < 3.0


@pytest.mark.parametrize("compare", [lambda a, b: a < b, lambda a, b: a - b])
def test_results_of_other_protocols_do_not_compare_and_the_sentence_names_what_differs(compare):
    other = result(num_fake=80, split="train", seed=4, weights="raw")
    with pytest.raises(ValueError) as caught:
        compare(result(), other)
    sentence = str(caught.value)
    for part in ("num_fake (90 and 80)", "split ('test' and 'train')", "weights (None and 'raw')"):
        assert part in sentence
    assert "seed" not in sentence and "num_real" not in sentence


# Of any table of Student's distribution: 0.975 at 9 and at 4, 0.95 at 19.
@pytest.mark.parametrize(
    ("share", "freedom", "expected", "off"),
    [(0.975, 9, 2.262157, 3e-5), (0.975, 4, 2.776445, 2e-3), (0.95, 19, 1.729133, 1e-5)],
)
def test_quantiles_are_those_of_the_tables(share, freedom, expected, off):
    assert student_quantile(share, freedom) == pytest.approx(expected, rel=off)


@shown_on_tensorflow("numpy alone")
def test_intervals_of_means_hold_the_mean_as_often_as_they_say():
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(400):
        draw = rng.exponential(1.0, 100)
        halves = [rng.permutation(draw)[:50].mean() for _ in range(10)]
        low, high = interval_of(draw.mean(), halves)
        held += low < 1.0 < high
    assert 0.91 < held / 400 < 0.98


def test_a_score_that_is_not_a_number_has_no_interval():
    assert np.isnan(interval_of(float("nan"), [1.0, 2.0])).all()
