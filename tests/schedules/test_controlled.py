"""A number that training moves."""

import math

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.schedules import Controlled
from tests.engine.quadratic import Quadratic, batch
from tests.harness import numpy_of
from tests.harness.devices import two_devices


def value_of(controlled):
    return numpy_of(controlled.value).item()


def test_it_moves_by_the_mean_of_what_it_is_given_and_stays_between_its_bounds():
    k = Controlled(0.5, low=0.0, high=1.0)
    expected, moves = 0.5, [0.25, [[0.5], [-0.25]], 9.0, -0.125, -1e30, 0.0, 0.375]
    for by in moves:
        k.move(ops.convert_to_tensor(by, "float32"))
        expected = min(max(expected + np.mean(by), 0.0), 1.0)
        assert value_of(k) == expected
    assert value_of(Controlled(3, 0, math.inf)) == 3


def test_it_stays_float32_whatever_the_policy_is_and_takes_half_precision():
    keras.config.set_dtype_policy("mixed_float16")
    k = Controlled(0.5, 0.0, 1.0)
    keras.config.set_dtype_policy("float32")
    k.move(ops.full((4,), 1e-4, "float16"))
    assert keras.backend.standardize_dtype(k.value.dtype) == "float32"
    assert value_of(k) == pytest.approx(0.5001, abs=1e-7)  # Next to 0.5, float16 steps by 5e-4.


class Follows(Quadratic):
    """Keeps a number that goes to the mean of the images."""

    def __init__(self, **arguments):
        super().__init__(**arguments)
        self.level = Controlled(0.0, -1.0, 5.0)

    def train_step(self, data):
        self.level.move(0.5 * (self.images(data) - self.level.value))
        return super().train_step(data)


def test_it_is_moved_in_compiled_steps_and_saved_with_its_model(tmp_path):
    model = Follows()
    model.compile()
    x = batch(1.0, 3.0, 2.0, 30.0)
    model.fit(x, batch_size=1, shuffle=False, verbose=0)
    expected = 0.0
    for mean in (1.0, 3.0, 2.0, 30.0):
        expected = min(expected + 0.5 * (mean - expected), 5.0)
    assert value_of(model.level) == expected == 5.0
    model.level.move(-1.25)
    model.save_weights(tmp_path / "model.weights.h5")
    other = Follows()
    other.compile()
    other.load_weights(tmp_path / "model.weights.h5")
    assert value_of(other.level) == 3.75


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="Keras on PyTorch uses one device")
def test_two_devices_move_it_as_one():
    with two_devices():
        model = Follows()
        model.compile()
        # The mean of four images, two on each device, and clipped only then.
        model.fit(batch(-20.0, -10.0, 12.0, 24.0), batch_size=4, verbose=0)
        assert value_of(model.level) == 0.75


def test_a_copy_from_its_configuration_starts_alike():
    k = Controlled(0.25, 0.0, 1.0, name="k")
    k.move(0.5)
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(k))
    assert (value_of(copy), copy.low, copy.high, copy.name) == (0.25, 0.0, 1.0, "k")


def test_a_start_out_of_its_bounds_is_told():
    with pytest.raises(ValueError, match=r"between its bounds, 0 and 1; start was 2"):
        Controlled(2, 0, 1)
