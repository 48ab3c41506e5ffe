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

from benchmarks.shifted_and_flipped import ShiftedAndFlipped
from keras_gans.data import read_folder, to_float
from keras_gans_cli.options import fast_precision

TARGET = pathlib.Path(__file__).resolve().parents[1] / (
    "keras_gans/metrics/cifar10_classifier.keras"
)
SHAPE = (32, 32, 3)
SHIFT = 4


def load_split(folder, split):
    """Images, float32 [n, 32, 32, 3] in [-1, 1], and labels, int32 [n], in order of the names."""
    images, labels, _ = read_folder(folder / split, SHAPE, labels="folders")
    return to_float(images), labels.astype("int32")


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
    images, labels = load_split(folder, "train")
    around = np.pad(images, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), mode="reflect")
    data = ShiftedAndFlipped(around, labels, SHAPE[0], batch_size)
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
