"""Trains the classifier whose features `keras_gans.metrics.FrechetDistance` compares.

    KERAS_BACKEND=tensorflow python -m benchmarks.train_fashion_mnist_classifier \\
        --data ../shared/data/fashion-mnist

On 2026-11-22, on two CPU cores that were also in other use, with Keras 3.15.1 and TensorFlow 2.21:
accuracy 0.9177 on the 10,000 test images, 111,770 parameters, 475 KiB, 354 seconds for 10 epochs.
On those images 41 of the 64 features are ever above zero.
"""

import argparse
import gzip
import pathlib
import time

import keras
import numpy as np

from benchmarks.shifted_and_flipped import ShiftedAndFlipped

TARGET = (
    pathlib.Path(__file__).resolve().parents[1]
    / "keras_gans"
    / "metrics"
    / "fashion_mnist_classifier.keras"
)
FILES = {
    "train": ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    "test": ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"),
}


def read_idx(path):
    """The uint8 array in a gzipped IDX file."""
    content = gzip.decompress(path.read_bytes())
    rank = content[3]
    shape = np.frombuffer(content, ">i4", count=rank, offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * rank).reshape(shape)


def training_images(folder):
    """The uint8 training images `(60000, 28, 28, 1)`, and their labels, int32 `(60000,)`."""
    images, labels = (read_idx(folder / name) for name in FILES["train"])
    return images[..., None], labels.astype("int32")


def load_split(folder, split):
    """Images, float32 [n, 28, 28, 1] in [-1, 1], and labels, int32 [n]."""
    images, labels = (read_idx(folder / name) for name in FILES[split])
    return images[..., None].astype("float32") / 127.5 - 1.0, labels.astype("int32")


def build_classifier():
    """Neither dropout nor batch norm: training and inference are the same function."""
    layers = keras.layers
    images = keras.Input((28, 28, 1), name="images")
    x = images
    for filters in (32, 48, 96):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.MaxPooling2D()(x)
    # Flattened, not averaged: where a thing is matters to whether an image looks right.
    x = layers.Flatten()(x)
    features = layers.Dense(64, activation="relu", name="features")(x)
    logits = layers.Dense(10, name="logits")(features)
    return keras.Model(images, logits, name="fashion_mnist_classifier")


def train(folder, epochs, batch_size):
    """The trained classifier and its accuracy on the test images."""
    images, labels = load_split(folder, "train")
    around = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)), constant_values=-1.0)
    data = ShiftedAndFlipped(around, labels, 28, batch_size)
    model = build_classifier()
    model.compile(
        optimizer=keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(
                2e-4, epochs * len(data), warmup_target=2e-3, warmup_steps=len(data) // 2
            )
        ),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.05),
        # XLA slows TensorFlow's convolutions down on a CPU.
        jit_compile=keras.backend.backend() == "jax",
    )
    model.fit(data, epochs=epochs, verbose=2)
    images, labels = load_split(folder, "test")
    predicted = model.predict(images, batch_size=1000, verbose=0).argmax(axis=-1)
    return model, float(np.mean(predicted == labels))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=pathlib.Path, required=True, help="folder of the .gz files")
    parser.add_argument("--target", type=pathlib.Path, default=TARGET)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch-size", type=int, default=128)
    parser.add_argument("--overwrite", action="store_true", help="replace an existing target")
    arguments = parser.parse_args()
    missing = [n for pair in FILES.values() for n in pair if not (arguments.data / n).is_file()]
    if missing:
        parser.error(f"--data {arguments.data} lacks {', '.join(missing)}.")
    if arguments.target.exists() and not arguments.overwrite:
        parser.error(f"{arguments.target} exists already; pass --overwrite to replace it.")

    keras.utils.set_random_seed(0)
    start = time.perf_counter()
    model, accuracy = train(arguments.data, arguments.epochs, arguments.batch_size)
    seconds = time.perf_counter() - start
    # A model around the same layers that was never compiled: no optimizer goes into the file.
    keras.Model(model.input, model.output, name=model.name).save(arguments.target)
    print(
        f"accuracy {accuracy:.4f}, {model.count_params():,} parameters, "
        f"{arguments.target.stat().st_size / 1024:.0f} KiB, {seconds:.0f} seconds"
    )


if __name__ == "__main__":
    main()
