"""Players, their variables and their terms."""

import keras
import numpy as np
import pytest

from keras_gans.engine.players import as_terms, foreign_weights, trainable_variables, without_gaps


def dense(name):
    return keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, use_bias=False)], name=name)


def test_terms_become_a_dict_with_their_sum():
    alone = as_terms("critic", keras.ops.convert_to_tensor(2.0))
    assert {name: float(term) for name, term in alone.items()} == {"critic_loss": 2.0}
    several = as_terms("critic", {"a": 1.0, "b": 2.5})
    assert {name: float(term) for name, term in several.items()} == {
        "a": 1.0,
        "b": 2.5,
        "critic_loss": 3.5,
    }


def test_networks_that_two_players_share_are_foreign_to_neither():
    shared, own, other = dense("shared"), dense("own"), dense("other")
    foreign = foreign_weights({"one": [shared, own], "two": [shared, other]})
    assert foreign["one"] == {id(v) for v in other.weights}
    assert foreign["two"] == {id(v) for v in own.weights}


def test_a_player_moves_all_its_networks_and_no_frozen_layer():
    one, two = dense("one"), dense("two")
    two.trainable = False
    assert trainable_variables({"player": [one, two]}) == {"player": one.trainable_variables}


def test_missing_gradients_are_zeros_unless_all_are_missing():
    variables = dense("a").trainable_variables + dense("b").trainable_variables
    ones = np.ones((2, 1), "float32")
    first, second = without_gaps([ones, None], variables, "player")
    assert first is ones
    np.testing.assert_array_equal(keras.ops.convert_to_numpy(second), np.zeros((2, 1)))
    with pytest.raises(ValueError, match="does not depend on any of the 2 variables"):
        without_gaps([None, None], variables, "player")
