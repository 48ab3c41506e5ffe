"""Whether samples are what was asked for, by the way in which the label enters.

    python -m benchmarks.conditional_ways auxiliary

Trains by `python -m applications.conditional --by WAY` on the embedded images, and prints rows of
`benchmarks/conditional.md`. A run that is in `--run` already is gone on with.
"""

import argparse
from pathlib import Path

from benchmarks.conditional import quality_table
from keras_gans_cli.conditional import PRESETS


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("ways", nargs="+", choices=[*PRESETS])
    parser.add_argument("--run", type=Path, default=Path("runs/benchmark_conditional"))
    options = parser.parse_args()
    runs = {
        way: (f"{way}, seed 0", ["applications.conditional", "--by", way]) for way in options.ways
    }
    print("\n".join(quality_table(options.run, runs)))


if __name__ == "__main__":
    main()
