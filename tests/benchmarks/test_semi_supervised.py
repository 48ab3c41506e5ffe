"""The table of the comparison with and without images that have no label."""

from benchmarks.semi_supervised import table


def test_each_number_of_labels_has_the_mean_of_its_seeds():
    rows = [
        ("100", 0, {"alone": 0.3, "gan": 0.2, "seconds": 61.0}),
        ("100", 1, {"alone": 0.4, "gan": 0.3, "seconds": 60.0}),
        ("all", 0, {"alone": 0.125, "gan": 0.25, "seconds": 60.0}),
    ]
    assert table(rows)[2:] == [
        "| 100 | 0 | 1 min 1 s | 30.0% | 20.0% |",
        "| 100 | 1 | 1 min 0 s | 40.0% | 30.0% |",
        "| 100 | mean | | 35.0% | 25.0% |",
        "| all | 0 | 1 min 0 s | 12.5% | 25.0% |",
    ]
