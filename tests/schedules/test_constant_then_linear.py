import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.schedules import ConstantThenLinear


@pytest.mark.parametrize(
    ("step", "rate"),
    [(0, 0.5), (7, 0.5), (10, 0.5), (12, 0.45), (20, 0.25), (29, 0.025), (30, 0.0), (99, 0.0)],
)
def test_the_rate_stays_then_falls_linearly_to_zero(step, rate):
    schedule = ConstantThenLinear(0.5, constant_steps=10, decay_steps=20)
    for kind in (int, lambda n: ops.convert_to_tensor(n, "int32")):
        assert float(schedule(kind(step))) == pytest.approx(rate, abs=1e-7)


def test_the_fall_may_begin_at_once():
    schedule = ConstantThenLinear(1.0, 0, 4)
    assert [float(schedule(step)) for step in range(6)] == [1.0, 0.75, 0.5, 0.25, 0.0, 0.0]


def test_millions_of_steps_are_counted_exactly_enough():
    schedule = ConstantThenLinear(2e-4, 10_000_000, 10_000_000)
    assert float(schedule(15_000_000)) == pytest.approx(1e-4, rel=1e-6)


@pytest.mark.parametrize("run_eagerly", [True, False])
def test_each_step_of_training_has_its_own_rate(run_eagerly):
    """The gradient is 1: gradient descent moves the weight by the rate."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False)])
    schedule = ConstantThenLinear(0.5, constant_steps=1, decay_steps=4)
    model.compile(
        keras.optimizers.SGD(schedule),
        loss=lambda y, prediction: ops.mean(prediction),
        run_eagerly=run_eagerly,
    )
    x, moves = np.ones((1, 1), "float32"), []
    for _ in range(7):
        before = model.get_weights()[0].item()
        model.train_on_batch(x, x)
        moves.append(before - model.get_weights()[0].item())
    np.testing.assert_allclose(moves, [0.5, 0.5, 0.375, 0.25, 0.125, 0.0, 0.0], atol=1e-6)


def test_a_copy_from_its_configuration_is_the_same_schedule():
    schedule = ConstantThenLinear(2e-4, 30, 40)
    saved = keras.saving.serialize_keras_object(schedule)
    assert saved["registered_name"] == "keras_gans>ConstantThenLinear"
    optimizer = keras.optimizers.Adam(schedule)
    for copy in (
        ConstantThenLinear.from_config(schedule.get_config()),
        keras.saving.deserialize_keras_object(saved),
        keras.optimizers.Adam.from_config(optimizer.get_config())._learning_rate,
    ):
        assert type(copy) is ConstantThenLinear
        assert copy.get_config() == {
            "learning_rate": 2e-4,
            "constant_steps": 30,
            "decay_steps": 40,
        }


@pytest.mark.parametrize(("constant", "decay"), [(-1, 10), (10, 0), (10, -1)])
def test_wrong_numbers_of_steps_are_told(constant, decay):
    with pytest.raises(ValueError, match=f"they were {constant} and {decay}"):
        ConstantThenLinear(2e-4, constant, decay)
