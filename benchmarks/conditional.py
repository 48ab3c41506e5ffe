"""Whether a DCGAN that is trained with labels makes what it is asked for, and what that costs.

    python -m benchmarks.conditional --output FILE.md

Trains by the program of `applications` on the embedded images, from two seeds. A run that is in
`--run` already is gone on with.
"""

import argparse
import json
from pathlib import Path

from benchmarks.timed_run import clock_of, minutes, run_timed

RUNS = {
    "labels": ("seed 0", ["applications.dcgan", "--labels"]),
    "labels_1": ("seed 1", ["applications.dcgan", "--labels", "--seed", "1"]),
}


def quality_table(folder, runs):
    """Each run's time, steps, distance to real images and share of samples that are recognized."""
    lines = [
        "| trained | time | processor | steps | ms a step | distance | recognized |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, (title, options) in runs.items():
        seconds = run_timed(options, folder / name)
        record = json.loads((folder / name / "scores.json").read_text())
        steps = steps_of(json.loads((folder / name / "settings.json").read_text()))
        took = clock_of(seconds)
        share = f"{record['recognized']:.1%}" if "recognized" in record else ""
        lines.append(
            f"| {title} | {took} | {minutes(seconds['processor'])} | {steps:,} | "
            f"{seconds['clock'] / steps * 1000:.0f} | {record['trained']:.1f} | {share} |"
        )
    return [*lines, f"| real images | | | | | {record['real_against_real']:.1f} | |"]


def steps_of(settings):
    """Of a run on the 10,000 embedded images."""
    return settings["epochs"] * -(-10_000 // settings["batch_size"])


def class_table(run, number):
    """What the classifier recognizes of each class: among samples, and among embedded images."""
    import keras
    import numpy as np

    from keras_gans.data import FASHION_MNIST_CLASSES, fashion_mnist
    from keras_gans_cli.scores import recognized

    model = keras.saving.load_model(run / "model.keras", compile=False)
    images, labels = fashion_mnist(model.image_shape)
    lines = ["| class | of samples | of real images |", "| --- | ---: | ---: |"]
    rows = []
    for label, name in enumerate(FASHION_MNIST_CLASSES):
        samples = model.generate(number, labels=label, seed=label, batch_size=500)
        real = images[labels == label]
        rows.append([recognized(x, np.full(len(x), label)) for x in (samples, real)])
        lines.append(f"| {name} | {rows[-1][0]:.1%} | {rows[-1][1]:.1%} |")
    of_samples, of_real = np.mean(rows, axis=0)
    return [*lines, f"| all | {of_samples:.1%} | {of_real:.1%} |"]


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", type=Path, default=Path("runs/benchmark_conditional"))
    parser.add_argument("--samples", type=int, default=1000, help="of each class")
    parser.add_argument("--output", type=Path, required=True, help="Markdown file")
    options = parser.parse_args()
    lines = quality_table(options.run, RUNS)
    classes = class_table(options.run / "labels", options.samples)
    options.output.write_text(
        "# Labels\n\n"
        "`python -m benchmarks.conditional`: "
        "`python -m applications.dcgan --labels` on the 10,000 embedded images of Fashion-MNIST at "
        "32x32, DCGAN's layers of width 32, batches of 32.\n\n" + "\n".join(lines) + "\n\n"
        "Distance: frechet_fashion_mnist of 2,000 samples to 2,000 real images, and of these to "
        "other real ones. Recognized: the share of 2,000 samples, 200 of each class, that the "
        "shipped classifier takes for what was asked for. It was trained on the 60,000 training "
        "images of Fashion-MNIST; the GAN learns from the 10,000 test images, which the classifier "
        "has not seen, and sees none of those that the classifier has.\n\n"
        f"## By class\n\n{options.samples:,} samples of each class by the run of seed 0, and the "
        "1,000 embedded images of each, which the classifier has not seen either.\n\n"
        + "\n".join(classes)
        + "\n"
    )
    print(options.output.read_text())


if __name__ == "__main__":
    main()
