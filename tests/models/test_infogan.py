"""InfoGAN: its cases, its losses against numpy, its traversals and what it recognizes."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gans.latents import Categorical, Normal, Uniform, only_or_all
from keras_gans.models import InfoGAN
from tests.harness import (
    Averages,
    Conditions,
    DrawsLatents,
    Exports,
    FromLabels,
    Harness,
    images,
    numpy_of,
)

LATENTS = {"noise": Normal(3), "category": Categorical(4), "style": Uniform(2)}


def inputs_for(sources):
    return {
        name: keras.Input(source.shape, dtype=source.spec.dtype, name=name)
        for name, source in sources.items()
    }


def vectors_of(inputs, classes):
    """One vector of numbers, of one-hot ids and of embedded labels."""
    parts = []
    for name, tensor in inputs.items():
        if tensor.dtype == "int32":
            tensor = layers.Embedding(classes[name], 3)(tensor)
        parts.append(layers.Flatten()(tensor))
    return layers.Concatenate()(parts) if len(parts) > 1 else parts[0]


def networks(latents, codes, labels=None):
    beside = {} if labels is None else {"labels": keras.Input((), dtype="int32", name="labels")}
    classes = {name: getattr(source, "classes", None) for name, source in latents.items()}
    classes["labels"] = labels
    inputs = {**inputs_for(latents), **beside}
    x = layers.Dense(8, activation="relu")(vectors_of(inputs, classes))
    x = layers.Dense(16, activation="tanh", dtype="float32")(layers.BatchNormalization()(x))
    generator = keras.Model(only_or_all(inputs), layers.Reshape((4, 4, 1))(x))

    inputs = {"images": keras.Input((4, 4, 1), name="images"), **beside}
    body = layers.Dense(8, activation="softplus")(vectors_of(inputs, classes))
    body = layers.Dropout(0.3, seed=2)(body)
    outputs = {"scores": layers.Dense(1, dtype="float32")(body)}
    for name in codes:
        shape = latents[name].predicted_shape
        head = layers.Dense(int(np.prod(shape)), dtype="float32")(body)
        outputs[name] = layers.Reshape(shape)(head)
    return generator, keras.Model(only_or_all(inputs), outputs)


def infogan(latents=LATENTS, codes=("category", "style"), labels=None, **arguments):
    keras.utils.set_random_seed(0)
    return InfoGAN(*networks(latents, codes, labels), latents, **{"seed": 3, **arguments})


class TestInfoGAN(FromLabels, Conditions, DrawsLatents, Averages, Exports, Harness):
    logs = ("real_score", "fake_score", "information_category", "information_style")

    def build(self, **arguments):
        return infogan(labels=3, ema_decay=0.5, **arguments)

    def latents(self, n):
        rng = np.random.default_rng(0)
        return {
            "noise": rng.standard_normal((n, 3), dtype="float32"),
            "category": rng.integers(0, 4, n, dtype="int32"),
            "style": rng.uniform(-1, 1, (n, 2)).astype("float32"),
        }

    def requests(self, model, n=3):
        (pixels, labels) = self.arrays(n)
        recognized = model.recognize(pixels, labels=labels)
        given = {"images": pixels, "labels": labels}
        return {**super().requests(model, n), "recognize": (given, recognized)}


def log_softmax(x):
    x = x - x.max(-1, keepdims=True)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def softplus(x):
    return np.logaddexp(0, x)


def test_both_losses_are_those_of_the_paper_less_the_bound():
    model = infogan(information_weight=0.7)
    latents = {n: ops.convert_to_tensor(z) for n, z in model.draw_latents(6, seed=0).items()}
    batch = model.batch(images(6, (4, 4, 1)))
    fake = model(latents)
    on_real, on_fake = (
        {name: numpy_of(x) for name, x in model.discriminator(x, training=False).items()}
        for x in (batch.samples, fake)
    )
    ids, styles = ops.convert_to_numpy(latents["category"]), numpy_of(latents["style"])
    log_q = log_softmax(on_fake["category"])[np.arange(6), ids]
    of_category = np.log(4) + log_q.mean()
    squares = ((styles - on_fake["style"]) ** 2).sum(1)
    of_style = 2 * np.log(2) - (squares / 2 + np.log(2 * np.pi)).mean()
    discriminator = softplus(-on_real["scores"]).mean() + softplus(on_fake["scores"]).mean()
    generator = softplus(-on_fake["scores"]).mean()

    arguments = batch, latents, fake
    bounds = model.information(latents, model.discriminator(fake, training=False))
    assert {n: float(numpy_of(b)) for n, b in bounds.items()} == pytest.approx(
        {"category": of_category, "style": of_style}, abs=1e-5
    )
    information = 0.7 * (of_category + of_style)
    for loss, expected in (
        (model.discriminator_loss, discriminator),
        (model.generator_loss, generator),
    ):
        measured = float(numpy_of(loss(*arguments, training=False)))
        assert measured == pytest.approx(expected - information, rel=1e-5)


def test_both_players_raise_the_bound_and_the_head_moves_with_the_discriminator():
    """With nothing but the bound in the losses, what moves is what reads it or is read by it."""
    model = infogan(information_weight=1e4)
    model.compile(*(keras.optimizers.SGD(1e-6) for _ in range(2)), run_eagerly=True)
    assert list(model.players) == ["discriminator", "generator"]
    heads = [layer for layer in model.discriminator.layers if getattr(layer, "units", 8) != 8]
    assert {layer.units for layer in heads} == {1, 4, 2}
    owned = {id(v) for v in model.optimizer.moved_variables("discriminator")}
    assert all(id(v) in owned for layer in heads for v in layer.trainable_variables)
    history = model.fit(images(64, (4, 4, 1)), batch_size=64, epochs=30, verbose=0).history
    for name in ("category", "style"):
        bounds = history[f"information_{name}"]
        assert np.mean(bounds[-5:]) > np.mean(bounds[:5])


def test_the_information_of_a_code_is_found_on_a_network_that_passes_it_on():
    """A generator that writes the category into its pixels: the bound comes near log 4."""
    category = keras.Input((), dtype="int32", name="category")
    noise = keras.Input((3,), name="noise")
    code = layers.CategoryEncoding(4, "one_hot")(category) * 2 - 1
    x = layers.Concatenate()([code, layers.Dense(12, activation="tanh")(noise)])
    generator = keras.Model([noise, category], layers.Reshape((4, 4, 1))(x))
    samples = keras.Input((4, 4, 1), name="images")
    x = layers.Flatten()(samples)
    heads = {"scores": layers.Dense(1)(x), "category": layers.Dense(4)(x)}
    latents = {"noise": Normal(3), "category": Categorical(4)}
    model = InfoGAN(generator, keras.Model(samples, heads), latents, seed=0)
    model.compile(discriminator_optimizer=keras.optimizers.Adam(0.1))
    history = model.fit(images(400, (4, 4, 1)), batch_size=20, epochs=2, verbose=0).history
    assert 1.2 < history["information_category"][-1] <= np.log(4)


@pytest.fixture(scope="module")
def model():
    return infogan()


def test_a_traversal_moves_one_code_and_keeps_the_others_of_its_row(model):
    made = model.traverse("style", dim=1, rows=3, steps=5, low=-2, high=2, seed=4)
    assert made.shape == (3, 5, 4, 4, 1)
    assert made.dtype == np.uint8
    kept = model.draw_latents(3, seed=4)
    for column, value in enumerate(np.linspace(-2, 2, 5)):
        style = np.stack([kept["style"][:, 0], np.full(3, value)], 1)
        expected = model.generate(latents={**kept, "style": style})
        np.testing.assert_array_equal(made[:, column], expected)


def test_a_traversal_of_categories_has_a_column_for_each(model):
    made = model.traverse("category", rows=2, steps=99, seed=4)
    assert made.shape == (2, 4, 4, 4, 1)
    kept = model.draw_latents(2, seed=4)
    for category in range(4):
        ids = np.full(2, category, "int32")
        expected = model.generate(latents={**kept, "category": ids})
        np.testing.assert_array_equal(made[:, category], expected)


def test_rows_of_a_traversal_have_the_codes_and_labels_that_they_are_given(model):
    made = model.traverse("style", rows=4, steps=2, category=np.arange(4))
    one = model.traverse("style", rows=4, steps=2, category=2)
    np.testing.assert_array_equal(made[2], one[2])
    assert (made[1] != one[1]).any()
    labelled = infogan(labels=3)
    made = labelled.traverse("category", rows=2, labels=[0, 1])
    other = labelled.traverse("category", rows=2, labels=[0, 2])
    np.testing.assert_array_equal(made[0], other[0])
    assert (made[1] != other[1]).any()
    with pytest.raises(ValueError, match="labels is missing"):
        labelled.traverse("category")


def test_the_only_source_may_be_a_code_of_several_ids():
    latents = {"latents": Categorical(3, count=2)}
    model = infogan(latents, ("latents",), loss="relativistic")
    model.compile(run_eagerly=True)
    history = model.fit(images(8, (4, 4, 1)), batch_size=4, verbose=0).history
    assert np.isfinite(history["information_latents"]).all()
    assert np.isfinite(model.evaluate(images(4, (4, 4, 1)), verbose=0)).all()
    made = model.traverse("latents", dim=1, rows=2, seed=0)
    ids = model.draw_latents(2, seed=0)[:, 0]
    expected = model.generate(latents=np.stack([ids, [2, 2]], 1))
    np.testing.assert_array_equal(made[:, 2], expected)
    assert model.recognize(images(5, (4, 4, 1)))["latents"].shape == (5, 2)


def test_it_recognizes_what_its_head_says_of_images(model):
    pixels = images(5, (4, 4, 1))
    judged = model.discriminator(ops.convert_to_tensor(pixels / np.float32(127.5) - 1))
    codes = model.recognize(pixels, batch_size=2)
    assert {name: values.dtype.name for name, values in codes.items()} == {
        "category": "int32",
        "style": "float32",
    }
    expected = ops.convert_to_numpy(judged["category"]).argmax(1)
    np.testing.assert_array_equal(codes["category"], expected)
    np.testing.assert_allclose(codes["style"], numpy_of(judged["style"]), atol=1e-6)
    assert model.recognize(pixels[:0])["style"].shape == (0, 2)
    with pytest.raises(ValueError, match="shape"):
        model.recognize(pixels[:, :3])
    labelled = infogan(labels=3)
    with pytest.raises(ValueError, match="labels is missing: recognize"):
        labelled.recognize(pixels)
    styles = [labelled.recognize(pixels, labels=label)["style"] for label in (0, 1)]
    assert (styles[0] != styles[1]).any()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"code": "angle"}, "The latents are noise, category, style; 'angle' is none"),
        ({"code": "style", "dim": 2}, "which of the 2 numbers of style moves, from 0 to 1; it was"),
        ({"code": "category", "dim": -1}, "of the 1 numbers of category"),
        ({"code": "style", "steps": 0}, "steps is a whole number from 1 on; it was 0"),
        ({"code": "style", "rows": 0}, "rows is a whole number from 1 on; it was 0"),
    ],
)
def test_a_traversal_of_what_there_is_not_is_told(model, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        model.traverse(**arguments)


@pytest.mark.parametrize(
    ("outputs", "sentence"),
    [
        (lambda x: layers.Dense(1)(x), "recognizes of noise or category or style; it returns no"),
        (lambda x: {"scores": layers.Dense(1)(x)}, "it returns scores. Build it as"),
        (
            lambda x: {"scores": layers.Dense(1)(x), "angle": layers.Dense(2)(x)},
            "it returns scores, angle. Build it as",
        ),
        (
            lambda x: {n: layers.Dense(2)(x) for n in ("scores", "style", "angle")},
            "recognizes 'angle', which is no latent",
        ),
        (
            lambda x: {n: layers.Dense(2)(x) for n in ("scores", "category")},
            r"says of category, Categorical.*of shape \(None, 2\); \(None, 4\) is due",
        ),
    ],
)
def test_a_discriminator_that_recognizes_no_code_is_told(outputs, sentence):
    generator, _ = networks(LATENTS, ("style",))
    samples = keras.Input((4, 4, 1), name="images")
    discriminator = keras.Model(samples, outputs(layers.Flatten()(samples)))
    with pytest.raises(ValueError, match=sentence):
        InfoGAN(generator, discriminator, LATENTS)
