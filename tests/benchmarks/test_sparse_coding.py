from benchmarks.sparse_coding import coding_rows, hashing_row

SECONDS = {"clock": 61.0, "processor": 42.0, "resumed": False}


def test_a_row_for_each_way_to_the_codes():
    fista = {"unexplained": 0.4, "active": 0.1, "milliseconds": 12.34}
    best = {"unexplained": 0.5, "active": 0.14}
    encoder = {"unexplained": 0.6, "active": 1.0, "milliseconds": 1.0}
    rows = coding_rows("clothes", SECONDS, {"FISTA": fista, "best": best, "encoder": encoder})
    assert rows == [
        "| clothes: FISTA | 1 min 1 s | 0 min 42 s | 40.0% | 10.0% | 12.3 |",
        "| clothes: best |  |  | 50.0% | 14.0% |  |",
        "| clothes: encoder |  |  | 60.0% | 100.0% | 1.0 |",
    ]


def test_a_row_of_what_codes_found():
    precision = {"by codes": 0.7, "not rounded": 0.71, "by pixels": 0.72, "by chance": 0.1}
    row = hashing_row(32, SECONDS, {"precision": precision, "undecided": 0.05})
    assert row == "| 32 | 0 min 42 s | 70.0% | 71.0% | 72.0% | 10.0% | 5.0% |"
