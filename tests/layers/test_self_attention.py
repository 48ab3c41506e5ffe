"""Attention over the pixels of a map, against numpy in float64."""

import keras
import numpy as np
import pytest

from keras_gans.engine.averages import shadow_of
from keras_gans.engine.backend import backend
from keras_gans.layers import SelfAttention

RNG = np.random.default_rng(0)
MAPS = RNG.normal(size=(2, 4, 6, 8)).astype("float32")


def numbers(tensor):
    tensor = keras.ops.cast(tensor, "float32")
    return keras.ops.convert_to_numpy(keras.ops.stop_gradient(tensor)).astype("float64")


def built(sigma=0.7, **arguments):
    layer = SelfAttention(**arguments)
    layer.build(MAPS.shape)
    layer.sigma.assign(sigma)
    return layer


def pooled(maps):
    n, height, width, channels = maps.shape
    return maps.reshape(n, height // 2, 2, width // 2, 2, channels).max((2, 4))


def reference(x, f, g, h, v, sigma):
    """Pixel by pixel."""
    queries, keys, values = x @ f, pooled(x @ g), pooled(x @ h)
    y = x.copy()
    for image, row, column in np.ndindex(x.shape[:3]):
        alike = keys[image].reshape(-1, f.shape[1]) @ queries[image, row, column]
        shares = np.exp(alike - alike.max())
        shares /= shares.sum()
        y[image, row, column] += sigma * (shares @ values[image].reshape(-1, h.shape[1])) @ v
    return y


def kernels(layer):
    parts = (layer.queries, layer.keys, layer.attended, layer.back)
    return [numbers(part.normalized() if layer.spectral else part.kernel)[0, 0] for part in parts]


@pytest.mark.parametrize("spectral", [True, False])
def test_it_is_the_papers_expression(spectral):
    layer = built(spectral=spectral)
    expected = reference(MAPS.astype("float64"), *kernels(layer), 0.7)
    np.testing.assert_allclose(numbers(layer(MAPS)), expected, atol=1e-5)
    assert [tuple(k.shape) for k in kernels(layer)] == [(8, 1), (8, 1), (8, 4), (4, 8)]
    assert len(layer.trainable_weights) == 5


def test_it_begins_as_nothing():
    np.testing.assert_array_equal(numbers(SelfAttention()(MAPS)), MAPS)


def test_gradients_are_those_of_differences():
    layer = built(spectral=False)
    x, weights = MAPS[:1, :2, :2], RNG.normal(size=(1, 2, 2, 8))
    by = keras.ops.convert_to_tensor(weights, "float32")
    x = keras.ops.convert_to_tensor(x)
    _, (gradient,) = backend.gradients(
        lambda: (keras.ops.sum(by * layer(x)), None), [layer.queries.kernel]
    )
    f, *others = kernels(layer)
    expected = np.zeros_like(f)
    for place in np.ndindex(*f.shape):
        step = np.zeros_like(f)
        step[place] = 1e-6
        ends = [reference(numbers(x), f + s * step, *others, 0.7) for s in (1, -1)]
        expected[place] = np.sum(weights * (ends[0] - ends[1])) / 2e-6
    np.testing.assert_allclose(numbers(gradient)[0, 0], expected, rtol=1e-3, atol=1e-5)


def test_u_of_its_convolutions_moves_in_training_only():
    layer = built()
    before = numbers(layer.keys.u)
    layer(MAPS)
    np.testing.assert_array_equal(numbers(layer.keys.u), before)
    layer(MAPS, training=True)
    assert (numbers(layer.keys.u) != before).any()


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_half_precision_costs_its_rounding(policy):
    keras.config.set_dtype_policy(policy)
    layer = built(spectral=False)
    y = layer(MAPS)
    assert keras.backend.standardize_dtype(y.dtype) == layer.compute_dtype
    expected = reference(MAPS.astype("float64"), *kernels(layer), 0.7)
    np.testing.assert_allclose(numbers(y), expected, atol=0.1)
    # Products beyond the largest number of float16 are shared out, not lost.
    assert np.isfinite(numbers(layer(3000 * MAPS))).all()


@pytest.mark.parametrize("shape", [(1, 1, 1, 8), (1, 3, 5, 16)])
def test_one_pixel_and_odd_sides(shape):
    assert tuple(SelfAttention()(np.ones(shape, "float32")).shape) == shape


def test_channels_without_an_eighth_are_refused():
    with pytest.raises(ValueError, match="an eighth of the channels; 12"):
        SelfAttention()(np.ones((1, 2, 2, 12), "float32"))


def test_it_survives_a_file_and_a_copy(tmp_path):
    model = keras.Sequential([keras.Input((None, None, 8)), built()])
    model(MAPS, training=True)
    model.save(tmp_path / "model.keras")
    expected = model.predict_on_batch(MAPS)
    for copy in (keras.saving.load_model(tmp_path / "model.keras"), shadow_of(model)):
        np.testing.assert_allclose(copy.predict_on_batch(MAPS), expected, atol=1e-6)
