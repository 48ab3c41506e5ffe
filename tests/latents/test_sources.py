"""What each source draws, and its ways."""

import keras
import numpy as np
import pytest

from keras_gans.latents import Categorical, InStep, Normal, OnHost, Uniform, as_sources


def on_host(source, n=20_000, seed=0):
    return source.draw(OnHost(seed), n)


def in_step(source, n=20_000):
    tensor = source.draw(InStep(keras.random.SeedGenerator(1)), n)
    return keras.ops.convert_to_numpy(tensor)


@pytest.mark.parametrize("draw", [on_host, in_step])
def test_each_source_has_its_distribution_in_a_step_and_on_the_host(draw):
    normal, uniform = draw(Normal(3)), draw(Uniform(2, -1, 3))
    assert normal.shape == (20_000, 3)
    np.testing.assert_allclose(normal.mean(0), 0, atol=0.03)
    np.testing.assert_allclose(normal.std(0), 1, atol=0.03)
    assert uniform.shape == (20_000, 2)
    assert -1 <= uniform.min() < -0.99
    assert 2.99 < uniform.max() <= 3
    np.testing.assert_allclose(uniform.std(0), 4 / np.sqrt(12), atol=0.03)
    ids = draw(Categorical(5))
    assert ids.shape == (20_000,)
    np.testing.assert_allclose(np.bincount(ids, minlength=5) / 20_000, 0.2, atol=0.02)
    assert draw(Categorical(2, count=4)).shape == (20_000, 4)
    assert [a.dtype.name for a in (normal, uniform, ids)] == ["float32", "float32", "int32"]


def test_the_host_draws_what_its_seed_says():
    for source in (Normal(3), Uniform(3), Categorical(9)):
        np.testing.assert_array_equal(on_host(source, 8, seed=2), on_host(source, 8, seed=2))
        assert (on_host(source, 8, seed=2) != on_host(source, 8, seed=3)).any()
    # That of before there were sources, so that seeds keep their images.
    expected = np.random.default_rng(7).standard_normal((4, 3), dtype="float32")
    np.testing.assert_array_equal(on_host(Normal(3), 4, seed=7), expected)


def test_ways_are_great_circles_straight_lines_and_jumps():
    way = Normal(2).walk([3.0, 0.0], [0.0, 3.0], [0, 0.5, 1])
    np.testing.assert_allclose(np.linalg.norm(way, axis=1), 3, rtol=1e-6)
    way = Uniform(2).walk([1.0, 0.0], [0.0, 1.0], [0, 0.5, 1])
    np.testing.assert_allclose(way, [[1, 0], [0.5, 0.5], [0, 1]])
    np.testing.assert_array_equal(Categorical(9).walk(2, 7, [0, 0.4, 0.6, 1]), [2, 2, 7, 7])
    way = Categorical(9, count=2).walk([1, 2], [3, 4], [0, 1])
    np.testing.assert_array_equal(way, [[1, 2], [3, 4]])


def test_a_number_means_normal_latents():
    assert as_sources(5, None) == {"latents": Normal(5)}
    assert as_sources(None, Uniform(5)) == as_sources(5, Uniform(5)) == {"latents": Uniform(5)}
    both = {"noise": Normal(3), "code": Categorical(4)}
    assert as_sources(None, both) == both


@pytest.mark.parametrize(
    ("arguments", "error", "sentence"),
    [
        ((None, None), ValueError, "is missing: give latent_dim=100"),
        ((5, Normal(6)), ValueError, "latent_dim=5 contradicts latents=Normal"),
        ((None, 100), TypeError, "'latents' was 100"),
        ((None, {"noise": "normal"}), TypeError, "'noise' was 'normal'"),
    ],
)
def test_what_says_no_source_is_told(arguments, error, sentence):
    with pytest.raises(error, match=sentence):
        as_sources(*arguments)
    with pytest.raises(ValueError, match="1 is not below -1"):
        Uniform(3, 1, -1)
    for wrong in (lambda: Uniform(3, 0, np.inf), lambda: Normal(0), lambda: Categorical(1)):
        with pytest.raises(ValueError, match=r"finite numbers|must be"):
            wrong()


def test_sources_are_written_to_configurations():
    for source in (Normal(3), Uniform(3, 0, 2), Categorical(5), Categorical(5, count=2)):
        config = keras.saving.serialize_keras_object(source)
        assert keras.saving.deserialize_keras_object(config) == source
