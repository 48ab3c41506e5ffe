"""The table of features per second."""

import numpy as np

from benchmarks.inception import OURS, THEIRS, table


def test_ratios_are_of_processor_times_round_by_round_to_the_best_of_pytorch():
    times = {name: np.array([[0.2, 0.1], [0.4, 0.2]]) for name in (*THEIRS, *OURS)}
    times[THEIRS[1]] = np.array([[0.1, 0.1], [0.1, 0.1]])
    times["tensorflow"] = np.array([[0.05, 0.05], [0.05, 0.06]])
    lines = table(times).splitlines()
    assert "| keras_gans, tensorflow | 20.0 | 20.0 | 20.0 | 55 | 0.55 |" in lines
    assert "| torch-fidelity | 3.8 | 2.5 | 5.0 | 150 | 1.50 |" in lines
    assert len(lines) == 2 + len(times)
