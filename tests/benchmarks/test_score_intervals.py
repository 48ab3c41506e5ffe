import numpy as np
import pytest

from benchmarks import score_intervals
from tests.backends import shown_on_tensorflow


@shown_on_tensorflow("numpy alone")
@pytest.mark.parametrize(
    ("score", "exact"),
    [
        (score_intervals.frechet, score_intervals.frechet_of_gaussians),
        (score_intervals.discrepancy, score_intervals.discrepancy_of_gaussians),
    ],
)
def test_the_scores_of_many_images_are_near_those_of_the_gaussians(score, exact):
    rng = np.random.default_rng(0)
    sets = rng.normal(0, 1, (3000, 8)), rng.normal(0.5, 1.2, (3000, 8))
    assert score(*sets) == pytest.approx(exact(0.5, 1.2), rel=0.1)


@shown_on_tensorflow("numpy alone")
def test_shares_are_of_all_draws():
    mean, known, average = score_intervals.shares(
        lambda real, fake: real.mean(), 0.0, 40, 0.0, 1.0, draws=40, repeats=6
    )
    assert 0.8 < mean <= 1 and 0.8 < known <= 1 and abs(average) < 0.1
