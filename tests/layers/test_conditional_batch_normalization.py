"""Normalized over the whole batch, with a gain and a bias by the condition of each image."""

import keras
import numpy as np
import pytest

from keras_gans.layers import BatchNormalization, ConditionalBatchNormalization

RNG = np.random.default_rng(0)
MAPS = RNG.normal(2.0, 3.0, (4, 5, 5, 3)).astype("float32")
CODES = np.eye(2, dtype="float32")[[0, 1, 1, 0]]
GAINS = RNG.normal(size=(2, 3)).astype("float32")
BIASES = RNG.normal(size=(2, 3)).astype("float32")


def built(maps=MAPS, **arguments):
    layer = ConditionalBatchNormalization(**arguments)
    layer.build([maps.shape, CODES.shape])
    layer.gain.kernel.assign(GAINS)
    layer.bias.kernel.assign(BIASES)
    return layer


def numbers(tensor):
    return keras.ops.convert_to_numpy(keras.ops.stop_gradient(tensor))


def expected(maps, mean, variance, vectors, epsilon):
    gain, bias = (
        (vectors.astype("float64") @ weights).reshape(len(maps), *[1] * (maps.ndim - 2), -1)
        for weights in (GAINS, BIASES)
    )
    return (maps.astype("float64") - mean) / np.sqrt(variance + epsilon) * (1 + gain) + bias


@pytest.mark.parametrize(
    "vectors",
    [CODES, RNG.normal(size=(4, 2)).astype("float32")],
    ids=["classes", "vectors"],
)
@pytest.mark.parametrize("maps", [MAPS, MAPS[:, 0, 0]], ids=["maps", "points"])
def test_it_is_the_papers_expression(maps, vectors):
    layer = built(maps, epsilon=1e-5)
    axes = tuple(range(maps.ndim - 1))
    moments = maps.mean(axes), maps.var(axes)
    made = numbers(layer([maps, vectors], training=True))
    np.testing.assert_allclose(made, expected(maps, *moments, vectors, 1e-5), atol=2e-5)


def test_at_inference_it_goes_by_what_it_has_seen():
    layer = built(momentum=0.75)
    layer([MAPS, CODES], training=True)
    axes = (0, 1, 2)
    mean, variance = 0.25 * MAPS.mean(axes), 0.75 + 0.25 * MAPS.var(axes)
    np.testing.assert_allclose(layer.normalization.moving_mean.numpy(), mean, rtol=1e-5)
    made = numbers(layer([MAPS[:1], CODES[:1]]))
    np.testing.assert_allclose(made, expected(MAPS[:1], mean, variance, CODES[:1], 1e-3), atol=2e-5)


def test_it_begins_as_plain_batch_normalization():
    layer = ConditionalBatchNormalization()
    made = numbers(layer([MAPS, CODES], training=True))
    np.testing.assert_allclose(made, numbers(BatchNormalization()(MAPS, training=True)), atol=1e-5)
    assert [w.shape for w in layer.trainable_weights] == [(2, 3), (2, 3)]


def test_gains_and_biases_are_drawn_apart():
    layer = ConditionalBatchNormalization(kernel_initializer="random_normal")
    layer.build([MAPS.shape, CODES.shape])
    gain, bias = (numbers(x.kernel.value) for x in (layer.gain, layer.bias))
    assert (gain != bias).all()


def test_half_precision_keeps_float32_statistics():
    keras.config.set_dtype_policy("mixed_bfloat16")
    layer = built(momentum=0.0)
    assert keras.backend.standardize_dtype(layer([MAPS, CODES], training=True).dtype) == "bfloat16"
    moving = layer.normalization.moving_mean.numpy()
    np.testing.assert_allclose(moving, MAPS.mean((0, 1, 2)), rtol=1e-2)


def test_it_survives_a_file(tmp_path):
    inputs = [keras.Input((5, 5, 3)), keras.Input((2,))]
    layer = ConditionalBatchNormalization(0.5, 1e-4, keras.initializers.Constant(0.5))
    model = keras.Model(inputs, layer(inputs))
    layer.gain.kernel.assign(GAINS)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    assert (loaded.layers[-1].momentum, loaded.layers[-1].epsilon) == (0.5, 1e-4)
    assert loaded.layers[-1].kernel_initializer.value == 0.5
    np.testing.assert_array_equal(loaded.predict([MAPS, CODES]), model.predict([MAPS, CODES]))
