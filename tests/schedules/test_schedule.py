"""Numbers that move with images or steps: their values, their counters, and what they drive."""

import keras
import pytest

from keras_gans.schedules import Cosine, HalfLife, Linear, PiecewiseConstant
from tests.backends import written_once


@pytest.mark.parametrize(
    ("schedule", "seen", "value"),
    [
        (Linear(0.1, 0.0, images=200), 50, 0.075),
        (Linear(1.0, 3.0, steps=10), 1_000, 3.0),
        (Linear(1.0, 3.0, steps=10), -5, 1.0),
        # 0.1 + 0.9 (1 + cos(pi / 4)) / 2, by hand.
        (Cosine(1.0, 0.1, images=2_000_000), 500_000, 0.8681981),
        (Cosine(0.0, 0.55, steps=4), 2, 0.275),
        (Cosine(0.0, 0.55, steps=4), 4, 0.55),
        (PiecewiseConstant([100, 5], steps=[25]), 24, 100),
        (PiecewiseConstant([100, 5], steps=[25]), 25, 5),
        (PiecewiseConstant([1.0, 0.5, 0.25], images=[10, 20]), 19, 0.5),
        (PiecewiseConstant([1.0, 0.5, 0.25], images=[10, 20]), 10**9, 0.25),
    ],
)
def test_values_are_those_written_down(schedule, seen, value):
    for count in (seen, keras.ops.convert_to_tensor(seen, "int32")):
        assert float(keras.ops.convert_to_numpy(schedule(count))) == pytest.approx(value, rel=1e-6)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(schedule))
    assert again.get_config() == schedule.get_config()
    assert float(keras.ops.convert_to_numpy(again(seen))) == pytest.approx(value, rel=1e-6)


@written_once
@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: Linear(0, 1), "say one of `images` and `steps`; they were None and None"),
        (lambda: Linear(0, 1, 3, 4), "they were 3 and 4"),
        (lambda: Cosine(0, 1, images=0), "above 0"),
        (lambda: PiecewiseConstant([1, 2], steps=[0]), "above 0"),
        (lambda: PiecewiseConstant([1, 2], steps=[3, 4]), "2 values begin at 1 ascending"),
        (lambda: PiecewiseConstant([1, 2, 3], images=[4, 3]), "ascending"),
        (lambda: HalfLife(0), "above 0, or a schedule counted in images; it was 0"),
        (lambda: HalfLife(Linear(0, 1, steps=3)), "counted in images"),
        (lambda: HalfLife(10, ramp=0), "ramp is above 0"),
    ],
)
def test_wrong_numbers_are_told(build, sentence):
    with pytest.raises(ValueError, match=sentence):
        build()
