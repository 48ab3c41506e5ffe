"""What layers add as losses counts for the player that owns them."""

import contextlib

import keras
import numpy as np
import pytest

from keras_gans.models import GAN
from tests.harness import two_replicas

BACKEND = keras.backend.backend()
WEIGHT = 5.0
REAL = np.random.default_rng(1).normal(size=(6, 3)).astype("float32")


class AddsALoss(keras.layers.Layer):
    """Adds the mean of its squared inputs as a loss."""

    def call(self, inputs):
        self.add_loss(WEIGHT * keras.ops.mean(keras.ops.square(inputs)))
        return inputs


def linear_gan(added=True, **arguments):
    """G(z) = z W and D(x) = x v, with layers that add losses of the outputs."""
    layers = keras.layers
    adds = lambda: AddsALoss() if added else layers.Identity()  # noqa: E731
    generator = [keras.Input((2,)), layers.Dense(3, use_bias=False), adds()]
    # Inside a network inside the network, as blocks often are.
    block = keras.Sequential([keras.Input((1,)), adds()])
    discriminator = [keras.Input((3,)), layers.Dense(1, use_bias=False), block]
    model = GAN(
        keras.Sequential(generator), keras.Sequential(discriminator), 2, seed=0, **arguments
    )
    rng = np.random.default_rng(0)
    for network in (model.generator, model.discriminator):
        network.set_weights([rng.normal(size=w.shape) for w in network.get_weights()])
    latents = lambda like, seed=None: like[:, :2] * 0.5  # noqa: E731
    object.__setattr__(model, "sample_latents", latents)
    return model


def step(model, scaled=lambda optimizer: optimizer):
    """Logs of one step, W and v after it."""
    model.compile(*(scaled(keras.optimizers.SGD(rate)) for rate in (0.1, 0.2)))
    history = model.fit(REAL, batch_size=6, shuffle=False, verbose=0).history
    logs = {name: values[0] for name, values in history.items()}
    return logs, *(np.float64(n.get_weights()[0]) for n in (model.generator, model.discriminator))


def mean_square(x):
    return WEIGHT * np.mean(np.square(x))


def by_hand():
    """One step with the losses: the two players' sums of added losses, W and v."""
    model = linear_gan()
    w, v = (np.float64(n.get_weights()[0]) for n in (model.generator, model.discriminator))
    sigmoid = lambda x: 1 / (1 + np.exp(-x))  # noqa: E731
    n, z = len(REAL), REAL[:, :2] * np.float64(0.5)
    fake = z @ w
    of_discriminator = mean_square(REAL @ v) + mean_square(fake @ v)
    to_scores = [-sigmoid(-(REAL @ v)) / n + 2 * WEIGHT * (REAL @ v) / n]
    to_scores += [sigmoid(fake @ v) / n + 2 * WEIGHT * (fake @ v) / n]
    v = v - 0.2 * (REAL.T @ to_scores[0] + fake.T @ to_scores[1])
    to_fake = (-sigmoid(-(fake @ v)) / n) @ v.T + 2 * WEIGHT * fake / fake.size
    return (of_discriminator, mean_square(fake)), w - 0.1 * z.T @ to_fake, v


@pytest.mark.parametrize("resample_latents", [False, True])
def test_each_call_counts_for_the_owner_of_the_layer_and_for_nobody_else(resample_latents):
    """D(real) and D(fake) for the discriminator, G(z) once for the generator, shared or not."""
    logs, w, v = step(linear_gan(resample_latents=resample_latents))
    (of_discriminator, of_generator), expected_w, expected_v = by_hand()
    np.testing.assert_allclose(v, expected_v, rtol=1e-5)
    np.testing.assert_allclose(w, expected_w, rtol=1e-5)
    plain, _, _ = step(linear_gan(added=False))
    added = logs["discriminator_loss"] - plain["discriminator_loss"]
    assert added == pytest.approx(of_discriminator, rel=1e-4)
    # The generator meets another discriminator by then.
    scores = (REAL[:, :2] * 0.5) @ linear_gan().generator.get_weights()[0] @ v
    adversarial = np.mean(np.log1p(np.exp(-scores)))
    assert logs["generator_loss"] == pytest.approx(adversarial + of_generator, rel=1e-4)


def test_activity_regularizers_count_as_keras_counts_them():
    logs = []
    for weight in (0.0, 0.5):
        model = linear_gan(added=False)
        model.discriminator.layers[0].activity_regularizer = keras.regularizers.L2(weight)
        logs.append(step(model)[0]["discriminator_loss"])
    # Some versions divide by the batch size, others do not.
    model = linear_gan(added=False)
    model.discriminator.layers[0].activity_regularizer = keras.regularizers.L2(0.5)
    expected = 0.0
    for images in (REAL, (REAL[:, :2] * 0.5) @ model.generator.get_weights()[0]):
        model.discriminator(images)
        expected += sum(float(keras.ops.stop_gradient(loss)) for loss in model.discriminator.losses)
    assert logs[1] - logs[0] == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("penalty", ["r1", "gradient_penalty"])
def test_what_a_penalty_calls_is_not_counted(penalty):
    logs, _, _ = step(linear_gan(penalty=penalty))
    added = logs["discriminator_loss"] - logs["adversarial"] - logs["penalty"]
    assert added == pytest.approx(by_hand()[0][0], rel=1e-4)


def test_nothing_stays_behind_in_a_layer():
    leaks = contextlib.nullcontext()
    if BACKEND == "jax":
        import jax

        leaks = jax.checking_leaks()
    model = linear_gan(penalty="r1")
    with leaks:
        step(model)
    assert model.generator.losses == model.discriminator.losses == []


def test_a_network_inside_one_that_no_player_names_still_counts():
    model = linear_gan()
    wrapped = keras.Sequential([keras.Input((3,)), keras.layers.Identity(), model.discriminator])
    calls = model.discriminator_terms

    def through_the_wrapper(*arguments, **keywords):
        discriminator = model.discriminator
        object.__setattr__(model, "discriminator", wrapped)
        try:
            return calls(*arguments, **keywords)
        finally:
            object.__setattr__(model, "discriminator", discriminator)

    object.__setattr__(model, "discriminator_terms", through_the_wrapper)
    _, w, v = step(model)
    np.testing.assert_allclose(v, by_hand()[2], rtol=1e-5)
    np.testing.assert_allclose(w, by_hand()[1], rtol=1e-5)


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_they_count_in_half_precision(policy):
    keras.config.set_dtype_policy(policy)
    scaled = lambda optimizer: keras.optimizers.LossScaleOptimizer(optimizer, 256.0)  # noqa: E731
    _, w, v = step(linear_gan(), scaled)
    np.testing.assert_allclose(v, by_hand()[2], atol=0.02)
    np.testing.assert_allclose(w, by_hand()[1], atol=0.004)


@pytest.mark.skipif(BACKEND != "tensorflow", reason="tf.distribute is TensorFlow's")
def test_two_replicas_take_the_step_of_one():
    with two_replicas().scope():
        model = linear_gan()
    logs, w, v = step(model)
    np.testing.assert_allclose(v, by_hand()[2], rtol=1e-5)
    np.testing.assert_allclose(w, by_hand()[1], rtol=1e-5)
    assert logs == pytest.approx(step(linear_gan())[0], rel=1e-5)
