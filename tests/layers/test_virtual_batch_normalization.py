"""Normalized by a batch that stays the same, against numpy in float64."""

import keras
import numpy as np
import pytest

from keras_gans import losses
from keras_gans.engine.averages import shadow_of
from keras_gans.engine.backend import backend
from keras_gans.layers import ReferenceBatch, VirtualBatchNormalization, WithoutReference

RNG = np.random.default_rng(0)
GAMMA, BETA = RNG.normal(size=(2, 3))


def numbers(tensor):
    tensor = keras.ops.cast(tensor, "float32")
    return keras.ops.convert_to_numpy(keras.ops.stop_gradient(tensor)).astype("float64")


def reference(x, size, epsilon=1e-5):
    """Each sample by the pixels of the reference batch and its own, counted out."""
    y = np.empty_like(x)
    for i in range(len(x)):
        among = x[:size] if i < size else np.concatenate([x[:size], x[i : i + 1]])
        axes = tuple(range(x.ndim - 1))
        y[i] = (x[i] - among.mean(axes)) / np.sqrt(among.var(axes) + epsilon)
    return y * GAMMA + BETA


def built(shape, size, **arguments):
    layer = VirtualBatchNormalization(size, **arguments)
    layer.build(shape)
    layer.gamma.assign(GAMMA)
    layer.beta.assign(BETA)
    return layer


@pytest.mark.parametrize("shape", [(3,), (2, 4, 3)], ids=["points", "maps"])
@pytest.mark.parametrize("size", [1, 3])
def test_it_is_the_papers_expression(shape, size):
    x = RNG.normal(2, 3, (5, *shape)).astype("float32")
    y = numbers(built(x.shape, size)(x))
    np.testing.assert_allclose(y, reference(x.astype("float64"), size), atol=1e-4)


def test_means_far_from_zero_cost_no_digits():
    x = RNG.normal(1000, 1, (5, 2, 2, 3)).astype("float32")
    y = numbers(built(x.shape, 3)(x))
    np.testing.assert_allclose(y, reference(x.astype("float64"), 3), atol=1e-3)


@pytest.mark.parametrize("shape", [(3,), (2, 1, 3)], ids=["points", "maps"])
def test_gradients_are_those_of_differences(shape):
    x, weights = RNG.normal(size=(2, 4, *shape))
    layer = built(x.shape, 2, epsilon=0.1)
    by = keras.ops.convert_to_tensor(weights, "float32")
    gradient = backend.input_gradient(
        lambda x: by * layer(x), keras.ops.convert_to_tensor(x, "float32")
    )
    expected = np.zeros_like(x)
    for place in np.ndindex(*x.shape):
        step = np.zeros_like(x)
        step[place] = 1e-6
        ends = [np.sum(weights * reference(x + s * step, 2, 0.1)) for s in (1, -1)]
        expected[place] = (ends[0] - ends[1]) / 2e-6
    np.testing.assert_allclose(numbers(gradient), expected, rtol=2e-3, atol=2e-4)


def network(**arguments):
    return keras.Sequential(
        [
            keras.Input((2,)),
            ReferenceBatch(4, **arguments),
            keras.layers.Dense(3),
            VirtualBatchNormalization(4),
            keras.layers.Activation("tanh"),
            WithoutReference(4),
        ]
    )


@pytest.mark.parametrize("n", [1, 3])
def test_a_sample_does_not_depend_on_its_batch_nor_on_training(n):
    model = network()
    x = RNG.normal(size=(5, 2)).astype("float32")
    y = numbers(model(x, training=True))
    assert model.output_shape == (None, 3)
    np.testing.assert_allclose(numbers(model(x[:n])), y[:n], atol=1e-6)


def test_the_reference_batch_is_drawn_once_and_no_player_moves_it():
    model = network(initializer=keras.initializers.RandomUniform(-1, 1))
    drawn = numbers(model.layers[0].reference)
    assert (np.abs(drawn) <= 1).all()
    assert drawn.std() > 0.2
    assert not model.layers[0].trainable_weights
    assert 0.5 < numbers(network().layers[0].reference).std() < 2


def test_samples_may_be_taken_as_the_reference_batch():
    model = network()
    samples = RNG.normal(size=(6, 2)).astype("float32")
    model.layers[0].adapt(samples)
    np.testing.assert_array_equal(numbers(model.layers[0].reference), samples[:4])
    for wrong in (samples[:3], samples[:, :1]):
        with pytest.raises(ValueError, match=r"The reference batch is \(4, 2\)"):
            model.layers[0].adapt(wrong)


def test_a_penalty_has_the_second_derivative_of_float64():
    """D(x) = |y|^4, whose first derivatives are differences of float64 themselves."""
    layer = built((3, 3), 2, epsilon=0.5)
    kernel, x = RNG.normal(size=(3, 3)), RNG.normal(size=(3, 3))
    dense = keras.layers.Dense(3, use_bias=False)
    dense.build((None, 3))
    dense.kernel.assign(kernel)

    def critic(x, training):
        return keras.ops.sum(keras.ops.square(keras.ops.square(layer(dense(x)))))

    def r1(kernel):
        squares = 0.0
        for place in np.ndindex(*x.shape):
            step = np.zeros_like(x)
            step[place] = 1e-5
            ends = [np.sum(reference((x + s * step) @ kernel, 2, 0.5) ** 4) for s in (1, -1)]
            squares += ((ends[0] - ends[1]) / 2e-5) ** 2
        return 0.5 * squares / 3

    images = keras.ops.convert_to_tensor(x, "float32")
    _, (gradient,) = backend.gradients(lambda: (losses.r1(critic, images), None), [dense.kernel])
    expected = np.zeros_like(kernel)
    for place in np.ndindex(*kernel.shape):
        step = np.zeros_like(kernel)
        step[place] = 1e-4
        expected[place] = (r1(kernel + step) - r1(kernel - step)) / 2e-4
    error = np.linalg.norm(numbers(gradient) - expected)
    assert error < 1e-3 * np.linalg.norm(expected)


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_computes_moments_in_float32(policy):
    keras.config.set_dtype_policy(policy)
    x = RNG.normal(300, 1, (5, 2, 2, 3)).astype("float16" if "float16" in policy else "float32")
    layer = built(x.shape, 3)
    y = layer(x)
    assert keras.backend.standardize_dtype(y.dtype) == layer.compute_dtype
    seen = numbers(keras.ops.cast(x, layer.compute_dtype))
    np.testing.assert_allclose(numbers(y), reference(seen, 3), atol=0.05)


def test_no_sample_is_no_reference():
    with pytest.raises(ValueError, match="1 or more samples"):
        ReferenceBatch(0)


def test_it_survives_a_file_and_a_copy(tmp_path):
    model = network(initializer=keras.initializers.RandomUniform(-1, 1))
    x = RNG.normal(size=(3, 2)).astype("float32")
    expected = model.predict_on_batch(x)
    model.save(tmp_path / "model.keras")
    for copy in (keras.saving.load_model(tmp_path / "model.keras"), shadow_of(model)):
        np.testing.assert_allclose(copy.predict_on_batch(x), expected, atol=1e-6)
        assert copy.layers[0].initializer.maxval == 1
