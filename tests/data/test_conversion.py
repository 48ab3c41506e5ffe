import tracemalloc

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.data import to_float, to_uint8

EVERY_VALUE = np.arange(256, dtype="uint8")


def compiled(function, x):
    """Runs `function` as the backend runs a train step."""
    if keras.backend.backend() == "tensorflow":
        import tensorflow as tf

        return ops.convert_to_numpy(tf.function(function)(tf.constant(x)))
    if keras.backend.backend() == "jax":
        import jax

        return np.asarray(jax.jit(function)(x))
    return ops.convert_to_numpy(function(ops.convert_to_tensor(x)))


def test_uint8_becomes_the_range_from_minus_one_to_one():
    floats = ops.convert_to_numpy(to_float(EVERY_VALUE))
    np.testing.assert_allclose(floats, EVERY_VALUE / 127.5 - 1, atol=1e-6)
    assert floats.dtype == "float32"
    assert (floats.min(), floats.max()) == (-1, 1)


def test_every_value_survives_the_way_there_and_back():
    floats = to_float(EVERY_VALUE)
    np.testing.assert_array_equal(ops.convert_to_numpy(to_uint8(floats)), EVERY_VALUE)
    np.testing.assert_array_equal(to_uint8(ops.convert_to_numpy(floats)), EVERY_VALUE)


def test_every_value_survives_inside_a_compiled_step():
    np.testing.assert_array_equal(
        compiled(lambda x: to_uint8(to_float(x)), EVERY_VALUE), EVERY_VALUE
    )


def test_every_value_survives_in_bfloat16():
    floats = ops.cast(to_float(EVERY_VALUE), "bfloat16")
    np.testing.assert_array_equal(ops.convert_to_numpy(to_uint8(floats)), EVERY_VALUE)


def test_floats_become_floatx_and_keep_their_values():
    keras.config.set_floatx("bfloat16")
    try:
        images = to_float(np.array([-1.0, 0.5], "float32"))
        assert keras.backend.standardize_dtype(images.dtype) == "bfloat16"
    finally:
        keras.config.set_floatx("float32")
    np.testing.assert_array_equal(ops.convert_to_numpy(images), [-1.0, 0.5])


def test_integers_of_another_width_are_refused():
    with pytest.raises(ValueError, match="they are int32"):
        to_float(np.zeros([2], "int32"))


@pytest.mark.parametrize("convert", [to_uint8, lambda x: compiled(to_uint8, x)])
def test_values_are_rounded_and_clipped_and_nan_becomes_zero(convert):
    images = np.array([-3, -1, 0.1, 0.999, 3, np.inf, -np.inf, np.nan], "float32")
    np.testing.assert_array_equal(convert(images), [0, 0, 140, 255, 255, 255, 0, 0])
    assert convert(images).dtype == "uint8"


def test_uint8_passes_unchanged():
    assert to_uint8(EVERY_VALUE) is EVERY_VALUE
    np.testing.assert_array_equal(compiled(to_uint8, EVERY_VALUE), EVERY_VALUE)


def test_numpy_gives_numpy_and_a_tensor_gives_a_tensor():
    assert isinstance(to_uint8(np.zeros([2], "float32")), np.ndarray)
    assert not isinstance(to_uint8(ops.zeros([2])), np.ndarray)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_arrays_of_any_layout_are_converted_without_a_float_copy(dtype):
    images = np.linspace(-1, 1, 2**20).astype(dtype).reshape(64, 128, 128).transpose(2, 0, 1)
    expected = np.round((images[:, 1:].astype("float32") + 1) * 127.5).astype("uint8")
    tracemalloc.start()
    converted = to_uint8(images[:, 1:])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    np.testing.assert_array_equal(converted, expected)
    assert peak < 3 * converted.nbytes
    assert to_uint8(images[:0]).shape == (0, 64, 128)
