"""Several samples as one."""

import keras
import numpy as np
import pytest
from keras import layers

from keras_gans import losses
from keras_gans.layers import Pack
from keras_gans.models import GAN
from tests.harness import images

RNG = np.random.default_rng(0)


def numbers(tensor):
    return keras.ops.convert_to_numpy(keras.ops.stop_gradient(tensor))


@pytest.mark.parametrize("samples", [1, 2, 3])
@pytest.mark.parametrize("shape", [(3,), (2, 2, 3)], ids=["vectors", "maps"])
def test_samples_of_a_pack_are_side_by_side(samples, shape):
    x = RNG.normal(size=(6, *shape)).astype("float32")
    packs = numbers(Pack(samples)(x))
    assert packs.shape == (6 // samples, *shape[:-1], 3 * samples)
    assert packs.shape == Pack(samples).compute_output_shape(x.shape)
    for i, pack in enumerate(packs):
        expected = np.concatenate(x[i :: 6 // samples], axis=-1)
        np.testing.assert_array_equal(pack, expected)


@pytest.mark.parametrize(("n", "members"), [(1, [[0, 0, 0]]), (2, [[0, 1, 0]]), (5, [[0, 1, 2]])])
def test_what_does_not_fill_a_pack(n, members):
    x = np.arange(n, dtype="float32")[:, None]
    np.testing.assert_array_equal(numbers(Pack(3)(x)), members)


def test_a_penalty_finds_the_gradient_of_each_sample():
    """Of D(pack) = |pack|^2 / 2 it is the sample, and of what is in no pack it is zero."""
    x = keras.ops.convert_to_tensor(RNG.normal(size=(5, 3)), "float32")

    def critic(x, training):
        return keras.ops.sum(keras.ops.square(Pack(2)(x)), axis=-1) / 2

    expected = 0.5 * np.sum(np.square(numbers(x)[:4], dtype="float64")) / 5
    assert float(numbers(losses.r1(critic, x))) == pytest.approx(expected, rel=1e-5)


def test_a_penalty_that_wants_norms_of_1_sees_none_in_what_is_left_over():
    x = keras.ops.convert_to_tensor(RNG.normal(size=(5, 1)), "float32")

    def critic(x, training):
        return keras.ops.sum(Pack(2)(x), axis=-1)

    # Four slopes of 1 and one of 0.
    penalty = losses.gradient_penalty(critic, x, x, seed=0)
    assert float(numbers(penalty)) == pytest.approx(1 / 5, rel=1e-5)


@pytest.mark.parametrize("samples", [0, 1.5])
def test_no_sample_is_no_pack(samples):
    with pytest.raises(ValueError, match="1 or more samples"):
        Pack(samples)


@pytest.mark.parametrize("loss", ["non_saturating", "relativistic"])
def test_a_gan_trains_on_packs_of_batches_that_they_do_not_divide(loss, tmp_path):
    generator = keras.Sequential(
        [keras.Input((2,)), layers.Dense(16, activation="tanh"), layers.Reshape((4, 4, 1))]
    )
    discriminator = keras.Sequential(
        [keras.Input((4, 4, 1)), Pack(3), layers.Flatten(), layers.Dense(1)]
    )
    assert discriminator.output_shape == (None, 1)
    model = GAN(generator, discriminator, latent_dim=2, loss=loss, penalty="r1", seed=3)
    model.compile()
    # A pack and one left over, and a batch of one image.
    history = model.fit(images(5, (4, 4, 1)), batch_size=4, verbose=0).history
    assert np.isfinite([*history.values()]).all()
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    scores = [numbers(m.discriminator(np.ones((7, 4, 4, 1)))) for m in (model, loaded)]
    assert scores[0].shape == (2, 1)
    np.testing.assert_array_equal(*scores)
