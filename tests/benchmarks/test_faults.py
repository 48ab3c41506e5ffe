"""A few of the twenty kills of `python -m benchmarks.faults`."""

import os

import pytest

from tests.backends import shown_on_tensorflow

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL and /proc are Unix's"),
    shown_on_tensorflow("the state that is saved is the same on every backend"),
]


def test_a_run_that_is_killed_twice_ends_with_the_weights_of_the_straight_one(tmp_path):
    from benchmarks import faults

    _, (_, happened, good) = faults.kills(tmp_path, 2)
    assert good, happened
    assert "2 kills" in happened


def test_a_run_that_is_killed_in_mid_fade_ends_with_the_weights_of_the_straight_one(tmp_path):
    from benchmarks import faults

    name, happened, good = faults.kills_in_a_fade(tmp_path, 1)
    assert good, happened
    assert "1 of them in the middle of a fade" in name
