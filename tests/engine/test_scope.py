"""The recording scope."""

import keras

from keras_gans.engine.scope import RecordingScope, reading_as


def number(variable):
    # Not `float(variable)`: PyTorch warns of scalars taken from a tensor that needs a gradient.
    return float(keras.ops.convert_to_numpy(variable))


def test_assignments_are_recorded_and_not_carried_out():
    a, b = keras.Variable(1.0), keras.Variable(2.0)
    with RecordingScope([(b, keras.ops.convert_to_tensor(5.0))]) as scope:
        a.assign_add(10.0)
        assert (number(a), number(b)) == (11.0, 5.0)
    assert (number(a), number(b)) == (1.0, 2.0)
    assert [(variable is a, number(value)) for variable, value in scope.updates()] == [(True, 11.0)]


def test_an_inner_scope_reads_the_outer_one_and_keeps_its_own_to_itself():
    a, b = keras.Variable(1.0), keras.Variable(1.0)
    with RecordingScope() as outer:
        a.assign(2.0)
        with RecordingScope() as inner:
            b.assign(number(a) + 1)
        assert number(b) == 1.0
        for variable, value in inner.updates():
            variable.assign(value)
        assert number(b) == 3.0
    assert [number(value) for _, value in outer.updates()] == [2.0, 3.0]
    assert number(b) == 1.0


def test_variables_read_as_given_for_a_while_and_the_rest_is_kept():
    a, b = keras.Variable(1.0), keras.Variable(1.0)
    with reading_as([(a, keras.ops.convert_to_tensor(5.0))]):
        b.assign(number(a) + 1)
    assert (number(a), number(b)) == (1.0, 6.0)
