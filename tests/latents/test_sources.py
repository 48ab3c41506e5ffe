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


def log_sum_exp(x):
    largest = x.max(-1, keepdims=True)
    return np.log(np.exp(x - largest).sum(-1)) + largest[..., 0]


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize(
    "source", [Normal(3), Uniform(2, -1, 3), Categorical(5), Categorical(4, count=2)]
)
def test_the_cross_entropy_is_that_of_the_paper(source, dtype):
    """InfoGAN, arXiv:1606.03657, equation 4 and section 6: softmax of ids, else N(mean, 1)."""
    drawn = on_host(source, 300)
    scale = 30 if isinstance(source, Categorical) else 1  # Some logits that are far apart.
    predicted = np.random.default_rng(1).normal(0, scale, (300, *source.predicted_shape))
    predicted = keras.ops.cast(predicted.astype("float32"), dtype)
    exact = keras.ops.convert_to_numpy(keras.ops.cast(predicted, "float32")).astype("float64")
    if isinstance(source, Categorical):
        of_drawn = np.take_along_axis(exact, drawn[..., None], -1)[..., 0]
        minus_log_q = log_sum_exp(exact) - of_drawn
    else:
        minus_log_q = (drawn - exact) ** 2 / 2 + np.log(np.sqrt(2 * np.pi))
    measured = source.cross_entropy(keras.ops.convert_to_tensor(drawn), predicted)
    assert keras.backend.standardize_dtype(measured.dtype) == "float32"
    assert measured.shape == ()
    expected = minus_log_q.reshape(300, -1).sum(1).mean()
    np.testing.assert_allclose(keras.ops.convert_to_numpy(measured), expected, rtol=1e-5)


def test_the_entropy_is_the_least_cross_entropy_that_knows_nothing():
    ids, logits = Categorical(8, count=3), keras.ops.zeros((4, 3, 8))
    drawn = keras.ops.convert_to_tensor(on_host(ids, 4))
    blind = keras.ops.convert_to_numpy(ids.cross_entropy(drawn, logits))
    assert ids.entropy == pytest.approx(blind) == pytest.approx(3 * np.log(8))
    drawn = keras.ops.convert_to_tensor(on_host(Normal(2)))
    blind = keras.ops.convert_to_numpy(Normal(2).cross_entropy(drawn, keras.ops.zeros((1, 2))))
    assert Normal(2).entropy == pytest.approx(blind, abs=0.02)
    assert Uniform(3, -2, 2).entropy == pytest.approx(3 * np.log(4))
    assert Uniform(5, 0, 1).entropy == 0


def test_the_most_likely_latents_are_means_and_the_ids_of_the_largest_logits():
    means = keras.ops.ones((2, 3))
    assert Normal(3).most_likely(means) is means
    logits = keras.ops.convert_to_tensor([[[0.0, 2.0, 1.0], [3.0, 2.0, 1.0]]])
    ids = Categorical(3, count=2).most_likely(logits)
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(ids), [[1, 0]])
    assert keras.backend.standardize_dtype(ids.dtype) == "int32"


def test_sources_are_written_to_configurations():
    for source in (Normal(3), Uniform(3, 0, 2), Categorical(5), Categorical(5, count=2)):
        config = keras.saving.serialize_keras_object(source)
        assert keras.saving.deserialize_keras_object(config) == source
