"""WGAN-GP is the GAN of one loss and one penalty: no line of its algorithm is left for a model."""

import keras
import numpy as np

from keras_gans.models import GAN
from tests.harness import numpy_of

WIDTH, WEIGHT = 4, 10.0


def wgan_gp():
    """G(z) = z w and D(x) = tanh(x a + b) u."""
    layers = keras.layers
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(3, use_bias=False)])
    critic = keras.Sequential(
        [
            keras.Input((3,)),
            layers.Dense(WIDTH, "tanh", bias_initializer="random_normal"),
            layers.Dense(1, use_bias=False),
        ]
    )
    return GAN(
        generator,
        critic,
        latent_dim=2,
        loss="wasserstein",
        penalty="gradient_penalty",
        penalty_weight=WEIGHT,
        discriminator_steps=5,
        seed=0,
    )


def unpacked(flat):
    """The weights a, b and u of the critic."""
    return np.split(flat[: 3 * WIDTH], 3), flat[3 * WIDTH : -WIDTH], flat[-WIDTH:]


def critic(flat, x):
    a, b, u = unpacked(flat)
    return np.tanh(x @ a + b) @ u


def slope(flat, x):
    a, b, u = unpacked(flat)
    return (u * (1 - np.tanh(x @ a + b) ** 2)) @ np.transpose(a)


def critic_loss(flat, x, fake, epsilon):
    """Line 7 of algorithm 1."""
    between = x + epsilon * (fake - x)  # Its epsilon is 1 less this one: both are of U(0, 1).
    norms = np.linalg.norm(slope(flat, between), axis=1)
    return (critic(flat, fake) - critic(flat, x) + WEIGHT * (norms - 1) ** 2).mean()


def derivative(function, at):
    steps = 1e-6 * np.eye(at.size).reshape(at.size, *at.shape)
    slopes = [(function(at + step) - function(at - step)) / 2e-6 for step in steps]
    return np.reshape(slopes, at.shape)


def test_an_iteration_of_the_gan_is_algorithm_1_of_wgan_gp():
    """Numpy in float64, with differences for gradients: five steps of the critic, then one."""
    model, alike = wgan_gp(), wgan_gp()
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.02))
    object.__setattr__(model, "sample_latents", lambda like, seed=None: like[:, :2] * 0.5 + 1)
    x = np.random.default_rng(1).normal(size=(20, 3)).astype("float32")
    (w,) = np.float64(model.generator.get_weights())
    flat = np.concatenate([np.ravel(w) for w in model.discriminator.get_weights()]).astype(float)
    logs = model.train_on_batch(x, return_dict=True)

    losses, penalties = [], []
    for real in np.float64(x).reshape(5, 4, 3):
        z = real[:, :2] * 0.5 + 1
        of_noise = numpy_of(keras.random.uniform((4, 1), seed=alike.penalty_seed))
        step = (real, z @ w, of_noise)
        losses.append(critic_loss(flat, *step))
        penalties.append(losses[-1] - (critic(flat, z @ w) - critic(flat, real)).mean())
        flat = flat - 0.02 * derivative(lambda f, step=step: critic_loss(f, *step), flat)
    w = w - 0.1 * derivative(lambda w: -critic(flat, z @ w).mean(), w)

    np.testing.assert_allclose(logs["discriminator_loss"], np.mean(losses), rtol=1e-4)
    np.testing.assert_allclose(logs["penalty"], np.mean(penalties), rtol=1e-4)
    found = [np.ravel(weight) for weight in model.discriminator.get_weights()]
    np.testing.assert_allclose(np.concatenate(found), flat, rtol=1e-3, atol=1e-5)
    np.testing.assert_allclose(model.generator.get_weights()[0], w, rtol=1e-3, atol=1e-5)
