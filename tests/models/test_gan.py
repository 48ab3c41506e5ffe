"""The GAN of Goodfellow et al.: its cases, its algorithm and its arguments."""

import tracemalloc

import keras
import numpy as np
import pytest

from keras_gans import losses
from keras_gans.latents import Categorical, Normal
from keras_gans.losses import Consistency, Penalty
from keras_gans.models import GAN
from keras_gans.schedules import Linear
from tests.harness import (
    IMAGE_SHAPE,
    LATENT_DIM,
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


class TestGANOfImprovedTechniques(FromLatents, DrawsLatents, Harness):
    """Feature matching and historical averaging; the generator has a run of its own."""

    logs = (
        "real_score",
        "fake_score",
        "adversarial",
        "discriminator_history",
        "generator_adversarial",
        "generator_history",
    )

    def build(self, **arguments):
        generator = dense_gan().generator
        images = keras.Input((4, 4, 1), name="images")
        features = keras.layers.Dense(8, activation="softplus")(keras.layers.Flatten()(images))
        scores = keras.layers.Dense(1)(keras.layers.Dropout(0.3, seed=2)(features))
        discriminator = keras.Model(images, {"scores": scores, "features": features})
        improved = {"loss": "feature_matching", "historical_averaging": 0.1}
        return GAN(generator, discriminator, LATENT_DIM, seed=3, **improved, **arguments)


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


def weights_of_both(model):
    networks = (model.generator, model.discriminator)
    return [np.float64(w) for network in networks for w in network.get_weights()]


def assert_weights(model, *expected):
    for ours, theirs in zip(weights_of_both(model), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("resample_latents", [False, True])
def test_one_step_of_gradient_descent_is_the_one_of_the_paper(resample_latents):
    model = linear_gan(resample_latents=resample_latents)
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.2))
    fixed_latents(model)
    real = np.random.default_rng(1).normal(size=(5, 3)).astype("float32")
    w, v, c = weights_of_both(model)
    model.train_on_batch(real)

    z = real[:, :2].astype("float64") * 0.5
    fake = z @ w
    # d/ds softplus(-s) = -sigmoid(-s) on reals, d/ds softplus(s) = sigmoid(s) on fakes.
    on_real, on_fake = -sigmoid(-(real @ v + c)) / 5, sigmoid(fake @ v + c) / 5
    v = v - 0.2 * (real.T @ on_real + fake.T @ on_fake)
    c = c - 0.2 * (on_real.sum() + on_fake.sum())
    w = w - 0.1 * z.T @ ((-sigmoid(-(fake @ v + c)) / 5) @ v.T)
    assert_weights(model, w, v, c)


def by_descent(model):
    """Compile with known latents; samples, their latents and the weights, to compute with."""
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
    fixed_latents(model)
    real = np.random.default_rng(1).normal(size=(5, 3)).astype("float32")
    return real, real[:, :2].astype("float64") * 0.5, weights_of_both(model)


def test_one_step_of_feature_matching_is_the_one_of_the_paper():
    images = keras.Input((3,))
    features = keras.layers.Dense(2, use_bias=False)(images)
    scores = keras.layers.Dense(1, use_bias=False)(features)
    discriminator = keras.Model(images, {"scores": scores, "features": features})
    model = GAN(linear_gan().generator, discriminator, 2, loss="feature_matching", seed=0)
    real, z, (w, a, u) = by_descent(model)
    logs = model.train_on_batch(real, return_dict=True)

    fake = z @ w
    assert logs["fake_score"] == pytest.approx((fake @ a @ u).mean(), abs=1e-5)
    on_real, on_fake = -sigmoid(-(real @ a @ u)) / 5, sigmoid(fake @ a @ u) / 5
    to_a = real.T @ on_real @ u.T + fake.T @ on_fake @ u.T
    u, a = u - 0.1 * ((real @ a).T @ on_real + (fake @ a).T @ on_fake), a - 0.1 * to_a
    difference = (fake - real).mean(0) @ a  # A mean of squares over two features.
    assert logs["generator_loss"] == pytest.approx(np.mean(difference**2), rel=1e-4)
    w = w - 0.1 * np.outer(z.mean(0), difference @ a.T)
    assert_weights(model, w, a, u)


@pytest.mark.parametrize("always", [1.0, Linear(1.0, 1.0, steps=1)])
def test_flipped_labels_teach_the_discriminator_the_other_way_round_in_training_only(always):
    model, plain = linear_gan(label_flipping=always), linear_gan()
    real, z, (w, v, c) = by_descent(model)
    by_descent(plain)
    for player, (network,) in plain.players.items():
        network.set_weights(model.players[player][0].get_weights())
    assert model.test_on_batch(real) == plain.test_on_batch(real)
    model.train_on_batch(real)

    fake = z @ w
    on_real, on_fake = sigmoid(real @ v + c) / 5, -sigmoid(-(fake @ v + c)) / 5
    v = v - 0.1 * (real.T @ on_real + fake.T @ on_fake)
    c = c - 0.1 * (on_real.sum() + on_fake.sum())
    w = w - 0.1 * z.T @ ((-sigmoid(-(fake @ v + c)) / 5) @ v.T)
    assert_weights(model, w, v, c)


def test_historical_averaging_draws_both_players_to_the_mean_of_their_past():
    model = linear_gan(historical_averaging=0.5)
    real, z, weights = by_descent(model)
    past = [weights]
    for _ in range(3):
        logs = model.train_on_batch(real, return_dict=True)
        means = [np.mean(values, axis=0) for values in zip(*past, strict=True)]
        w, v, c = weights
        history = [theta - mean for theta, mean in zip(weights, means, strict=True)]
        fake = z @ w
        on_real, on_fake = -sigmoid(-(real @ v + c)) / 5, sigmoid(fake @ v + c) / 5
        v = v - 0.1 * (real.T @ on_real + fake.T @ on_fake + history[1])
        c = c - 0.1 * (on_real.sum() + on_fake.sum() + history[2])
        w = w - 0.1 * (z.T @ ((-sigmoid(-(fake @ v + c)) / 5) @ v.T) + history[0])
        weights = [w, v, c]
        past.append(weights)
    assert_weights(model, *weights)
    assert logs["generator_history"] > 0
    means = [np.mean(values, axis=0) for values in zip(*past, strict=True)]
    kept = [*model.past_generator.get_weights(), *model.past_discriminator.get_weights()]
    for ours, theirs in zip(kept, means, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_smoothed_labels_and_random_aids_of_the_discriminator_are_saved_and_resumed(tmp_path):
    """An evaluation between the epochs draws nothing of theirs."""

    def build():
        penalties = [
            Penalty(Consistency(keras.layers.GaussianNoise(0.1, seed=1)), 10.0),
            Penalty("dragan", 1.0, every=2),
        ]
        smoothed = losses.get("non_saturating", label_smoothing=(0.1, 0.2))
        model = dense_gan(loss=smoothed, penalty=penalties, label_flipping=Linear(0, 0.5, steps=4))
        model.compile()
        return model

    images, once = images_for(dense_gan(), 8), {"batch_size": 4, "shuffle": False, "verbose": 0}
    whole, parts = build(), build()
    parts.set_weights(whole.get_weights())
    history = whole.fit(images, epochs=2, **once).history
    assert np.isfinite(history["consistency"]).all()
    parts.fit(images, epochs=1, **once)
    parts.evaluate(images, batch_size=4, verbose=0)
    parts.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert loaded.adversarial_loss == whole.adversarial_loss
    resumed = loaded.fit(images, epochs=2, initial_epoch=1, **once).history
    assert {name: values[-1] for name, values in history.items()} == {
        name: values[-1] for name, values in resumed.items()
    }


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
        ({"discriminator_steps": 0}, "discriminator_steps is a whole number from 1 on; it was 0"),
        ({"discriminator_steps": 2.5}, "discriminator_steps is a whole number"),
        ({"ema_decay": 1.0}, "from 0 to below 1"),
        ({"label_flipping": 1.5}, "a share of images, from 0 to 1, or a schedule"),
        ({"historical_averaging": -1.0}, "weight is 0 or more"),
        ({"loss": "feature_matching"}, "'feature_matching' needs features and scores of the dis"),
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
