"""Metrics know where their state has no value."""

import keras
import pytest

from keras_gans.metrics.tracing import is_traced


def test_a_variable_has_a_value_outside_of_compiled_functions():
    assert not is_traced(keras.Variable(0.0))


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="PyTorch traces nothing")
def test_a_variable_has_none_inside():
    variable, found = keras.Variable(0.0), []

    class Look(keras.layers.Layer):
        def call(self, inputs):
            found.append(is_traced(variable + inputs[0, 0]))
            return inputs

    model = keras.Sequential([keras.Input((1,)), Look()])
    found.clear()
    model.predict(keras.ops.zeros((1, 1)), verbose=0)
    assert found and all(found)
