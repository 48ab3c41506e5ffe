"""One generator forward per step, or fresh noise for the generator: what either costs and gives.

`GAN` lets the generator learn from the fakes that the discriminator has just seen
(`resample_latents=False`), or samples afresh as Algorithm 1 of Goodfellow et al. does. This trains
the networks of the main job both ways, in turn, and prints a table: processor seconds per step
(which do not grow when other processes take the cores) and the distance of every epoch.

    python -m benchmarks.shared_forward --epochs 4

Results stand in benchmarks/README.md.
"""

import argparse
import time

import keras
import numpy as np

import keras_gans
from keras_gans.networks import dcgan_discriminator, dcgan_generator

IMAGE_SHAPE = (32, 32, 1)


class ProcessorTime(keras.callbacks.Callback):
    """Processor seconds per step of every epoch; the first, which compiles, is left out."""

    def __init__(self):
        super().__init__()
        self.seconds_per_step = []

    def on_epoch_begin(self, epoch, logs=None):
        self._start = time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        if epoch > 0:
            seconds = time.process_time() - self._start
            self.seconds_per_step.append(seconds / self.params["steps"])


def train(resample_latents, options):
    keras.utils.set_random_seed(options.seed)
    model = keras_gans.GAN(
        dcgan_generator(IMAGE_SHAPE, width=32),
        dcgan_discriminator(IMAGE_SHAPE, width=32),
        latent_dim=100,
        resample_latents=resample_latents,
        ema_decay=0.99,
        seed=options.seed,
    )
    model.compile()
    dataset = keras_gans.data.images("fashion_mnist", IMAGE_SHAPE, batch_size=32, seed=options.seed)
    clock = ProcessorTime()
    score = keras_gans.callbacks.Score(keras_gans.metrics.FrechetDistance(), dataset.sample(2000))
    # The clock stops before the score is computed.
    history = model.fit(dataset, epochs=options.epochs, verbose=2, callbacks=[clock, score])
    return np.median(clock.seconds_per_step), history.history[score.name]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    results = {name: train(name == "fresh noise", options) for name in ("shared", "fresh noise")}
    print("\n| generator's batch | processor s/step | ratio | distance by epoch |")
    print("| --- | ---: | ---: | --- |")
    for name, (seconds, distances) in results.items():
        row = ", ".join(f"{distance:.1f}" for distance in distances)
        print(f"| {name} | {seconds:.3f} | {seconds / results['shared'][0]:.2f} | {row} |")


if __name__ == "__main__":
    main()
