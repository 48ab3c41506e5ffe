"""What users are told of the classes of their images."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans.models import LatentModel
from keras_gans.models.classifies import Classifies
from keras_gans.serving.networks import network_of
from keras_gans.serving.signatures import signatures_of
from tests.backends import written_once
from tests.harness import images, numpy_of


class Tells(Classifies, LatentModel):
    """A generator that nobody trains, and a network that tells three classes."""

    def __init__(self, **options):
        generator = [keras.Input((4,)), layers.Dense(16, activation="tanh")]
        super().__init__(keras.Sequential([*generator, layers.Reshape((4, 4, 1))]), 4, **options)
        x = keras.Input((4, 4, 1))
        features = layers.Flatten()(layers.Dropout(0.5)(x))
        logits = layers.Dense(3, kernel_initializer="random_normal")(features)
        self.classifier = keras.Model(x, {"logits": logits, "features": features})

    @property
    def players(self):
        return {"generator": [self.generator], "classifier": [self.classifier]}

    def served_classifier(self, weights="averaged"):
        return self.classifier


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return Tells(seed=0)


def expected(model, pixels):
    kernel, bias = map(numpy_of, model.classifier.layers[-1].weights)
    logits = (pixels / 127.5 - 1).reshape(len(pixels), -1) @ kernel + bias
    likely = np.exp(logits - logits.max(-1, keepdims=True))
    return likely / likely.sum(-1, keepdims=True)


def test_classes_are_the_likeliest_of_the_network(model):
    pixels = images(7, (4, 4, 1))
    likely = expected(model, pixels)
    ids = model.classify(pixels)
    assert ids.dtype == "int32"
    np.testing.assert_array_equal(ids, likely.argmax(-1))
    assert len({*ids}) > 1
    np.testing.assert_allclose(model.told(pixels)["probabilities"], likely, atol=1e-5)


def test_bytes_and_floats_in_chunks_of_any_size_are_of_the_same_class(model):
    pixels = images(7, (4, 4, 1))
    ids = model.classify(pixels)
    floats = pixels / np.float32(127.5) - 1
    for given, batch_size in (
        (pixels, 2),
        (pixels, 7),
        (floats, 64),
        (floats.astype("float64"), 3),
    ):
        np.testing.assert_array_equal(model.classify(given, batch_size=batch_size), ids)
    assert model.classify(pixels[:0]).shape == (0,)


@pytest.mark.parametrize(
    ("given", "arguments", "sentence"),
    [
        (np.zeros((2, 5, 4, 1), "uint8"), {}, r"`images` to be images of shape \[n, 4, 4, 1\]"),
        (np.zeros((4, 4, 1), "uint8"), {}, r"`images\[None\]`"),
        (np.zeros((2, 4, 4, 1), "int32"), {}, "its dtype is int32"),
        (np.full((2, 4, 4, 1), 3.0), {}, r"to lie in \[-1, 1\]"),
        (np.full((2, 4, 4, 1), np.nan), {}, "finite"),
        (np.zeros((2, 4, 4, 1), "uint8"), {"batch_size": 0}, "batch_size is a whole number"),
    ],
)
def test_images_that_it_cannot_read_are_told(model, given, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        model.classify(given, **arguments)


def test_the_endpoint_says_what_the_classes_are_called(model):
    pixels = images(5, (4, 4, 1))
    model.class_names = ("bag", "boot", "coat")
    endpoint = model.classify_endpoint()
    described = signatures_of({"classify": endpoint})["classify"].described()
    assert described["inputs"] == {"images": {"dtype": "uint8", "shape": [None, 4, 4, 1]}}
    assert described["outputs"] == {
        "labels": {
            "dtype": "int32",
            "shape": [None],
            "low": 0,
            "high": 2,
            "names": ["bag", "boot", "coat"],
        },
        "probabilities": {"dtype": "float32", "shape": [None, 3]},
    }
    assert endpoint.method(images=pixels).keys() == endpoint.outputs.keys()
    made = endpoint.function(images=model.samples.to_floats(pixels))
    np.testing.assert_allclose(numpy_of(made["probabilities"]), expected(model, pixels), atol=1e-5)
    np.testing.assert_array_equal(numpy_of(made["labels"]), model.classify(pixels))
    network = network_of(endpoint)  # What ONNX and LiteRT files are written of.
    assert {name: x.dtype for name, x in network.output.items()} == {
        "labels": "int32",
        "probabilities": "float32",
    }


@written_once
def test_a_signature_tells_what_the_model_tells(model):
    import tensorflow as tf

    signature = signatures_of({"classify": model.classify_endpoint()})["classify"].function()
    for n in (0, 3):
        pixels = images(n, (4, 4, 1))
        told, made = model.told(pixels), signature(tf.constant(pixels))
        for name, expected in told.items():
            assert made[name].dtype == expected.dtype
            np.testing.assert_allclose(made[name], expected, atol=1e-5)
