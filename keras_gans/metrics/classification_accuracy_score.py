"""Classification accuracy score: what a classifier learns of generated images."""

from typing import Any

import keras
import numpy as np

from keras_gans.callbacks.pictures import shown_weights
from keras_gans.metrics.result import Result, interval_of
from keras_gans.metrics.values import floats_of
from keras_gans.typing import ImageArray


def classification_accuracy_score(
    fake: Any,
    held_out: tuple[ImageArray, Any],
    classifier: Any = None,
    num_images: int = 10_000,
    epochs: int = 10,
    seed: int = 0,
    repeats: int = 10,
    level: float = 0.95,
    batch_size: int = 128,
) -> Result:
    """The accuracy on real images of a classifier that was trained on generated ones alone.

    What real images have and generated ones lack, the classifier cannot learn: the score sees
    classes that are made badly or all alike, which distances of whole sets average away. Compare it
    with the same classifier trained on as many real images, `fake=(images, labels)` of theirs.

    It trains, and so it is a function and no metric: minutes, and another number at each seed,
    which it gives to `keras.utils.set_random_seed`.

    Args:
        fake: A model whose `generate` takes `labels`, which makes as many images of each class; or
            `(images, labels)`.
        held_out: `(images, labels)`, real ones that the generator was not trained on; `labels` ids
            from 0.
        classifier: Function from an image shape and a number of classes to a compiled `keras.Model`
            that says a score of each class; by default `small_classifier`.
        num_images: Integer, images to generate.
        epochs: Integer, of the classifier.
        seed: Integer, of the latents and of the classifier.
        repeats: Integer >= 5, random halves of `held_out` for the interval; see `interval_of`.
        level: Float, the confidence.
        batch_size: Integer, images of a step.

    Returns:
        A `Result`; larger is better.

    Raises:
        TypeError: A model that makes no images of a class.
        ValueError: Images and labels that are not equally many, or images of different shapes.

    Example:

    ```python
    model = keras_gans.presets.load("conditional_dcgan_fashion_mnist")
    keras_gans.metrics.classification_accuracy_score(model, (images, labels), epochs=5)
    ```

    References:
        Ravuri and Vinyals 2019, Classification Accuracy Score for Conditional Generative Models,
        arXiv:1905.10887.
    """
    if repeats < 5:
        raise ValueError(f"An interval takes 5 or more halves; `repeats` was {repeats}.")
    weights = None
    if isinstance(fake, keras.Model):
        if "labels" not in getattr(fake, "generator_conditions", ()):
            raise TypeError(
                f"{type(fake).__name__} makes no images of a class: expected a model whose "
                "`generate` takes `labels`, or (images, labels)."
            )
        weights = shown_weights(fake)
        conditions = fake.usual_conditions(num_images)
        made = fake.generate(seed=seed, batch_size=batch_size, **conditions)
        fake = made, conditions["labels"]
    (made, labels), (real, truth) = (checked(*pair) for pair in (fake, held_out))
    if made.shape[1:] != real.shape[1:]:
        raise ValueError(
            f"Generated images are {made.shape[1:]} and held-out ones {real.shape[1:]}: bring them "
            "to one shape."
        )
    classes = int(max(labels.max(), truth.max())) + 1
    keras.utils.set_random_seed(seed)
    network = (classifier or small_classifier)(made.shape[1:], classes)
    network.fit(made, labels, batch_size=batch_size, epochs=epochs, verbose=0)
    scores = network.predict(real, batch_size=batch_size, verbose=0)
    right = scores.argmax(axis=-1) == truth
    rng = np.random.default_rng(seed)
    halves = [rng.permutation(right)[: len(right) // 2].mean() for _ in range(repeats)]
    value = float(right.mean())
    name = "classification_accuracy_score"
    protocol = {
        "metric": name,
        "classifier": network.name,
        "epochs": epochs,
        "batch_size": batch_size,
        "num_real": len(real),
        "num_fake": len(made),
        "weights": weights,
        "seed": seed,
    }
    return Result({name: value}, {name: interval_of(value, halves, level)}, level, protocol)


def checked(images, labels):
    """Float32 images in [-1, 1] and int32 labels, equally many."""
    (images,) = floats_of(np.asarray(images))
    images = keras.ops.convert_to_numpy(images)
    labels = np.asarray(labels).astype("int32")
    if labels.shape != (len(images),):
        raise ValueError(
            f"There are {len(images)} images, and labels of shape {labels.shape}: expected an id "
            "for each."
        )
    return images, labels


def small_classifier(image_shape, classes):
    """Two convolutions and two dense layers, compiled with Adam.

    Args:
        image_shape: `(height, width, channels)`.
        classes: Integer.
    """
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input(image_shape),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(padding="same"),
            layers.Conv2D(64, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(padding="same"),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(classes),
        ],
        name="small_classifier",
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(1e-3), loss=loss)
    return model
