"""The classification accuracy score, on images whose class is their brighter half."""

import keras
import numpy as np
import pytest

from keras_gans.metrics import classification_accuracy_score
from tests.harness import conditional_gan, gan


def bright_halves(number, seed):
    """Images of 4x4 pixels, the left or the right half of which is brighter; ids say which."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, number)
    images = rng.integers(0, 100, (number, 4, 4, 1))
    for image, label in zip(images, labels, strict=True):
        image[:, 2 * label : 2 * label + 2] += 120
    return images.astype("uint8"), labels


def linear(image_shape, classes):
    layers = [keras.Input(image_shape), keras.layers.Flatten(), keras.layers.Dense(classes)]
    model = keras.Sequential(layers, name="linear")
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.Adam(0.05), loss=loss)
    return model


HELD_OUT = bright_halves(200, seed=1)


def score(fake, **arguments):
    arguments = {"classifier": linear, "epochs": 5, "batch_size": 50, **arguments}
    return classification_accuracy_score(fake, HELD_OUT, **arguments)


def test_images_of_the_same_distribution_teach_all():
    result = score(bright_halves(200, seed=2))
    assert result.value > 0.98
    assert result.protocol["classifier"] == "linear"
    assert (result.protocol["num_fake"], result.protocol["num_real"]) == (200, 200)


def test_labels_that_mean_nothing_teach_nothing_and_wrong_ones_the_wrong_thing():
    images, labels = bright_halves(200, seed=2)
    assert score((images, 1 - labels)).value < 0.02
    low, high = score((images, np.random.default_rng(0).permutation(labels))).interval
    assert high - low > 0.02


def test_it_is_the_share_of_right_answers():
    """Of a classifier that always says class 1."""

    def stubborn(image_shape, classes):
        model = linear(image_shape, classes)
        model.layers[-1].set_weights([np.zeros((16, classes)), np.arange(classes)])
        return model

    result = score(bright_halves(50, seed=2), classifier=stubborn, epochs=0)
    assert result.value == pytest.approx(np.mean(HELD_OUT[1] == 1))


def test_a_model_makes_as_many_of_each_class():
    model = conditional_gan(classes=3)
    shape = model.image_shape
    held_out = np.zeros((9, *shape), "uint8"), np.arange(9) % 3
    result = classification_accuracy_score(
        model, held_out, linear, num_images=30, epochs=1, repeats=5
    )
    assert result.protocol["num_fake"] == 30 and result.protocol["weights"] == "raw"
    assert 0 <= result.value <= 1


def test_the_default_classifier_learns():
    result = score(bright_halves(100, seed=2), classifier=None, epochs=3)
    assert result.value > 0.9 and result.protocol["classifier"] == "small_classifier"


@pytest.mark.parametrize(
    ("fake", "error", "sentence"),
    [
        (gan(), TypeError, "makes no images of a class"),
        ((HELD_OUT[0], HELD_OUT[1][:5]), ValueError, "200 images, and labels of shape"),
        ((np.zeros((4, 8, 8, 1), "uint8"), np.zeros(4)), ValueError, "bring them to one shape"),
    ],
)
def test_what_does_not_fit_is_told(fake, error, sentence):
    with pytest.raises(error, match=sentence):
        score(fake)
