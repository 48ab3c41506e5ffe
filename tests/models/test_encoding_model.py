"""What a model with an encoder does for users, on one whose encoder and generator are linear."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gans.latents import Normal, Uniform
from keras_gans.models import EncodingModel
from tests.backends import written_once
from tests.harness import assert_equal, images

PIXELS = images(5, (2, 2, 1))


class Linear(EncodingModel):
    """It never trains."""

    @property
    def players(self):
        return {"autoencoder": [self.encoder, self.generator]}

    def default_optimizer(self, player):
        return "sgd"


def linear(latents=None, **options):
    """Halves the floats and doubles them again."""
    encoder = keras.Sequential(
        [keras.Input((2, 2, 1)), layers.Flatten(), layers.Dense(4, use_bias=False)]
    )
    generator = keras.Sequential(
        [keras.Input((4,)), layers.Dense(4, use_bias=False), layers.Reshape((2, 2, 1))]
    )
    encoder.set_weights([np.eye(4) / 2])
    generator.set_weights([np.eye(4) * 2])
    return Linear(encoder, generator, latents=latents or Normal(4), **options)


def labelled():
    """Two latents; the encoder reads labels, and the generator a brightness."""
    pixels = keras.Input((2, 2, 1), name="images")
    labels = keras.Input((), dtype="int32", name="labels")
    flat = layers.Flatten()(pixels)
    shift = layers.Embedding(3, 1, embeddings_initializer="ones")(labels)
    outputs = {"left": flat[:, :2] + shift, "right": flat[:, 2:]}
    encoder = keras.Model({"images": pixels, "labels": labels}, outputs)
    left, right = keras.Input((2,), name="left"), keras.Input((2,), name="right")
    brightness = keras.Input((1,), name="brightness")
    made = layers.Concatenate()([left, right]) + brightness
    generator = keras.Model([left, right, brightness], layers.Reshape((2, 2, 1))(made))
    return Linear(encoder, generator, latents={"left": Normal(2), "right": Uniform(2)})


def test_encode_gives_the_latents_that_reconstruct_starts_from():
    model = linear()
    latents = model.encode(PIXELS, batch_size=2)
    assert latents.dtype == np.float32
    np.testing.assert_allclose(latents, (PIXELS / 127.5 - 1).reshape(5, 4) / 2, atol=1e-6)
    assert_equal([model.reconstruct(PIXELS, batch_size=2)], [PIXELS])
    floats = PIXELS.astype("float32") / 127.5 - 1
    np.testing.assert_allclose(model.encode(floats), latents, atol=1e-6)
    assert model.encode(PIXELS[:0]).shape == (0, 4)
    assert model.reconstruct(PIXELS[:0]).shape == (0, 2, 2, 1)


def test_encoder_and_generator_read_conditions_of_their_own():
    model = labelled()
    latents = model.encode(PIXELS, labels=[0, 1, 2, 0, 1])
    floats = (PIXELS / 127.5 - 1).reshape(5, 4)
    np.testing.assert_allclose(latents["left"], floats[:, :2] + 1, atol=1e-6)
    np.testing.assert_allclose(latents["right"], floats[:, 2:], atol=1e-6)
    made = model.reconstruct(PIXELS, labels=0, brightness=np.zeros((5, 1)))
    assert_equal([made[..., 1, :, :]], [PIXELS[..., 1, :, :]])


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (lambda m: m.encode(PIXELS[:, :1], labels=0), ValueError, "shape"),
        (
            lambda m: m.encode(PIXELS),
            ValueError,
            r"labels is missing: encode\(labels=\[0",
        ),
        (lambda m: m.encode(PIXELS, labels=3), ValueError, "from 0 to 2, but 3"),
        (lambda m: m.encode(PIXELS, labels=[0, 1]), ValueError, "5 samples and 2 labels"),
        (lambda m: m.encode(PIXELS, labels=0, pose=1), TypeError, "it was given 'pose'"),
        (lambda m: m.reconstruct(PIXELS, labels=0), ValueError, "brightness is missing"),
        (lambda m: m.reconstruct(PIXELS, labels=0, pose=1), TypeError, "given 'pose'"),
    ],
)
def test_what_it_cannot_encode_is_told(call, error, sentence):
    with pytest.raises(error, match=sentence):
        call(labelled())


def test_the_average_of_the_encoder_is_what_encodes():
    model = linear(ema_decay=0.5)
    model.encoder.set_weights([np.zeros((4, 4))])
    before = model.encode(PIXELS)
    assert before.any()
    model.update_averages(0.5)
    np.testing.assert_allclose(model.encode(PIXELS), before / 2, atol=1e-6)
    moved = {id(v) for v in model.trainable_variables}
    assert not moved & {id(v) for v in model.averaged_encoder.weights}


def test_networks_that_do_not_fit_are_told_at_once():
    fine = linear()
    with pytest.raises(ValueError, match=r"latents of shape \(3,\), the encoder makes \(4,\)"):
        narrow = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Reshape((2, 2, 1))])
        Linear(fine.encoder, narrow, 3)
    with pytest.raises(ValueError, match=r"the encoder takes \(4, 4, 1\)"):
        wide = keras.Sequential([keras.Input((4, 4, 1)), layers.Flatten(), layers.Dense(4)])
        Linear(wide, fine.generator, 4)


@written_once
@pytest.mark.parametrize("weights", ["averaged", "raw"])
def test_encode_and_reconstruct_are_signatures(weights, tmp_path):
    tf = pytest.importorskip("tensorflow", reason="exports are written by TensorFlow")
    model = linear(ema_decay=0.5)
    model.encoder.set_weights([np.zeros((4, 4))])  # The average stays.
    path = model.export(tmp_path / "linear", weights=weights)
    signatures = tf.saved_model.load(str(path)).signatures
    encoded = signatures["encode"](images=tf.constant(PIXELS))["latents"]
    expected = model.encode(PIXELS) * (weights == "averaged")
    np.testing.assert_allclose(encoded, expected, atol=1e-6)
    made = signatures["reconstruct"](images=tf.constant(PIXELS))["images"]
    assert made.dtype == tf.uint8
    np.testing.assert_array_equal(made, PIXELS if weights == "averaged" else 128 + 0 * PIXELS)


@written_once
def test_a_signature_takes_what_its_networks_read(tmp_path):
    tf = pytest.importorskip("tensorflow", reason="exports are written by TensorFlow")
    model = labelled()
    signatures = tf.saved_model.load(str(model.export(tmp_path / "labelled"))).signatures
    labels, brightness = tf.constant([0, 1, 2, 0, 1]), tf.zeros((5, 1))
    codes = signatures["encode"](images=tf.constant(PIXELS), labels=labels)
    expected = model.encode(PIXELS, labels=labels.numpy())
    for name, array in expected.items():
        np.testing.assert_allclose(codes[name], array, atol=1e-6)
    made = signatures["reconstruct"](
        images=tf.constant(PIXELS), labels=labels, brightness=brightness
    )["images"]
    again = model.reconstruct(PIXELS, labels=labels.numpy(), brightness=brightness.numpy())
    assert np.abs(made.numpy().astype(int) - again).max() <= 1
    assert ops.shape(made) == (5, 2, 2, 1)
