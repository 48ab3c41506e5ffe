"""What an InfoGAN's categories are worth: found without labels, compared with true classes.

    python -m benchmarks.infogan --output FILE.md

Trains by the program of `applications` on the embedded images, from three seeds. A run that is in
`--run` already is gone on with.
"""

import argparse
import json
from pathlib import Path

from benchmarks.timed_run import clock_of, minutes, run_timed

SEEDS = (0, 1, 2)


def table(folder, seeds):
    """Each run's time, bounds of information and cluster accuracy, and the mean of that."""
    lines = [
        "| seed | time | processor | category, of 2.30 nats | style, at most -0.45 | accuracy |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    accuracies = []
    for seed in seeds:
        run = folder / f"seed_{seed}"
        seconds = run_timed(["applications.infogan", "--seed", str(seed)], run)
        record = json.loads((run / "scores.json").read_text())
        last = record["epochs"][-1]
        accuracies.append(record["cluster_accuracy"])
        took = clock_of(seconds)
        lines.append(
            f"| {seed} | {took} | {minutes(seconds['processor'])} | "
            f"{last['information_category']:.2f} | {last['information_style']:.2f} | "
            f"{accuracies[-1]:.1%} |"
        )
    mean = sum(accuracies) / len(accuracies)
    return [*lines, f"| mean | | | | | {mean:.1%} |"]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", type=Path, default=Path("runs/benchmark_infogan"))
    parser.add_argument("--seeds", type=int, nargs="+", default=SEEDS)
    parser.add_argument("--output", type=Path, required=True, help="Markdown file")
    options = parser.parse_args()
    options.output.write_text("\n".join(table(options.run, options.seeds)) + "\n")
    print(options.output.read_text())


if __name__ == "__main__":
    main()
