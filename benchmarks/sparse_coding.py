"""What few atoms leave of patches, and what binary codes find.

    python -m benchmarks.sparse_coding --data FOLDER_OF_PHOTOGRAPHS

Trains by the programs of `applications`, and prints tables of `benchmarks/conditional.md`. A run
that is in `--run` already is gone on with.
"""

import argparse
import json
from pathlib import Path

from benchmarks.timed_run import clock_of, minutes, run_timed

BITS = (32, 64, 128, 256)


def coding_rows(title, seconds, scores):
    """A row for each way to the codes of a run's patches; its time stands in the first."""
    clock = clock_of(seconds)
    took = [f"{clock} | {minutes(seconds['processor'])}", " | ", " | "]
    return [
        f"| {title}: {way} | {time} | {of['unexplained']:.1%} | {of['active']:.1%} | "
        f"{milliseconds(of)} |"
        for time, (way, of) in zip(took, scores.items(), strict=True)
    ]


def milliseconds(scores):
    return f"{scores['milliseconds']:.1f}" if "milliseconds" in scores else ""


def hashing_row(bits, seconds, record):
    """What the codes of a run found, and what else was."""
    found = " | ".join(f"{score:.1%}" for score in record["precision"].values())
    return f"| {bits} | {minutes(seconds['processor'])} | {found} | {record['undecided']:.1%} |"


def record_of(run):
    return json.loads((run / "scores.json").read_text())


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", required=True, help="folder of photographs")
    parser.add_argument("--run", type=Path, default=Path("runs/benchmark_sparse_coding"))
    options = parser.parse_args()
    print("| patches of | time | processor | unexplained | codes not zero | ms for 1,000 |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for title, data in (("photographs", ["--data", options.data]), ("clothes", [])):
        run = options.run / title
        seconds = run_timed(["applications.sparse_coding", *data], run)
        print("\n".join(coding_rows(title, seconds, record_of(run)["scores"])), flush=True)
    print("\n| bits | processor | by codes | not rounded | by pixels | by chance | undecided |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for bits in BITS:
        run = options.run / f"{bits}_bits"
        seconds = run_timed(["applications.semantic_hashing", "--bits", str(bits)], run)
        print(hashing_row(bits, seconds, record_of(run)), flush=True)


if __name__ == "__main__":
    main()
