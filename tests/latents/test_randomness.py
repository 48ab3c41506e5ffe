import keras
import numpy as np

from keras_gans.latents import InStep, OnHost


def test_a_stream_moves_on_and_begins_again():
    host = OnHost(3)
    first, second = host.normal((4,)), host.normal((4,))
    assert (first != second).any()
    np.testing.assert_array_equal(OnHost(3).normal((4,)), first)
    seed = keras.random.SeedGenerator(3)
    step = InStep(seed)
    state = keras.ops.convert_to_numpy(seed.state)
    first, second = step.normal((4,)), step.normal((4,))
    assert keras.ops.any(first != second)
    seed.state.assign(state)
    np.testing.assert_array_equal(
        keras.ops.convert_to_numpy(step.normal((4,))), keras.ops.convert_to_numpy(first)
    )


def test_integers_are_below_their_bound():
    for random in (OnHost(0), InStep(keras.random.SeedGenerator(0))):
        ids = keras.ops.convert_to_numpy(random.integers((1000,), 3))
        assert set(ids.tolist()) == {0, 1, 2}
