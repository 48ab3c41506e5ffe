"""How many of the 1,000 modes of stacked images some objectives find.

    python -m benchmarks.objectives_stacked --output benchmarks/objectives_stacked.md

Three images of the 10,000 embedded ones of Fashion-MNIST are the channels of one; the shipped
classifier tells the class of each channel. A run that is in `--run` already is not trained again.
"""

import argparse
import json
import time
from pathlib import Path

ROWS = {
    "real": "stacks of real images",
    "non_saturating": "non-saturating",
    "pack_2": "non-saturating, packs of 2",
    "relativistic_r1_r2": "relativistic, R1 and R2",
}
WIDTH = 16
BATCH = 64


def build(row, seed, width=WIDTH):
    """A compiled DCGAN of 28x28 pixels, and how many stacks a step takes."""
    import keras

    from keras_gans.losses import Penalty
    from keras_gans.models import GAN
    from keras_gans.networks import dcgan_discriminator, dcgan_generator, pacgan_discriminator

    keras.utils.set_random_seed(seed)
    shape, packed, options = (28, 28, 3), 1, {}
    if row == "pack_2":
        packed = 2
        discriminator = pacgan_discriminator(shape, width, packed)
    else:
        discriminator = dcgan_discriminator(shape, width)
    if row == "relativistic_r1_r2":
        options = {"loss": "relativistic", "penalty": [Penalty("r1", 0.1), Penalty("r2", 0.1)]}
    generator = dcgan_generator(shape, 100, width)
    model = GAN(generator, discriminator, 100, ema_decay=0.99, seed=seed, **options)
    model.compile(steps_per_execution=10)
    return model, BATCH * packed


def train(row, seed, steps, number):
    """One run: a dict of what it came to."""
    from keras_gans.data import StackedImages, fashion_mnist
    from keras_gans.metrics import StackedModeCoverage, fashion_mnist_classifier

    grey, labels = fashion_mnist()
    coverage = StackedModeCoverage(fashion_mnist_classifier())
    seconds = 0.0
    if row == "real":
        made = StackedImages(grey, labels, number, num_stacks=number, seed=seed)[0][0]
    else:
        model, batch = build(row, seed)
        stacks = StackedImages(grey, batch_size=batch, images_per_epoch=steps * batch, seed=seed)
        start = time.process_time()
        model.fit(stacks, verbose=0)
        seconds = time.process_time() - start
        made = model.generate(number, seed=seed, batch_size=500)
    return {**coverage.compare(None, made), "steps": steps, "seconds": seconds, "images": number}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", type=Path, default=Path("runs/benchmark_objectives_stacked"))
    parser.add_argument("--output", type=Path, required=True, help="Markdown file")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=[*ROWS])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--images", type=int, default=10_000, help="generated ones")
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)
    lines = [
        "| | steps | processor seconds | modes of 1,000 | KL |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for row in options.rows:
        path = options.run / f"{row}_{options.seed}.json"
        if not path.exists():
            path.write_text(json.dumps(train(row, options.seed, options.steps, options.images)))
        record = json.loads(path.read_text())
        steps, seconds = (record[name] if row != "real" else "" for name in ("steps", "seconds"))
        seconds = f"{seconds:.0f}" if seconds else ""
        lines.append(
            f"| {ROWS[row]} | {steps} | {seconds} | {record['modes']:.0f} | "
            f"{record['reverse_kl']:.2f} |"
        )
    options.output.write_text(
        "# Stacked images\n\n"
        f"`python -m benchmarks.objectives_stacked --output {options.output}`: three of the 10,000 "
        "embedded images of Fashion-MNIST\nas the channels of one, 28x28, DCGAN's layers of width "
        f"{WIDTH}, batches of {BATCH}, an averaged generator (0.99), seed {options.seed}.\n"
        f"Of {options.images:,} generated stacks the shipped classifier tells the classes; KL is "
        "that of their shares of the 1,000 modes to even\nones. Stacked MNIST in the papers has 50 "
        "epochs of 128,000 stacks, which are 100,000 steps.\n\n" + "\n".join(lines) + "\n"
    )
    print(options.output.read_text())


if __name__ == "__main__":
    main()
