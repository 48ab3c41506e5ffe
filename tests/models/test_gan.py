"""The GAN of Goodfellow et al.: its cases, its algorithm and its arguments."""

import tracemalloc

import keras
import numpy as np
import pytest

from keras_gans.latents import Categorical, Normal
from keras_gans.models import GAN
from tests.harness import (
    IMAGE_SHAPE,
    Averages,
    Conditions,
    DrawsLatents,
    Exports,
    FromLabels,
    FromLatents,
    Harness,
    RunsInXLA,
    conditional_gan,
    dense_gan,
    gan,
    images_for,
)


class TestDCGAN(FromLatents, DrawsLatents, Exports, RunsInXLA, Harness):
    image_shape = IMAGE_SHAPE
    convolves_to_one_channel = True

    def build(self, **arguments):
        return gan(**arguments)


class TestGANThatResamples(FromLatents, DrawsLatents, Harness):
    def build(self, **arguments):
        return dense_gan(resample_latents=True, loss="hinge", **arguments)


class TestGANWithAverage(FromLatents, DrawsLatents, Averages, Exports, Harness):
    def build(self, **arguments):
        return dense_gan(True, ema_decay=0.5, loss="least_squares", **arguments)

    def test_best_epoch_is_kept_by_a_validation_score(self, model, tmp_path):
        best = keras.callbacks.ModelCheckpoint(
            tmp_path / "best.keras", monitor="val_generator_loss", mode="max", save_best_only=True
        )
        history = self.fit(model, epochs=2, validation_data=self.arrays(), callbacks=[best])
        loaded = keras.saving.load_model(tmp_path / "best.keras")
        score = self.evaluate(loaded)["generator_loss"]
        assert score == pytest.approx(max(history["val_generator_loss"]), rel=1e-5)


class TestWGANGP(FromLatents, DrawsLatents, RunsInXLA, Harness):
    logs = ("real_score", "fake_score", "adversarial", "penalty")

    def build(self, **arguments):
        wasserstein = {"loss": "wasserstein", "penalty": "gradient_penalty"}
        return dense_gan(**wasserstein, discriminator_steps=2, **arguments)


class TestConditionalGAN(FromLabels, Conditions, DrawsLatents, Exports, Harness):
    def build(self, **arguments):
        return conditional_gan(**arguments)


class TestRelativisticGANWithR1(FromLatents, DrawsLatents, Harness):
    logs = ("real_score", "fake_score", "adversarial", "penalty")

    def build(self, **arguments):
        return dense_gan(loss="relativistic", penalty="r1", **arguments)


def test_a_condition_that_is_a_source_too_is_told_in_training_and_drawn_by_generate():
    model = conditional_gan(3)
    sources = {"latents": Normal(model.latent_dim), "labels": Categorical(3)}
    model = GAN(model.generator, model.discriminator, latents=sources, seed=3)
    judged = []

    def run(network, main, conditions, **arguments):
        if network is model.discriminator:
            judged.append(conditions["labels"])
        else:
            judged.append(main["labels"] if isinstance(main, dict) else conditions["labels"])
        return GAN.run(model, network, main, conditions, **arguments)

    model.run = run
    labels = np.array([2, 0, 2, 1], "int32")
    batch = model.batch((images_for(model, 4), labels))
    model.discriminator_terms(batch)
    assert len(judged) == 3  # A generated sample is of the label that it is judged by.
    for told in judged:
        np.testing.assert_array_equal(keras.ops.convert_to_numpy(told), labels)


def linear_gan(seed=0, **arguments):
    """G(z) = z W and D(x) = x v + c: small enough for its gradients to be written down."""
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, use_bias=False)])
    discriminator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    return GAN(generator, discriminator, latent_dim=2, seed=seed, **arguments)


def fixed_latents(model):
    """Make the latents a function of the batch, so that they are known outside."""
    object.__setattr__(model, "sample_latents", lambda like, seed=None: like[:, :2] * 0.5)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("resample_latents", [False, True])
def test_one_step_of_gradient_descent_is_the_one_of_the_paper(resample_latents):
    model = linear_gan(resample_latents=resample_latents)
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.2))
    fixed_latents(model)
    real = np.random.default_rng(1).normal(size=(5, 3)).astype("float32")
    w, v, c = (np.float64(weight) for weight in model.get_weights()[:3])
    model.train_on_batch(real)

    z = real[:, :2].astype("float64") * 0.5
    fake = z @ w
    # d/ds softplus(-s) = -sigmoid(-s) on reals, d/ds softplus(s) = sigmoid(s) on fakes.
    on_real, on_fake = -sigmoid(-(real @ v + c)) / 5, sigmoid(fake @ v + c) / 5
    v = v - 0.2 * (real.T @ on_real + fake.T @ on_fake)
    c = c - 0.2 * (on_real.sum() + on_fake.sum())
    w = w - 0.1 * z.T @ ((-sigmoid(-(fake @ v + c)) / 5) @ v.T)
    for ours, theirs in zip(model.get_weights()[:3], (w, v, c), strict=True):
        np.testing.assert_allclose(ours, theirs.reshape(ours.shape), rtol=1e-5, atol=1e-6)


def test_both_ways_to_the_generator_gradient_agree():
    """Pulled back through the shared forward, or differentiated in a run of its own."""
    shared, own = gan(), gan(resample_latents=True)
    own.set_weights(shared.get_weights())
    for model in (shared, own):
        model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
        latents = keras.ops.convert_to_tensor(model.draw_latents(4, seed=0))
        object.__setattr__(model, "sample_latents", lambda like, seed=None, z=latents: z)
        model.train_on_batch(images_for(model, 4))
    for a, b in zip(shared.generator.weights, own.generator.weights, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-4, atol=1e-6, err_msg=a.path)


def test_the_same_numbers_on_every_backend():
    """Two steps with batch norm and R1 from fixed weights, images and latents.

    The numbers are those of TensorFlow; every backend must give them.
    """
    model = gan(penalty="r1", penalty_weight=2.0, ema_decay=0.5)
    rng = np.random.default_rng(0)
    networks = (model.generator, model.discriminator)
    for network in networks:
        network.set_weights(
            [
                (w if "moving" in v.path else rng.normal(0.1, 0.2, w.shape)).astype("float32")
                for v, w in zip(network.weights, network.get_weights(), strict=True)
            ]
        )
    model.averaged_generator.set_weights(model.generator.get_weights())
    # Noise differs between backends by design; it is the step that has to agree.
    latents = keras.ops.convert_to_tensor(model.draw_latents(4, seed=0))
    object.__setattr__(model, "sample_latents", lambda like, seed=None: latents)
    model.compile()
    history = model.fit(images_for(model, 8), batch_size=4, shuffle=False, verbose=0).history
    measured = {name: value for name, (value,) in history.items()}
    measured["generated"] = float(model.predict(model.draw_latents(4, seed=0), verbose=0).mean())
    assert measured == pytest.approx(SAME_NUMBERS, rel=2e-5)


SAME_NUMBERS = {
    "adversarial": 1.4110613,
    "discriminator_loss": 1.5047982,
    "fake_score": 0.5476117,
    "generator_loss": 0.4577074,
    "loss": 1.9625055,
    "penalty": 0.0937369,
    "real_score": 0.6939794,
    "generated": 0.1091219,
}


def test_each_discriminator_step_sees_other_images():
    model = linear_gan(discriminator_steps=3)
    model.compile(run_eagerly=True)
    seen = []
    terms = model.discriminator_terms

    def watched(batch, *arguments, **keywords):
        seen.append(keras.ops.convert_to_numpy(batch.samples))
        return terms(batch, *arguments, **keywords)

    object.__setattr__(model, "discriminator_terms", watched)
    real = np.arange(24, dtype="float32").reshape(8, 3) / 24
    model.train_on_batch(real)
    assert [len(batch) for batch in seen] == [2, 3, 3]
    np.testing.assert_array_equal(np.concatenate(seen), real)


def test_a_batch_smaller_than_its_parts_is_used_again():
    model = linear_gan()
    parts = model.split(keras.ops.arange(2), 5)
    assert [part.shape[0] for part in parts] == [1] * 5
    assert {int(part[0]) for part in parts} == {0, 1}
    with pytest.raises(ValueError, match="parts is a whole number from 1 on; it was 0"):
        model.split(keras.ops.arange(2), 0)


def test_the_averaged_generator_follows_the_closed_form():
    model = linear_gan(ema_decay=0.75)
    model.compile()
    average = model.generator.get_weights()[0].astype("float64")
    real = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    for _ in range(5):
        model.train_on_batch(real)
        average = 0.75 * average + 0.25 * model.generator.get_weights()[0]
    (shadow,) = model.averaged_generator.get_weights()
    np.testing.assert_allclose(shadow, average, rtol=1e-5)
    assert (shadow != model.generator.get_weights()[0]).any()
    z = model.draw_latents(2, seed=0)
    np.testing.assert_allclose(model.predict(z, verbose=0), z @ shadow, rtol=1e-5, atol=1e-6)


def test_statistics_move_with_their_own_player_only_and_are_copied_to_the_average():
    model = gan(ema_decay=0.9)
    model.compile()
    before = [v.numpy() for v in model.generator.non_trainable_variables]
    model.fit(images_for(model), batch_size=4, verbose=0)
    moving = list(model.generator.non_trainable_variables)
    assert all((a != v.numpy()).any() for a, v in zip(before, moving, strict=True))
    shadows = [v for v in model.averaged_generator.weights if "moving" in v.path]
    for v, shadow in zip(moving, shadows, strict=True):
        np.testing.assert_array_equal(v.numpy(), shadow.numpy())


def test_the_average_gives_no_work_to_the_optimizers():
    assert len(gan(ema_decay=0.9).trainable_variables) == len(gan().trainable_variables)


def test_points_are_generated_as_floats():
    samples = linear_gan().generate(5, seed=0)
    assert samples.shape == (5, 3)
    assert samples.dtype == np.float32


def test_chunks_make_no_difference():
    model = gan()
    np.testing.assert_array_equal(
        model.generate(5, seed=1, batch_size=2), model.generate(5, seed=1, batch_size=64)
    )
    assert model.generate(0).shape == (0, *model.image_shape)


def test_one_image_costs_one_image():
    model = dense_gan()
    predict, sizes = model.predict_on_batch, []
    object.__setattr__(
        model, "predict_on_batch", lambda chunk: sizes.append(len(chunk)) or predict(chunk)
    )
    for n in (1, 3, 64, 65):
        assert len(model.generate(n, seed=0)) == n
    assert sizes == [1, 4, 64, 64, 64]


def test_beside_the_images_memory_holds_one_chunk():
    model = dense_gan(side=64)
    model.generate(1)
    tracemalloc.start()
    images = model.generate(1024, seed=0, batch_size=16)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1.5 * images.nbytes


def test_a_walk_keeps_its_ends_and_its_length():
    model = linear_gan()
    start, end = np.array([3.0, 0.0]), np.array([0.0, 1.0])
    walk = model.interpolate(start, end, steps=5)
    np.testing.assert_allclose(walk[[0, -1]], [start, end], atol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(walk, axis=1), [3, 2.5, 2, 1.5, 1], rtol=1e-6)
    np.testing.assert_allclose(walk[2], [2 / 2**0.5] * 2, rtol=1e-6)
    np.testing.assert_allclose(model.interpolate(start, start, 3), [start] * 3)
    assert model.generate(latents=walk).shape == (5, 3)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"loss": "hinged"}, "Unknown loss 'hinged'; known are minimax"),
        ({"penalty": "r3"}, "Unknown penalty 'r3'; known are gradient_penalty, r1, r2"),
        ({"discriminator_steps": 0}, "must be 1 or more"),
        ({"ema_decay": 1.0}, "from 0 to below 1"),
    ],
)
def test_wrong_arguments_are_told(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        dense_gan(**arguments)


def test_networks_that_do_not_fit_are_told():
    model = gan()
    with pytest.raises(ValueError, match=r"takes inputs of shape \(None, 4\)"):
        GAN(model.generator, model.discriminator, latent_dim=5)
    with pytest.raises(ValueError, match="build both for one image_shape"):
        GAN(model.generator, dense_gan().discriminator, latent_dim=4)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({}, "needs `num_images` or `latents`"),
        ({"latents": np.zeros((2, 3))}, r"shape \(n, 4\); these have \(2, 3\)"),
        ({"latents": np.zeros((2, 4)), "seed": 1}, "either the latents"),
        ({"latents": np.full((2, 4), np.nan)}, "finite"),
        ({"num_images": -1}, "num_images is a whole number from 0 on; it was -1"),
        ({"num_images": 2.0}, "it was 2.0"),
        ({"num_images": True}, "it was True"),
        ({"num_images": 2, "seed": -1}, "seed is a whole number from 0 on; it was -1"),
        ({"num_images": 2, "batch_size": 0}, "batch_size is a whole number from 1 on; it was 0"),
    ],
)
def test_wrong_requests_for_images_are_told(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        gan().generate(**arguments)


def test_points_train_with_fit_and_their_shape_is_checked():
    model = linear_gan()
    model.compile()
    history = model.fit(np.zeros((6, 3), "float32") + 5, batch_size=2, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    with pytest.raises(ValueError, match=r"points of shape \[n, 3\].*\[6, 2\]"):
        model.fit(np.zeros((6, 2), "float32"), verbose=0)
