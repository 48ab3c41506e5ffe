import keras
import numpy as np

from keras_gans.latents import InStep, OnHost, host_seed


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


def test_latents_of_another_name_have_a_stream_of_their_own():
    assert (host_seed("latents", 7), host_seed("noise", None)) == (7, None)
    seeds = host_seed("latents", 7), host_seed("noise", 7), host_seed("noise", 8)
    first, *others = (OnHost(seed).normal((4,)).tolist() for seed in seeds)
    assert first not in others and others[0] != others[1]
    assert OnHost(host_seed("noise", 7)).normal((4,)).tolist() == others[0]
