"""WGAN: its case, its algorithm and its arguments."""

import keras
import numpy as np
import pytest

from keras_gans.models import WGAN
from tests.harness import DrawsLatents, Exports, FromLatents, Harness, dense_gan, images, state_of
from tests.harness.promises.replicas import on_tensorflow


def wgan(batch_norm=False, **arguments):
    tiny = dense_gan(batch_norm)
    networks = tiny.generator, tiny.discriminator
    return WGAN(*networks, 4, **{"seed": 3, "clip": 0.3, "discriminator_steps": 2, **arguments})


def largest_weight(model):
    weights = state_of(model.optimizer.moved_variables("discriminator"))
    return max(np.abs(w).max() for w in weights)


class TestWGAN(FromLatents, DrawsLatents, Exports, Harness):
    def build(self, **arguments):
        return wgan(**arguments)

    def test_weights_are_clipped_after_each_step(self, model):
        assert largest_weight(model) > 0.3
        self.fit(model)
        assert largest_weight(model) == np.float32(0.3)

    @on_tensorflow
    def test_two_replicas_clip_alike(self, on_two_replicas):
        model, _ = on_two_replicas
        assert largest_weight(model) == np.float32(0.3)


def test_all_that_the_critic_learns_is_clipped_in_half_precision_and_no_statistics():
    keras.config.set_dtype_policy("mixed_float16")
    model = wgan(batch_norm=True, clip=0.01)
    model.compile()
    keras.config.set_dtype_policy("float32")
    model.fit(images(4, (4, 4, 1)), batch_size=4, verbose=0)
    norm = model.discriminator.layers[2]
    assert {v.dtype for v in model.discriminator.trainable_variables} == {"float32"}
    np.testing.assert_allclose(state_of([norm.gamma])[0], 0.01, rtol=0.1)  # It began at 1.
    assert largest_weight(model) == np.float32(0.01)
    assert state_of([norm.moving_variance])[0].min() > 0.5


def test_what_is_frozen_is_not_clipped():
    model = wgan()
    frozen = next(x for x in model.discriminator.layers if x.trainable_weights)
    frozen.trainable = False
    model.compile()
    before = state_of(frozen.weights)
    assert np.abs(before[0]).max() > 0.3
    model.fit(images(4, (4, 4, 1)), batch_size=4, verbose=0)
    np.testing.assert_array_equal(before[0], state_of(frozen.weights)[0])


def linear_wgan(**arguments):
    """G(z) = z W and f(x) = x v + c: small enough for its gradients to be written down."""
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3, use_bias=False)])
    critic = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    return WGAN(generator, critic, 2, seed=0, **arguments)


def weights_of(model):
    return [*model.generator.get_weights(), *model.discriminator.get_weights()]


def test_one_iteration_is_the_one_of_the_paper():
    """Algorithm 1 in numpy, in float64, with gradient descent at two rates."""
    model = linear_wgan(clip=0.3)
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.2))
    object.__setattr__(model, "sample_latents", lambda like, seed=None: like[:, :2] * 0.5)
    real = np.random.default_rng(1).normal(size=(20, 3)).astype("float32")
    w, v, c = (np.float64(weight) for weight in weights_of(model))
    model.train_on_batch(real)

    clipped = 0
    for x in real.astype("float64").reshape(5, 4, 3):
        fake = x[:, :2] * 0.5 @ w
        v = v + 0.2 * (x.mean(axis=0) - fake.mean(axis=0))[:, None]
        clipped += (np.abs(v) > 0.3).sum()
        v, c = np.clip(v, -0.3, 0.3), np.clip(c, -0.3, 0.3)
    assert 0 < clipped < 15
    w = w + 0.1 * (x[:, :2] * 0.5).mean(axis=0)[:, None] @ v.T
    for ours, theirs in zip(weights_of(model), (w, v, c), strict=True):
        np.testing.assert_allclose(ours, theirs.reshape(ours.shape), rtol=1e-5, atol=1e-6)


def test_the_optimizers_are_the_paper_s():
    model = linear_wgan()
    model.compile()
    assert (model.clip, model.discriminator_steps) == (0.01, 5)
    for optimizer in model.optimizer.optimizers:
        assert isinstance(optimizer, keras.optimizers.RMSprop)
        assert float(optimizer.learning_rate) == pytest.approx(5e-5)


def test_steps_of_a_small_gradient_are_those_of_the_authors():
    """Torch's RMSprop in numpy: g / (sqrt(v) + 1e-8). A generator behind a clipped critic has
    gradients of about this size."""
    optimizer = linear_wgan().default_optimizer("generator")
    weight, gradient, expected, square = keras.Variable([0.0]), 5e-6, 0.0, 0.0
    for _ in range(20):
        optimizer.apply([keras.ops.convert_to_tensor([gradient])], [weight])
        square = 0.99 * square + 0.01 * gradient**2
        expected -= 5e-5 * gradient / (np.sqrt(square) + 1e-8)
    np.testing.assert_allclose(state_of([weight])[0], [expected], rtol=0.01)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"clip": 0.0}, "clip must be above 0"),
        ({"clip": -1.0}, "clip must be above 0"),
        ({"discriminator_steps": 0}, "discriminator_steps is a whole number from 1 on"),
        ({"discriminator_steps": 2.5}, "discriminator_steps is a whole number from 1 on"),
    ],
)
def test_numbers_out_of_range_are_told(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        linear_wgan(**arguments)
