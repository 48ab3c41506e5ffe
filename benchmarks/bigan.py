"""Whether a BiGAN's encoder and generator are each other's inverse, and what its features tell.

    python -m benchmarks.bigan --data FOLDER_OF_IDX_FILES

Trains the preset on the training images of Fashion-MNIST, by the authors' rates, and prints a row
of `benchmarks/conditional.md` about the embedded images, which it has not seen. `--run` gets the
model and `bigan.png`; a model that is there already is not trained again.
"""

import argparse
import time
from pathlib import Path

import numpy as np

from benchmarks.linear_probe import linear_probe
from benchmarks.timed_run import minutes
from benchmarks.train_fashion_mnist_classifier import training_images

RATE = 2e-4
PROBED = 20_000


def rate(epoch, epochs):
    """The authors' learning rate: constant for half of the epochs, then down to a hundredth."""
    half = epochs / 2
    return RATE * 0.01 ** max(0.0, (epoch + 1 - half) / half)


def share_of_baseline(images, made):
    """Mean distance of images to what was made of them, over that to what was made of others.

    Args:
        images: uint8 `(n, height, width, channels)`.
        made: Likewise. Of others: each image is compared with what was made of the one before.

    Returns:
        Two floats: the share, and the mean distance for pixels scaled to [0, 1].
    """
    distance, baseline = distances(images, made), distances(np.roll(images, -1, axis=0), made)
    return float(distance.mean() / baseline.mean()), float(distance.mean())


def distances(images, made):
    differences = (images.astype("float64") - made) / 255
    return np.sqrt(np.square(differences).reshape(len(images), -1).sum(1))


def features_of(tensor, encoder, images):
    """What images in [0, 1] bring about in a tensor of an encoder."""
    import keras

    reads = keras.Model(encoder.inputs, tensor)
    return reads.predict(images.astype("float32") / 255, batch_size=500, verbose=0)


def train(images, epochs, path):
    """Train, and write the model; returns it and the processor seconds that it took."""
    import keras

    from keras_gans import presets

    model = presets.bigan((28, 28, 1), seed=0)

    def set_rate(epoch, logs):
        for player in model.players:
            getattr(model.optimizer, player).learning_rate = rate(epoch, epochs)

    start = time.process_time()
    model.fit(
        images,
        batch_size=128,
        epochs=epochs,
        verbose=2,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_begin=set_rate)],
    )
    seconds = time.process_time() - start
    model.save(path)
    return model, seconds


def draw(model, images, path, columns=12):
    from keras_gans_cli.rows import save_rows

    samples = model.generate(2 * columns, seed=0)
    rows = {
        "originals": images[:columns],
        "G(E(x))": model.reconstruct(images[:columns]),
        "more originals": images[columns : 2 * columns],
        "their G(E(x))": model.reconstruct(images[columns : 2 * columns]),
        "samples G(z)": samples[:columns],
        "more samples": samples[columns:],
    }
    save_rows(rows, path, columns)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="folder of the .gz files")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--run", type=Path, default=Path("runs/benchmark_bigan"))
    options = parser.parse_args()
    import keras

    from keras_gans.data import fashion_mnist

    images, labels = training_images(options.data)
    others, their_labels = fashion_mnist((28, 28, 1))
    options.run.mkdir(parents=True, exist_ok=True)
    path = options.run / "bigan.keras"
    if path.exists():
        model = keras.saving.load_model(path, compile=False)
        title, took = "trained before", ""
    else:
        model, seconds = train(images, options.epochs, path)
        title, took = f"{options.epochs} epochs", minutes(seconds)
    share, distance = share_of_baseline(others, model.reconstruct(others, batch_size=500))
    seen = [
        features_of(model.encoder.get_layer("features").output, model.encoder, x)
        for x in (images[:PROBED], others)
    ]
    accuracy = linear_probe(seen[0], labels[:PROBED], seen[1], their_labels)
    draw(model, others, options.run / "bigan.png")
    mean = np.broadcast_to(images.mean(0), others.shape)
    print("| | processor | distance | share | deviation of E(x) | features, linear probe |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    deviation = model.encode(others, batch_size=500).std()
    print(f"| {title} | {took} | {distance:.2f} | {share:.2f} | {deviation:.2f} | {accuracy:.1%} |")
    share, distance = share_of_baseline(others, mean)
    print(f"| the mean image for all | | {distance:.2f} | {share:.2f} | | |")


if __name__ == "__main__":
    main()
