"""BiGAN and ALI: their cases, their algorithm and their arguments."""

import keras
import numpy as np
import pytest
from keras import layers, ops

from keras_gans.latents import Normal, Uniform
from keras_gans.losses import get
from keras_gans.models import BiGAN
from tests.harness import (
    Averages,
    Conditions,
    DrawsLatents,
    Encodes,
    Exports,
    FromLabels,
    Harness,
    changed,
    state_of,
)

LATENT_DIM = 4


def dense(units, activation=None):
    return layers.Dense(units, activation, dtype="float32")


def ids(classes=3):
    labels = keras.Input((), dtype="int32", name="labels")
    return labels, layers.Embedding(classes, 3)(labels)


def bigan(**arguments):
    """An encoder without noise, and uniform latents."""
    encoder = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            layers.Flatten(),
            layers.Dense(8, activation="softplus"),
            layers.BatchNormalization(),
            dense(LATENT_DIM, "tanh"),
        ]
    )
    generator = keras.Sequential(
        [
            keras.Input((LATENT_DIM,)),
            layers.Dense(8, activation="relu"),
            dense(16, "tanh"),
            layers.Reshape((4, 4, 1)),
        ]
    )
    pixels = keras.Input((4, 4, 1), name="images")
    latents = keras.Input((LATENT_DIM,), name="latents")
    x = layers.Concatenate()([layers.Flatten()(pixels), latents])
    x = layers.Dropout(0.3, seed=1)(layers.Dense(8, activation="softplus")(x))
    discriminator = keras.Model([pixels, latents], dense(1)(x))
    latents = Uniform(LATENT_DIM)
    return BiGAN(encoder, generator, discriminator, latents=latents, seed=3, **arguments)


def ali(**arguments):
    """An encoder that gives a distribution; all three networks read labels."""
    pixels = keras.Input((4, 4, 1), name="images")
    labels, vector = ids()
    x = layers.Concatenate()([layers.Flatten()(pixels), vector])
    x = layers.Dense(8, activation="softplus")(x)
    outputs = {"means": dense(LATENT_DIM)(x), "log_variances": dense(LATENT_DIM)(x)}
    encoder = keras.Model([pixels, labels], outputs)

    latents = keras.Input((LATENT_DIM,), name="latents")
    labels, vector = ids()
    x = layers.Dense(8, activation="relu")(layers.Concatenate()([latents, vector]))
    generator = keras.Model([latents, labels], layers.Reshape((4, 4, 1))(dense(16, "tanh")(x)))

    pixels = keras.Input((4, 4, 1), name="images")
    latents = keras.Input((LATENT_DIM,), name="latents")
    labels, vector = ids()
    x = layers.Concatenate()([layers.Flatten()(pixels), latents, vector])
    x = layers.Dropout(0.3, seed=1)(layers.Dense(8, activation="softplus")(x))
    discriminator = keras.Model([pixels, latents, labels], dense(1)(x))
    return BiGAN(encoder, generator, discriminator, LATENT_DIM, seed=3, **arguments)


class TestBiGAN(Encodes, DrawsLatents, Averages, Exports, Harness):
    def build(self, **arguments):
        return bigan(ema_decay=0.5, **arguments)

    def latents(self, n):
        return np.random.default_rng(0).uniform(-1, 1, (n, LATENT_DIM)).astype("float32")

    def test_the_average_of_the_encoder_is_what_encodes(self, model):
        before = model.encode(*self.arrays())
        self.fit(model)
        after = model.encode(*self.arrays())
        assert changed([before], [after])
        model.encoder.set_weights([0 * w for w in model.encoder.get_weights()])
        np.testing.assert_array_equal(after, model.encode(*self.arrays()))


class TestALI(Encodes, FromLabels, Conditions, DrawsLatents, Exports, Harness):
    def build(self, **arguments):
        return ali(**arguments)

    def test_the_spread_of_the_latents_is_learnt(self, model):
        (spread,) = (x for x in model.encoder.layers if x.output is model.encoder.outputs[0])
        before = state_of(spread.weights)
        self.fit(model, n=4)
        assert changed(before, state_of(spread.weights))

    def test_encoding_draws_nothing(self, model):
        pixels, labels = self.arrays()
        (first, second) = (model.encode(pixels, labels=labels) for _ in range(2))
        np.testing.assert_array_equal(first, second)
        outputs = model.encoder.predict([model.samples.to_floats(pixels), labels], verbose=0)
        np.testing.assert_allclose(first, outputs["means"], atol=1e-6)


def linear(**arguments):
    """E(x) = x a, G(z) = z w and D(x, z) = x u + z v: small enough to differentiate by hand."""
    network = lambda n, m: keras.Sequential(  # noqa: E731
        [keras.Input((n,)), layers.Dense(m, use_bias=False)]
    )
    points, latent = keras.Input((3,), name="points"), keras.Input((2,), name="latents")
    scores = layers.Dense(1, use_bias=False)(layers.Concatenate()([points, latent]))
    discriminator = keras.Model([points, latent], scores)
    return BiGAN(network(3, 2), network(2, 3), discriminator, 2, seed=0, **arguments)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def halves(loss, real, fake):
    """The derivatives of the discriminator's loss at the scores of real and of fake pairs."""
    if loss == "non_saturating":  # Of softplus(-real) + softplus(fake).
        return -sigmoid(-real), sigmoid(fake)
    if loss == "least_squares":  # Of (real - 1)^2 / 2 + fake^2 / 2.
        return real - 1, fake
    return -np.ones_like(real), np.ones_like(fake)  # Of fake - real.


@pytest.mark.parametrize("loss", ["non_saturating", "least_squares", "wasserstein"])
def test_one_step_of_gradient_descent_is_the_one_of_the_papers(loss):
    model = linear(loss=loss)
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.2))
    x = np.random.default_rng(1).normal(size=(5, 3))
    z = x[:, :2] * 0.5
    object.__setattr__(model, "sample_latents", lambda like, seed=None: like[:, :2] * 0.5)
    networks = model.encoder, model.generator, model.discriminator
    a, w, uv = (np.float64(network.get_weights()[0]) for network in networks)
    logs = model.train_on_batch(x.astype("float32"), return_dict=True)

    real, fake = np.hstack([x, x @ a]), np.hstack([z @ w, z])
    assert logs["real_score"] == pytest.approx((real @ uv).mean(), rel=1e-4, abs=1e-6)
    assert logs["fake_score"] == pytest.approx((fake @ uv).mean(), rel=1e-4, abs=1e-6)
    on_real, on_fake = halves(loss, real @ uv, fake @ uv)
    uv = uv - 0.2 * (real.T @ on_real + fake.T @ on_fake) / 5
    # The labels flipped: what is fake is to pass as real, and what is real as fake.
    on_fake, on_real = halves(loss, fake @ uv, real @ uv)
    a = a - 0.1 * x.T @ (on_real @ uv[3:].T) / 5
    w = w - 0.1 * z.T @ (on_fake @ uv[:3].T) / 5
    for network, expected in zip(networks, (a, w, uv), strict=True):
        np.testing.assert_allclose(network.get_weights()[0], expected, rtol=1e-5, atol=1e-6)


def test_the_losses_flip_each_other_s_labels():
    model = linear()
    model.compile()
    real, fake = np.random.default_rng(0).normal(size=(2, 50, 1))
    losses = [
        float(loss(*(ops.convert_to_tensor(x.astype("float32")) for x in (real, fake))))
        for loss in (model.discriminator_loss, model.generator_loss)
    ]
    softplus = lambda x: np.log1p(np.exp(x)).mean()  # noqa: E731
    expected = [softplus(-real) + softplus(fake), softplus(real) + softplus(-fake)]
    assert losses == pytest.approx(expected, rel=1e-5)


def test_a_smoothed_label_is_the_discriminator_s_alone():
    model = linear(loss=get("non_saturating", label_smoothing=0.1))
    scores = 3 * ops.ones((1, 1)), ops.ones((1, 1))
    expected = np.log1p(np.exp([3, -1])).sum()
    assert float(model.generator_loss(*scores)) == pytest.approx(expected, rel=1e-6)


def test_latents_are_drawn_from_the_distribution_that_the_encoder_gives():
    model = linear()
    means = ops.convert_to_tensor(np.tile(np.float32([[-3, 5]]), (4000, 1)))
    log_variances = ops.convert_to_tensor(np.tile(np.log(np.float32([[0.25, 4]])), (4000, 1)))
    encoded = {"means": means, "log_variances": log_variances}
    drawn = ops.convert_to_numpy(model.drawn(encoded, keras.random.SeedGenerator(0)))
    np.testing.assert_allclose(drawn.mean(axis=0), [-3, 5], atol=0.15)
    np.testing.assert_allclose(drawn.std(axis=0), [0.5, 2], rtol=0.05)
    assert model.latents_of(encoded) is means
    assert model.drawn(means, None) is means


def test_several_sources_are_judged_together():
    points = keras.Input((3,), name="points")
    outputs = {"left": layers.Dense(1)(points), "right": layers.Dense(2)(points)}
    left, right = keras.Input((1,), name="left"), keras.Input((2,), name="right")
    both = layers.Concatenate()([left, right])
    scores = layers.Dense(1)(layers.Concatenate()([points, both]))
    model = BiGAN(
        keras.Model(points, outputs),
        keras.Model([left, right], layers.Dense(3)(both)),
        keras.Model([points, left, right], scores),
        latents={"left": Normal(1), "right": Uniform(2)},
    )
    model.compile()
    x = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")
    assert np.isfinite(model.fit(x, batch_size=3, verbose=0).history["loss"]).all()
    assert {name: z.shape for name, z in model.encode(x).items()} == {
        "left": (6, 1),
        "right": (6, 2),
    }
    assert model.reconstruct(x).shape == x.shape


def test_a_discriminator_of_anything_but_pairs_is_told():
    fine = linear()
    images_alone = keras.Sequential([keras.Input((3,), name="points"), layers.Dense(1)])
    points, latents = keras.Input((3,), name="points"), keras.Input((4,), name="latents")
    wide = keras.Model([points, latents], layers.Concatenate()([points, latents]))
    for discriminator, came in ((images_alone, "its inputs"), (wide, r"latents \(n, 4\)")):
        with pytest.raises(ValueError, match=rf"points \(n, 3\), latents \(n, 2\);.*{came}"):
            BiGAN(fine.encoder, fine.generator, discriminator, 2)


def test_an_unknown_loss_is_told():
    with pytest.raises(ValueError, match="Unknown loss 'hinged'"):
        linear(loss="hinged")
