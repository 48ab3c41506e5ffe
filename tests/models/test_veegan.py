"""VEEGAN: its case, its algorithm and its arguments."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans.latents import Categorical, Normal
from keras_gans.models import VEEGAN
from tests.harness import Averages, DrawsLatents, Encodes, Exports, Harness

LATENT_DIM = 4


def dense(units, activation=None):
    return layers.Dense(units, activation, dtype="float32")


def veegan(**arguments):
    encoder = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            layers.Flatten(),
            layers.Dense(8, activation="softplus"),
            layers.BatchNormalization(),
            dense(LATENT_DIM),
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
    return VEEGAN(encoder, generator, discriminator, LATENT_DIM, seed=3, **arguments)


class TestVEEGAN(Encodes, DrawsLatents, Averages, Exports, Harness):
    players = ("generator", "discriminator")
    logs = ("real_score", "fake_score", "adversarial", "reconstruction")

    def build(self, **arguments):
        return veegan(ema_decay=0.5, **arguments)


def linear(**arguments):
    """F(x) = x a, G(z) = z w and D(x, z) = [x, z] u: small enough to differentiate by hand."""
    network = lambda n, m: keras.Sequential(  # noqa: E731
        [keras.Input((n,)), layers.Dense(m, use_bias=False)]
    )
    points, latent = keras.Input((3,), name="points"), keras.Input((2,), name="latents")
    scores = layers.Dense(1, use_bias=False)(layers.Concatenate()([points, latent]))
    discriminator = keras.Model([points, latent], scores)
    return VEEGAN(network(3, 2), network(2, 3), discriminator, 2, seed=0, **arguments)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_one_step_of_gradient_descent_is_the_one_of_the_paper():
    """Algorithm 1 in numpy: all gradients at the weights before the step."""
    model = linear()
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.2))
    object.__setattr__(model, "sample_latents", lambda like, seed=None: like[:, :2] * 0.5 + 1)
    x = np.random.default_rng(1).normal(size=(5, 3)).astype("float32")
    networks = model.encoder, model.generator, model.discriminator
    a, w, u = (np.float64(network.get_weights()[0]) for network in networks)
    logs = model.train_on_batch(x, return_dict=True)

    x = np.float64(x)
    z = x[:, :2] * 0.5 + 1
    real, fake = np.hstack([x, x @ a]), np.hstack([z @ w, z])
    off = z - z @ w @ a
    softplus = lambda x: np.log1p(np.exp(x)).mean()  # noqa: E731
    expected = {
        "real_score": (real @ u).mean(),
        "fake_score": (fake @ u).mean(),
        "adversarial": -(fake @ u).mean(),
        "reconstruction": (off**2).sum(axis=1).mean(),
        "discriminator_loss": softplus(-real @ u) + softplus(fake @ u),
    }
    expected["generator_loss"] = expected["adversarial"] + expected["reconstruction"]
    for name, value in expected.items():
        assert logs[name] == pytest.approx(value, rel=1e-4), name
    of_encoder = -2 * (z @ w).T @ off / 5
    of_generator = -(z.mean(axis=0)[:, None] @ u[:3].T) - 2 * z.T @ off @ a.T / 5
    of_discriminator = (fake.T @ sigmoid(fake @ u) - real.T @ sigmoid(-real @ u)) / 5
    steps = (a - 0.1 * of_encoder, w - 0.1 * of_generator, u - 0.2 * of_discriminator)
    for network, expected in zip(networks, steps, strict=True):
        np.testing.assert_allclose(network.get_weights()[0], expected, rtol=1e-5, atol=1e-6)


def test_it_encodes_by_its_encoder():
    model = linear()
    x = np.random.default_rng(0).normal(size=(4, 3)).astype("float32")
    (a,) = model.encoder.get_weights()
    np.testing.assert_allclose(model.encode(x), x @ a, rtol=1e-5, atol=1e-6)


def test_a_discriminator_of_anything_but_pairs_is_told():
    fine = linear()
    alone = keras.Sequential([keras.Input((3,), name="points"), layers.Dense(1)])
    with pytest.raises(ValueError, match=r"pairs of points \(n, 3\), latents \(n, 2\)"):
        VEEGAN(fine.encoder, fine.generator, alone, 2)


@pytest.mark.parametrize("kinds", [[Normal, Normal], [Categorical]])
def test_latents_without_a_distance_are_told(kinds):
    sources = {f"z{i}": kind(2) for i, kind in enumerate(kinds)}
    inputs = [
        keras.Input(source.shape, dtype=source.spec.dtype, name=name)
        for name, source in sources.items()
    ]
    flat = [layers.Embedding(2, 2)(x) if kinds == [Categorical] else x for x in inputs]
    points = keras.Input((3,), name="points")
    outputs = {name: layers.Dense(2)(points) for name in sources}
    if kinds == [Categorical]:
        outputs = {name: layers.Lambda(lambda x: x[:, 0])(x) for name, x in outputs.items()}
    generator = keras.Model(inputs, layers.Dense(3)(sum(flat[1:], flat[0])))
    discriminator = keras.Model([points, *inputs], layers.Dense(1)(points))
    with pytest.raises(ValueError, match="squared distance: give it one source, of floats"):
        VEEGAN(keras.Model(points, outputs), generator, discriminator, latents=sources)
