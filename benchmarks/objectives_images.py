"""The objectives that are best on toys, on the embedded images: distance, recall, seconds.

    python -m benchmarks.objectives_images --output benchmarks/objectives_images.md

All have DCGAN's generator and a discriminator of DCGAN's convolutions without normalization, which
penalties of single images ask for. A run that is in `--run` already is not trained again.
"""

import argparse
import json
import time
from pathlib import Path

ROWS = {
    "relativistic_r1_r2": "relativistic, R1 and R2",
    "non_saturating_r1_r2": "non-saturating, R1 and R2",
    "relativistic_r1": "relativistic, R1",
    "non_saturating_r1": "non-saturating, R1",
    "wgan_gp": "Wasserstein, gradient penalty, five critic steps",
    "pack_2": "non-saturating, packs of 2",
    "non_saturating": "non-saturating, for comparison",
}
WIDTH = 32
BATCH = 32
WEIGHT = 0.5
IMAGES = 2000  # On each side of a score.


def build(row, seed, width=WIDTH):
    """A compiled GAN of 32x32 pixels, and how many images a step takes."""
    import keras

    from keras_gans.losses import Penalty
    from keras_gans.models import GAN
    from keras_gans.networks import dcgan_generator

    keras.utils.set_random_seed(seed)
    shape = (32, 32, 1)
    options = {
        "pack_2": {},
        "non_saturating": {},
        "wgan_gp": {
            "loss": "wasserstein",
            "penalty": Penalty("gradient_penalty", 10.0),
            "discriminator_steps": 5,
        },
    }
    if row not in options:
        loss, *penalties = row.replace("_r", " r").split()
        options[row] = {"loss": loss, "penalty": [Penalty(name, WEIGHT) for name in penalties]}
    packed = 2 if row == "pack_2" else 1
    model = GAN(
        dcgan_generator(shape, 100, width),
        judge(shape, width, packed),
        100,
        ema_decay=0.99,
        seed=seed,
        **options[row],
    )
    model.compile(
        *(keras.optimizers.Adam(2e-4, beta_1=0.5) for _ in range(2)), steps_per_execution=8
    )
    return model, BATCH * packed * model.discriminator_steps


def judge(shape, width, packed):
    """DCGAN's discriminator without its batch normalization."""
    import keras
    from keras import layers

    from keras_gans.layers import Pack

    x = images = keras.Input(shape)
    x = Pack(packed)(x) if packed > 1 else x
    for factor in (1, 2, 4):
        x = layers.Conv2D(factor * width, 4, strides=2, padding="same")(x)
        x = layers.LeakyReLU(0.2)(x)
    return keras.Model(images, layers.Dense(1)(layers.Flatten()(x)))


def train(row, seed, steps):
    """One run: a dict of what it came to."""
    from keras_gans import data
    from keras_gans.metrics import FrechetDistance
    from keras_gans.metrics.neighbourhoods import precision_recall

    images, _ = data.fashion_mnist((32, 32, 1))
    model, batch = build(row, seed)
    dataset = data.images(images, (32, 32, 1), batch_size=batch, seed=seed)
    epochs = max(1, round(steps * batch / len(images)))
    start = time.process_time()
    model.fit(dataset, epochs=epochs, verbose=0)
    seconds = time.process_time() - start
    metric = FrechetDistance()
    real = metric.features(dataset.sample(IMAGES, seed))
    fake = metric.features(model.generate(IMAGES, seed=seed, batch_size=250))
    precision, recall = precision_recall(real, fake)
    return {
        "distance": metric.compare(real, fake),
        "precision": precision,
        "recall": recall,
        "steps": epochs * len(dataset),
        "seconds": seconds,
    }


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--run", type=Path, default=Path("runs/benchmark_objectives_images"))
    parser.add_argument("--output", type=Path, required=True, help="Markdown file")
    parser.add_argument("--rows", nargs="+", choices=ROWS, default=[*ROWS])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--steps", type=int, default=1500, help="of the generator")
    options = parser.parse_args()
    options.run.mkdir(parents=True, exist_ok=True)
    lines = [
        "| | steps | processor seconds | distance | precision | recall |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in options.rows:
        path = options.run / f"{row}_{options.seed}.json"
        if not path.exists():
            path.write_text(json.dumps(train(row, options.seed, options.steps)))
        record = json.loads(path.read_text())
        lines.append(
            f"| {ROWS[row]} | {record['steps']:,} | {record['seconds']:.0f} | "
            f"{record['distance']:.1f} | {record['precision']:.2f} | {record['recall']:.2f} |"
        )
    options.output.write_text(
        "# Objectives on images\n\n"
        "`python -m benchmarks.objectives_images --output benchmarks/objectives_images.md`: the "
        "10,000 embedded\nimages of Fashion-MNIST at 32x32, DCGAN's layers of width "
        f"{WIDTH}, none of the discriminator's normalized,\nAdam at 2e-4 with beta_1 0.5, batches "
        f"of {BATCH} for each move, R1 and R2 of {WEIGHT}, an averaged generator\n(0.99), seed "
        f"{options.seed}. `frechet_fashion_mnist` and recall (k = 3, the same features) of "
        f"{IMAGES:,} samples\nand as many real images; one thread, a machine that did other work "
        "as well.\n\n" + "\n".join(lines) + "\n"
    )
    print(options.output.read_text())


if __name__ == "__main__":
    main()
