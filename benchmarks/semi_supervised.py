"""What images without labels bring: errors of a classifier that learns from them, and of one alone.

    python -m benchmarks.semi_supervised --data FOLDER --labels 100 --output FILE.md

Learns from the 60,000 training images of Fashion-MNIST, of which so many have a label, as many of
each class, and tells the 10,000 embedded ones, its test images. `--data` is the folder of the
set's own files, `train-images-idx3-ubyte.gz` and `train-labels-idx1-ubyte.gz`. Each of the seeds
draws weights and the images whose labels are known.
"""

import argparse
import time
from pathlib import Path

import keras
import numpy as np

from benchmarks.timed_run import minutes
from benchmarks.train_fashion_mnist_classifier import training_images
from keras_gans.data import FASHION_MNIST_CLASSES, fashion_mnist
from keras_gans_cli.semi_supervised import entrants_of, errors_of, train_pair, with_labels_of


def row(images, labels, test, number, seed, epochs):
    """The errors of one pair on the test images, and the seconds of processor that both took."""
    rows = np.random.default_rng(seed).permutation(len(images))
    images, known = images[rows], with_labels_of(labels[rows], number, len(FASHION_MNIST_CLASSES))
    keras.utils.set_random_seed(seed)
    gan, alone = entrants_of(images.shape[1:], FASHION_MNIST_CLASSES, 16, seed)
    start = time.process_time()
    settings = {"epochs": epochs, "batch_size": 64, "seed": seed}
    train_pair(gan, alone, images, known, settings, test)
    seconds = time.process_time() - start
    return {**errors_of(gan, alone, *test), "seconds": seconds}


def table(rows):
    """Lines of Markdown of `(number, seed, row)`, and the means of each number of several rows."""
    lines = [
        "| labels | seed | processor | images with labels alone | all images |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for number in dict.fromkeys(number for number, _, _ in rows):
        of_number = [(seed, row) for other, seed, row in rows if other == number]
        for seed, row in of_number:
            lines.append(
                f"| {number} | {seed} | {minutes(row['seconds'])} | {row['alone']:.1%} | "
                f"{row['gan']:.1%} |"
            )
        if len(of_number) > 1:
            means = [np.mean([row[name] for _, row in of_number]) for name in ("alone", "gan")]
            lines.append(f"| {number} | mean | | {means[0]:.1%} | {means[1]:.1%} |")
    return lines


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the .gz files")
    parser.add_argument("--labels", nargs="+", default=["100", "1000", "all"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--output", type=Path, required=True, help="Markdown file")
    options = parser.parse_args()
    images, labels = training_images(options.data)
    rows = []
    for number in options.labels:
        known = number if number == "all" else int(number)
        for seed in options.seeds:
            made = row(images, labels, fashion_mnist(), known, seed, options.epochs)
            rows.append((number, seed, made))
            options.output.write_text("\n".join(table(rows)) + "\n")
    print(options.output.read_text())


if __name__ == "__main__":
    main()
