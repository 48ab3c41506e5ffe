"""UnrolledGAN: its case, its algorithm and its arguments."""

import keras
import numpy as np
import pytest

from keras_gans.models import GAN, UnrolledGAN
from tests.harness import DrawsLatents, Exports, FromLatents, Harness, dense_gan, images


class TestUnrolledGAN(FromLatents, DrawsLatents, Exports, Harness):
    def build(self, **arguments):
        tiny = dense_gan()
        networks = tiny.generator, tiny.discriminator
        return UnrolledGAN(*networks, 4, unrolled_steps=1, seed=3, **arguments)


def linear_unrolled_gan(**arguments):
    """G(z) = z W and D(x) = x v + c: small enough for its steps to be written down."""
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, use_bias=False)])
    discriminator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    return UnrolledGAN(generator, discriminator, 2, seed=0, **arguments)


def weights_of(model):
    return [*model.generator.get_weights(), *model.discriminator.get_weights()]


def softplus(x):
    return np.log1p(np.exp(x))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def gain(real, fake, v):
    """f of the paper; `v` holds the offset, too, and points end in a 1."""
    return -softplus(-real @ v).mean() - softplus(fake @ v).mean()


def its_slope(real, fake, v):
    n = len(real)
    return (real.T @ sigmoid(-real @ v) - fake.T @ sigmoid(fake @ v)) / n


def with_ones(x):
    return np.hstack([x, np.ones((len(x), 1))])


@pytest.mark.parametrize("steps", [0, 1, 4])
def test_one_step_is_the_one_of_the_paper(steps):
    """Numpy in float64; the gradient through the steps of the discriminator by differences."""
    rate = 0.6
    model = linear_unrolled_gan(unrolled_steps=steps, unrolled_rate=rate)
    model.compile(keras.optimizers.SGD(1.0), keras.optimizers.SGD(0.2))
    object.__setattr__(model, "sample_latents", lambda like, seed=None: like[:, :2] * 0.5 + 1)
    x = np.random.default_rng(1).normal(size=(5, 3)).astype("float32")
    w, *of_discriminator = (np.float64(weight) for weight in weights_of(model))
    v = np.concatenate([np.ravel(weight) for weight in of_discriminator])
    logs = model.train_on_batch(x, return_dict=True)

    real, z = with_ones(np.float64(x)), np.float64(x)[:, :2] * 0.5 + 1
    fake = with_ones(z @ w)
    assert logs["discriminator_loss"] == pytest.approx(-gain(real, fake, v), rel=1e-5)
    v = v + 0.2 * its_slope(real, fake, v)

    def ahead(w):
        fake, moved = with_ones(z @ w), v
        for _ in range(steps):
            moved = moved + rate * its_slope(real, fake, moved)
        return gain(real, fake, moved)

    assert logs["generator_loss"] == pytest.approx(ahead(w), rel=1e-5)
    gradient = np.zeros_like(w)
    for index in np.ndindex(w.shape):
        step = np.zeros_like(w)
        step[index] = 1e-5
        gradient[index] = (ahead(w + step) - ahead(w - step)) / 2e-5
    if steps:  # Through no step it is another gradient.
        at_once = z.T @ (-sigmoid(fake @ v)[:, None] @ v[None, :3]) / 5
        assert np.abs(gradient - at_once).max() > 0.05
    ours, *moved = weights_of(model)
    np.testing.assert_allclose(ours, w - gradient, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(np.concatenate([np.ravel(m) for m in moved]), v, rtol=1e-5)


def test_without_a_step_it_is_the_gan_of_the_minimax_loss():
    tiny = dense_gan()
    networks = tiny.generator, tiny.discriminator
    for layer in networks[1].layers:
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0  # Where real samples are judged once more, a mask is drawn once more.
    start = [network.get_weights() for network in networks]
    found = []
    models = (
        UnrolledGAN(*networks, 4, unrolled_steps=0, seed=3),
        GAN(*networks, 4, loss="minimax", seed=3),
    )
    for model in models:
        for network, weights in zip(networks, start, strict=True):
            network.set_weights(weights)
        networks[0].layers[2].seed_generator.state.assign([1, 0])
        model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.1))
        model.fit(images(8, (4, 4, 1)), batch_size=4, shuffle=False, verbose=0)
        found.append([w for network in networks for w in network.get_weights()])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6)


def test_the_optimizers_are_the_notebook_s():
    model = linear_unrolled_gan()
    model.compile()
    assert (model.unrolled_steps, model.adversarial_loss.name) == (5, "minimax")
    for player, rate in {"discriminator": 1e-4, "generator": 1e-3}.items():
        optimizer = getattr(model.optimizer, player)
        assert float(optimizer.learning_rate) == pytest.approx(rate)
        assert optimizer.beta_1 == 0.5


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"unrolled_steps": -1}, "unrolled_steps is a whole number from 0 on; it was -1"),
        ({"unrolled_steps": 1.5}, "it was 1.5"),
        ({"unrolled_rate": -0.1}, "unrolled_rate is 0 or more; it was -0.1"),
        ({"loss": "hinged"}, "Unknown loss 'hinged'"),
    ],
)
def test_wrong_arguments_are_told(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        linear_unrolled_gan(**arguments)
