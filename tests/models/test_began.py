"""BEGAN: its case, its algorithm and its arguments."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans.latents import Uniform
from keras_gans.layers import AdaptiveAugment
from keras_gans.models import BEGAN
from tests.harness import Averages, DrawsLatents, Exports, FromLatents, Harness, numpy_of
from tests.harness.devices import assert_devices_do_not_matter, two_devices
from tests.harness.promises.replicas import on_tensorflow

LATENT_DIM = 4


def dense(shape, activation=None):
    units = layers.Dense(int(np.prod(shape)), activation, dtype="float32")
    return [units, layers.Reshape(shape)]


def began(**arguments):
    """Dense networks; k moves fast, and from the first step on."""
    shape = (4, 4, 1)
    hidden = {"activation": "elu", "kernel_initializer": "he_normal"}
    generator = keras.Sequential(
        [keras.Input((LATENT_DIM,)), layers.Dense(8, **hidden), *dense(shape, "tanh")]
    )
    autoencoder = [keras.Input(shape), layers.Flatten(), layers.Dense(8, **hidden), *dense(shape)]
    autoencoder.insert(3, layers.Dropout(0.3, seed=1))
    arguments = {"diversity": 0.9, "gain": 0.5, "seed": 3, **arguments}
    networks = generator, keras.Sequential(autoencoder)
    return BEGAN(*networks, latents=Uniform(LATENT_DIM), **arguments)


class TestBEGAN(FromLatents, DrawsLatents, Averages, Exports, Harness):
    logs = ("real_error", "fake_error", "k", "convergence")

    def build(self, **arguments):
        return began(ema_decay=0.5, **arguments)

    def latents(self, n):
        return np.random.default_rng(0).uniform(-1, 1, (n, LATENT_DIM)).astype("float32")

    @pytest.mark.skipif(keras.backend.backend() == "torch", reason="Keras there uses one device")
    def test_a_step_on_two_devices_is_the_step_on_one(self, one_alpha):
        """In the second of two steps k is what all devices have moved it by."""
        build, arrays = self.build, lambda model, n: self.arrays(n)
        one, two, _ = assert_devices_do_not_matter(build, arrays, steps=2)
        assert numpy_of(one.k.number) > 0.01
        assert numpy_of(one.k.number) == pytest.approx(numpy_of(two.k.number), abs=1e-6)


def linear_began(**arguments):
    """G(z) = z W and D(x) = x A + b: small enough for its gradients to be written down."""
    generator = keras.Sequential([keras.Input((2,)), layers.Dense(3, use_bias=False)])
    autoencoder = keras.Sequential([keras.Input((3,)), layers.Dense(3)])
    return BEGAN(generator, autoencoder, 2, seed=0, **arguments)


def weights_of(model):
    return [*model.generator.get_weights(), *model.discriminator.get_weights()]


def error(x, a, b):
    """L(x) of each sample, and its derivatives by A, b and x, of the mean over samples."""
    off = x - (x @ a + b)
    on_off = np.sign(off) / off.size
    return np.abs(off).mean(axis=1), -x.T @ on_off, -on_off.sum(axis=0), on_off - on_off @ a.T


@pytest.mark.parametrize("k", [0.0, 0.3])
def test_two_steps_are_those_of_the_paper(k):
    """In numpy, in float64, with gradient descent at two rates."""
    model = linear_began(diversity=0.7, gain=0.5)
    model.compile(keras.optimizers.SGD(0.1), keras.optimizers.SGD(0.2))
    object.__setattr__(model, "sample_latents", lambda like, seed=None: like[:, :2] * 0.2)
    model.k.number.assign(k)
    batches = np.random.default_rng(1).normal(size=(2, 5, 3)).astype("float32")
    w, a, b = (np.float64(weight) for weight in weights_of(model))
    seen = []
    for x in batches.astype("float64"):
        z = x[:, :2] * 0.2
        fake = z @ w
        real_error, *on_real = error(x, a, b)
        fake_error, *on_fake = error(fake, a, b)
        real_error, fake_error = real_error.mean(), fake_error.mean()
        balance = 0.7 * real_error - fake_error
        logs = {"real_error": real_error, "fake_error": fake_error, "k": k}
        logs |= {"discriminator_loss": real_error - k * fake_error}
        logs |= {"convergence": real_error + abs(balance)}
        a = a - 0.2 * (on_real[0] - k * on_fake[0])
        b = b - 0.2 * (on_real[1] - k * on_fake[1])
        fake_error, _, _, on_samples = error(fake, a, b)
        seen.append({**logs, "generator_loss": fake_error.mean()})
        w = w - 0.1 * z.T @ on_samples
        k = np.clip(k + 0.5 * balance, 0, 1)
    history = model.fit(batches.reshape(10, 3), batch_size=5, shuffle=False, verbose=0).history
    for name in seen[0]:
        expected = np.mean([step[name] for step in seen])
        assert history[name][0] == pytest.approx(expected, rel=1e-4, abs=1e-6), name
    assert 0.01 < k < 1
    assert numpy_of(model.k.number) == pytest.approx(k, abs=1e-5)
    for ours, theirs in zip(weights_of(model), (w, a, b), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


def test_evaluating_reads_k_and_leaves_it():
    model = linear_began(gain=1.0)
    model.compile()
    model.k.number.assign(0.25)
    x = np.random.default_rng(0).normal(size=(6, 3)).astype("float32")
    logs = model.evaluate(x, batch_size=3, verbose=0, return_dict=True)
    assert logs["k"] == 0.25 == numpy_of(model.k.number)
    expected = logs["real_error"] - 0.25 * logs["fake_error"]
    assert logs["discriminator_loss"] == pytest.approx(expected, rel=1e-5)


@on_tensorflow
def test_convergence_is_that_of_all_replicas_together():
    """One replica has errors of real points alone, the other of generated ones."""
    x = np.repeat([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]], 2, axis=0).astype("float32")
    with two_devices():
        model = linear_began()
        object.__setattr__(model, "sample_latents", lambda like, seed=None: 1 - like[:, :2])
        model.compile()
        logs = model.evaluate(x, batch_size=4, verbose=0, return_dict=True)
    real, fake = logs["real_error"], logs["fake_error"]
    assert min(real, fake) > 0.01
    assert logs["convergence"] == pytest.approx(real + abs(0.5 * real - fake), rel=1e-5)


def test_k_and_its_numbers_are_saved(tmp_path):
    model = linear_began(diversity=0.4, gain=0.01)
    model.k.number.assign(0.125)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert (loaded.diversity, loaded.gain) == (0.4, 0.01)
    assert numpy_of(loaded.k.number) == 0.125


def test_a_discriminator_that_is_no_autoencoder_is_told():
    scores = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    with pytest.raises(ValueError, match=r"is an autoencoder: it takes \(3,\) and makes \(1,\)"):
        BEGAN(linear_began().generator, scores, 2)


@pytest.mark.parametrize("arguments", [{"diversity": 1.5}, {"diversity": -0.1}, {"gain": -1.0}])
def test_numbers_out_of_range_are_told(arguments):
    with pytest.raises(ValueError, match=r"diversity lies in \[0, 1\] and gain is 0 or more"):
        linear_began(**arguments)


def test_an_augment_that_follows_scores_is_told():
    networks = began().generator, began().discriminator
    BEGAN(*networks, LATENT_DIM, augment=AdaptiveAugment(0.2)).compile()
    with pytest.raises(ValueError, match="scores of BEGAN only compare"):
        BEGAN(*networks, LATENT_DIM, augment=AdaptiveAugment()).compile()
