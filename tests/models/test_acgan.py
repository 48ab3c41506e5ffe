"""ACGAN of Odena et al.: its case, its two losses, and the networks that it takes."""

import keras
import numpy as np
import pytest
from keras import layers, ops
from PIL import Image

from keras_gans import data
from keras_gans.models import ACGAN
from tests.harness import (
    LATENT_DIM,
    Averages,
    Conditions,
    DrawsLatents,
    Exports,
    FromLabels,
    Harness,
    assert_equal,
    conditional_gan,
    everything,
)


def discriminator(classes=3, outputs=("scores", "logits")):
    images = keras.Input((4, 4, 1), name="images")
    x = layers.Dense(8, activation="softplus")(layers.Flatten()(images))
    x = layers.Dropout(0.3, seed=2)(x)
    # Far from ties: half precision tells the same classes.
    wide = keras.initializers.RandomNormal(0.0, 1.0, seed=4)
    logits = layers.Dense(classes, kernel_initializer=wide, dtype="float32")(x)
    made = (layers.Dense(1, dtype="float32")(x), logits)
    return keras.Model(images, dict(zip(outputs, made, strict=True)))


def acgan(**arguments):
    generator = conditional_gan().generator
    return ACGAN(generator, discriminator(), LATENT_DIM, **{"seed": 3, **arguments})


class TestACGAN(FromLabels, Conditions, DrawsLatents, Averages, Exports, Harness):
    logs = (
        "real_score",
        "fake_score",
        "source",
        "classes",
        "fake_source",
        "fake_classes",
        "real_accuracy",
        "fake_accuracy",
    )

    def build(self, **arguments):
        return acgan(ema_decay=0.5, **arguments)

    def requests(self, model, n=3):
        (pixels,) = super(FromLabels, self).arrays(n)
        return {**super().requests(model, n), "classify": ({"images": pixels}, model.told(pixels))}


class Fixed:
    """In the place of a discriminator: an image's pixel is the number of its row of scores."""

    def __init__(self, scores, logits):
        self.scores, self.logits = scores, logits

    def __call__(self, images, training):
        rows = ops.cast(images[:, 0, 0, 0], "int32")
        return {
            "scores": ops.take(ops.convert_to_tensor(self.scores), rows, axis=0),
            "logits": ops.take(ops.convert_to_tensor(self.logits), rows, axis=0),
        }


RNG = np.random.default_rng(6)
SCORES = RNG.normal(size=(6, 1)).astype("float32")
LOGITS = RNG.normal(size=(6, 3)).astype("float32")
LABELS = np.array([2, 0, 1], "int32")


def terms(loss="minimax", **weights):
    """Those of both players, and their logs: reals are the first three rows, fakes the last."""
    model = acgan(loss=loss, **weights)
    logs = {}
    object.__setattr__(model, "observe", lambda **values: logs.update(values))
    object.__setattr__(model, "discriminator", Fixed(SCORES, LOGITS))
    rows = [ops.convert_to_tensor(rows) for rows in np.arange(6.0).reshape(2, 3, 1, 1, 1)]
    batch = model.batch((rows[0], ops.convert_to_tensor(LABELS)))
    of_both = [*model.discriminator_terms(batch, rows[1]).items()]
    of_both += [*model.generator_terms(batch, rows[1]).items(), *logs.items()]
    return {name: float(ops.convert_to_numpy(value)) for name, value in of_both}


def log_likelihoods():
    """E[log P] of sources and of classes, each of reals and of fakes, by the paper's section 4."""
    real = 1 / (1 + np.exp(-SCORES.astype("float64")[:, 0]))
    classes = np.exp(LOGITS.astype("float64"))
    right = (classes / classes.sum(axis=1, keepdims=True))[np.arange(6), [*LABELS, *LABELS]]
    halves = [np.log(real[:3]), np.log(1 - real[3:]), np.log(right[:3]), np.log(right[3:])]
    return [half.mean() for half in halves]


def test_the_discriminator_maximizes_l_s_and_l_c_the_generator_l_c_without_l_s():
    real_source, fake_source, real_class, fake_class = log_likelihoods()
    made = terms("minimax")
    assert made["source"] == pytest.approx(-(real_source + fake_source), rel=1e-6)
    assert made["classes"] == pytest.approx(-(real_class + fake_class), rel=1e-6)
    # Down L_S - L_C, of which the reals' halves do not depend on the generator.
    assert made["fake_source"] == pytest.approx(fake_source, rel=1e-6)
    assert made["fake_classes"] == pytest.approx(-fake_class, rel=1e-6)


def test_by_default_the_generator_has_the_form_that_does_not_saturate():
    expected = np.log1p(np.exp(-SCORES[3:].astype("float64"))).mean()
    assert terms("non_saturating")["fake_source"] == pytest.approx(expected, rel=1e-6)


def test_a_relativistic_loss_compares_with_the_scores_of_reals():
    expected = np.log1p(np.exp(SCORES[:3].astype("float64") - SCORES[3:])).mean()
    assert terms("relativistic")["fake_source"] == pytest.approx(expected, rel=1e-6)


def test_each_player_weighs_the_classes_by_its_own_argument():
    plain = terms()
    weighed = terms(discriminator_class_weight=3.0, generator_class_weight=0.1)
    factors = {"classes": 3.0, "fake_classes": 0.1}
    for name, value in plain.items():
        assert weighed[name] == pytest.approx(factors.get(name, 1.0) * value, rel=1e-6), name


def test_the_shares_of_reals_and_fakes_whose_class_is_told_are_logged():
    told = (LOGITS.argmax(axis=1) == [*LABELS, *LABELS]).reshape(2, 3).mean(axis=1)
    made = terms()
    assert [made["real_accuracy"], made["fake_accuracy"]] == pytest.approx(told)
    assert told[0] != told[1]
    assert made["real_score"] == pytest.approx(SCORES[:3].mean())
    assert made["fake_score"] == pytest.approx(SCORES[3:].mean())


def test_the_loss_and_the_weights_come_back_from_a_config():
    model = acgan(loss="hinge", discriminator_class_weight=2.0, generator_class_weight=0.1)
    copy = ACGAN.from_config(model.get_config())
    assert copy.adversarial_loss.name == "hinge"
    assert (copy.discriminator_class_weight, copy.generator_class_weight) == (2.0, 0.1)


def test_it_tells_users_the_classes_that_its_logits_say():
    model = acgan()
    pixels = 255 * np.tri(17, 16, -1, dtype="uint8").reshape(17, 4, 4, 1)

    def logits():
        seen = model.discriminator(pixels / np.float32(127.5) - 1, training=False)
        return ops.convert_to_numpy(ops.stop_gradient(seen["logits"]))

    (layer,) = [x for x in model.discriminator.layers if getattr(x, "units", 0) == 3]
    layer.bias.assign(-logits().mean(axis=0))  # So that no class is told of all images.
    told = model.classify(pixels)
    np.testing.assert_array_equal(told, logits().argmax(axis=1))
    assert len({*told}) > 1


def test_the_generator_runs_once_in_a_step():
    model = acgan()
    model.compile(run_eagerly=True)
    calls, call = [], model.generator.call
    object.__setattr__(
        model.generator, "call", lambda *args, **kwargs: calls.append(1) or call(*args, **kwargs)
    )
    model.train_on_batch(np.zeros((3, 4, 4, 1), "float32"), LABELS)
    assert len(calls) == 1


def test_classes_that_the_generator_does_not_count_are_those_that_are_told():
    latents = keras.Input((LATENT_DIM,), name="latents")
    labels = keras.Input((), dtype="int32", name="labels")
    code = layers.Lambda(lambda ids: ops.one_hot(ids, 3), output_shape=(3,))(labels)
    x = layers.Dense(16, activation="tanh")(layers.Concatenate()([latents, code]))
    generator = keras.Model([latents, labels], layers.Reshape((4, 4, 1))(x))
    model = ACGAN(generator, discriminator(), LATENT_DIM)
    assert model.conditions["labels"].classes == model.generator_conditions["labels"].classes == 3
    with pytest.raises(ValueError, match="values from 0 to 2, but 3 is one"):
        model.generate(labels=[0, 3])


@pytest.mark.parametrize("outputs", [("scores", "labels"), ("score", "logits")])
def test_a_discriminator_with_other_outputs_is_told(outputs):
    with pytest.raises(ValueError, match=f"takes images and makes {', '.join(outputs)}"):
        ACGAN(conditional_gan().generator, discriminator(outputs=outputs), LATENT_DIM)


def test_networks_that_do_not_fit_are_told():
    tiny = conditional_gan()
    with pytest.raises(ValueError, match="takes images, labels and makes no dict"):
        ACGAN(tiny.generator, tiny.discriminator, LATENT_DIM)
    with pytest.raises(ValueError, match="tells 4 classes, the generator makes images of 3"):
        ACGAN(tiny.generator, discriminator(4), LATENT_DIM)
    blind = keras.Sequential(
        [keras.Input((LATENT_DIM,), name="latents"), layers.Dense(16), layers.Reshape((4, 4, 1))]
    )
    with pytest.raises(ValueError, match="needs an input of ids"):
        ACGAN(blind, discriminator(), LATENT_DIM)


def arrays_of(folder):
    return (PIXELS, IDS)


def folders_of(folder):
    for i, (pixels, label) in enumerate(zip(PIXELS, IDS, strict=True)):
        (folder / "abc"[label]).mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels[..., 0]).save(folder / "abc"[label] / f"{i}.png")
    return (data.images(folder, (4, 4, 1), batch_size=4, labels="folders", seed=1),)


def tf_data_of(folder):
    tf = pytest.importorskip("tensorflow", reason="tf.data is TensorFlow's")
    return (tf.data.Dataset.from_tensor_slices((PIXELS, {"labels": IDS})).batch(4),)


PIXELS = np.random.default_rng(0).integers(0, 256, (9, 4, 4, 1), dtype="uint8")
IDS = np.arange(9, dtype="int32") % 3


@pytest.mark.parametrize("labelled", [arrays_of, folders_of, tf_data_of])
def test_a_run_on_labels_of_any_form_goes_on_bit_for_bit(labelled, tmp_path):
    start, given = acgan().get_weights(), labelled(tmp_path / "images")
    ends = []
    for parts in ([2], [1, 2]):
        model = acgan()
        model.set_weights(start)
        model.compile(run_eagerly=True)
        for part, epochs in enumerate(parts):
            if part:
                model.save(tmp_path / "model.keras")
                model = keras.saving.load_model(tmp_path / "model.keras")
            arguments = {"initial_epoch": epochs - 1 if part else 0, "shuffle": False}
            model.fit(*given, epochs=epochs, verbose=0, **arguments)
        ends.append(everything(model))
    assert_equal(*ends)
