"""What features of autoencoders tell, and how far samples of a VAE and of a GAN are from images.

    python -m benchmarks.autoencoders features --data FOLDER_OF_IDX_FILES
    python -m benchmarks.autoencoders samples --data FOLDER_OF_IDX_FILES

Trains presets on the training images of Fashion-MNIST for equal processor seconds, and prints a
table of `benchmarks/conditional.md` about the embedded images, which they have not seen. What a
BiGAN's features tell is measured by `benchmarks.bigan`.
"""

import argparse
from pathlib import Path
from time import process_time

import keras

from benchmarks.bigan import PROBED, features_of
from benchmarks.linear_probe import linear_probe
from benchmarks.sharpness import gradient_energy
from benchmarks.train_fashion_mnist_classifier import training_images

SHAPE = (28, 28, 1)
COMPARED = 5000


class StopAfter(keras.callbacks.Callback):
    """Ends training after some seconds of the processor, not counting the first step.

    That one is mostly the making of the graph. What others use of the machine is not counted.

    Args:
        seconds: Float.
    """

    def __init__(self, seconds):
        super().__init__()
        self.seconds = seconds
        self.start = None
        self.steps = 0

    def on_train_batch_end(self, batch, logs=None):
        self.steps += 1
        now = process_time()
        if self.start is None:
            self.start = now
        if now - self.start >= self.seconds:
            self.model.stop_training = True


def fit(model, images, batch_size, seconds):
    """Train for so many processor seconds; returns the steps."""
    clock = StopAfter(seconds)
    model.fit(images, batch_size=batch_size, epochs=1000, verbose=0, callbacks=[clock])
    return clock.steps


def features_table(options):
    from keras_gans import presets
    from keras_gans.data import fashion_mnist

    images, labels = training_images(options.data)
    others, their_labels = fashion_mnist(SHAPE)
    plain, variational = (
        getattr(presets, name)(SHAPE, seed=0) for name in ("autoencoder", "variational_autoencoder")
    )
    untrained = presets.bigan(SHAPE, seed=0).encoder
    for model in (plain, variational):
        fit(model, images, 100, options.seconds)
    tensors = {
        "pixels": (untrained, untrained.inputs[0]),
        "autoencoder, code": (plain.encoder, plain.encoder.outputs[0]),
        "autoencoder, last hidden layer": (plain.encoder, plain.encoder.get_layer("code").input),
        "VAE, means": (variational.encoder, variational.encoder.get_layer("means").output),
        "VAE, hidden layer": (variational.encoder, variational.encoder.get_layer("means").input),
        "BiGAN before training": (untrained, untrained.get_layer("features").output),
    }
    lines = ["| features | numbers | linear probe |", "| --- | ---: | ---: |"]
    for title, (encoder, tensor) in tensors.items():
        seen, tried = (features_of(tensor, encoder, x) for x in (images[:PROBED], others))
        accuracy = linear_probe(seen, labels[:PROBED], tried, their_labels)
        lines.append(f"| {title} | {tried[0].size} | {accuracy:.1%} |")
    return lines


def samples_table(options):
    from keras_gans import VariationalAutoencoder, presets
    from keras_gans.data import fashion_mnist
    from keras_gans.networks import convolutional_variational_autoencoder
    from keras_gans.samples import Images
    from keras_gans_cli.rows import save_rows

    images, _ = training_images(options.data)
    others, _ = fashion_mnist(SHAPE)
    # Embedded images come in no order of classes.
    real, reference = others[:COMPARED], others[COMPARED:]
    convolutional = VariationalAutoencoder(
        *convolutional_variational_autoencoder(SHAPE, latent_dim=20, width=32),
        latent_dim=20,
        samples=Images(range=(0, 1)),
        seed=0,
    )
    convolutional.compile()
    models = {
        "VAE, dense": (presets.variational_autoencoder(SHAPE, seed=0), 100),
        "VAE, convolutional": (convolutional, 100),
        "DCGAN": (presets.dcgan(SHAPE, width=32, seed=0), 32),
    }
    rows = {}
    for title, (model, batch_size) in models.items():
        steps = f"{fit(model, images, batch_size, options.seconds):,}"
        rows[title] = steps, model.generate(COMPARED, seed=0, batch_size=500)
    rows["real images"] = "", real
    lines = ["| | steps | distance | gradient energy |", "| --- | ---: | ---: | ---: |"]
    for title, (steps, made) in rows.items():
        lines.append(
            f"| {title} | {steps} | {distance(reference, made):.1f} | {gradient_energy(made):.4f} |"
        )
    save_rows({title: made for title, (_, made) in rows.items()}, options.picture)
    return lines


def distance(real, made):
    from keras_gans.metrics import FrechetDistance

    return FrechetDistance().compare(real, made)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    tables = {"features": features_table, "samples": samples_table}
    parser.add_argument("table", choices=[*tables])
    parser.add_argument("--data", type=Path, required=True, help="folder of the .gz files")
    parser.add_argument("--seconds", type=float, default=150, help="of the processor, each model")
    parser.add_argument("--picture", type=Path, default=Path("runs/benchmark_vae_or_gan.png"))
    options = parser.parse_args()
    options.picture.parent.mkdir(parents=True, exist_ok=True)
    print("\n".join(tables[options.table](options)))


if __name__ == "__main__":
    main()
