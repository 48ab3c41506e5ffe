"""Trains the classifier of colour images that `keras_gans.metrics.cifar10_extractor` is part of.

    KERAS_BACKEND=tensorflow python -m benchmarks.train_cifar10_classifier \\
        --data ../shared/data/cifar10.zip

The images are those of CIFAR-10 recompressed as JPEG, in folders named by their classes.

On 2026-11-27, on one CPU core that other programs used most of the time, with Keras 3.15.1 and
TensorFlow 2.21 in mixed_bfloat16: accuracy 0.8481 on the 10,000 test images, 460,650 parameters,
1,898 KiB, 1,150 seconds for 10 epochs. On those images all of the 64 features are above zero at
times, each for 44 % of the images on average.
"""

import argparse
import pathlib
import time

import keras
import numpy as np

from applications.options import fast_precision
from keras_gans.data import read_folder, to_float

TARGET = pathlib.Path(__file__).resolve().parents[1] / (
    "keras_gans/metrics/cifar10_classifier.keras"
)
SHAPE = (32, 32, 3)
SHIFT = 4


def load_split(folder, split):
    """Images, float32 [n, 32, 32, 3] in [-1, 1], and labels, int32 [n], in order of the names."""
    images, labels, _ = read_folder(folder / split, SHAPE, labels="folders")
    return to_float(images), labels.astype("int32")


class ShiftedAndFlipped(keras.utils.PyDataset):
    """Shuffled batches, each image mirrored half of the time and shifted by up to four pixels."""

    def __init__(self, images, labels, batch_size, seed=0):
        super().__init__()
        around = ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0))
        self.images = np.pad(images, around, mode="reflect")
        self.labels = keras.utils.to_categorical(labels, 10)
        self.batch_size = batch_size
        self.rng = np.random.default_rng(seed)
        self.order = self.rng.permutation(len(images))

    def __len__(self):
        return len(self.images) // self.batch_size

    def __getitem__(self, index):
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        windows = np.lib.stride_tricks.sliding_window_view(self.images, SHAPE[:2], axis=(1, 2))
        top, left = self.rng.integers(0, 2 * SHIFT + 1, (2, len(chosen)))
        images = windows[chosen, top, left].transpose(0, 2, 3, 1)
        mirrored = self.rng.random(len(chosen)) < 0.5
        images[mirrored] = images[mirrored, :, ::-1]
        return images, self.labels[chosen]

    def on_epoch_end(self):
        self.order = self.rng.permutation(len(self.images))


def build_classifier():
    """Convolutions with batch norm, which at inference is a scale and a shift of each channel."""
    layers = keras.layers

    def normalized(x):
        x = layers.BatchNormalization(momentum=0.95)(x)
        return layers.Activation("relu")(x)

    images = keras.Input(SHAPE, name="images")
    x = images
    for filters, halved in ((32, True), (64, False), (64, True), (128, False), (128, True)):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = normalized(layers.MaxPooling2D()(x) if halved else x)
    x = normalized(layers.Conv2D(128, 3, padding="same", use_bias=False)(x))
    # Averaged over quarters of the image, not all of it: where a thing is matters to whether an
    # image looks right.
    x = layers.Flatten()(layers.AveragePooling2D(2)(x))
    # Normalized before the ReLU, no feature is dead.
    x = layers.Dense(64, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.95)(x)
    features = layers.Activation("relu", dtype="float32", name="features")(x)
    logits = layers.Dense(10, dtype="float32", name="logits")(features)
    return keras.Model(images, logits, name="cifar10_classifier")


def train(folder, epochs, batch_size, precision):
    """The trained classifier, in float32, and its accuracy on the test images."""
    data = ShiftedAndFlipped(*load_split(folder, "train"), batch_size)
    steps = epochs * len(data)
    keras.config.set_dtype_policy(precision)
    model = build_classifier()
    model.compile(
        optimizer=keras.optimizers.SGD(
            keras.optimizers.schedules.CosineDecay(
                0.02, steps * 3 // 4, alpha=0.0, warmup_target=0.3, warmup_steps=steps // 4
            ),
            momentum=0.9,
            nesterov=True,
            weight_decay=5e-3,
        ),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
        # XLA slows TensorFlow's convolutions down on a CPU.
        jit_compile=keras.backend.backend() == "jax",
    )
    model.fit(data, epochs=epochs, verbose=2)
    # One that was never compiled, in float32: no optimizer goes into the file, and no precision.
    keras.config.set_dtype_policy("float32")
    classifier = build_classifier()
    classifier.set_weights(model.get_weights())
    images, labels = load_split(folder, "test")
    predicted = classifier.predict(images, batch_size=1000, verbose=0).argmax(axis=-1)
    return classifier, float(np.mean(predicted == labels))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--data",
        type=pathlib.Path,
        required=True,
        help="folder of train/ and test/, or a zip",
    )
    parser.add_argument("--target", type=pathlib.Path, default=TARGET)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--batch-size", type=int, default=250)
    parser.add_argument("--precision", default=fast_precision(), help="bfloat16 where it is fast")
    parser.add_argument("--overwrite", action="store_true", help="replace an existing target")
    arguments = parser.parse_args()
    if arguments.target.exists() and not arguments.overwrite:
        parser.error(f"{arguments.target} exists already; pass --overwrite to replace it.")

    keras.utils.set_random_seed(0)
    start = time.perf_counter()
    model, accuracy = train(
        arguments.data, arguments.epochs, arguments.batch_size, arguments.precision
    )
    seconds = time.perf_counter() - start
    model.save(arguments.target)
    print(
        f"accuracy {accuracy:.4f}, {model.count_params():,} parameters, "
        f"{arguments.target.stat().st_size / 1024:.0f} KiB, {seconds:.0f} seconds"
    )


if __name__ == "__main__":
    main()
