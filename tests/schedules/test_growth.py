import math

import keras
import pytest

from keras_gans.schedules import Growth


def lod(kimg, side=1024, training=600.0, transition=600.0):
    """The level of detail of the authors' train.py; 0 is the full resolution."""
    duration = training + transition
    phase = math.floor(kimg / duration)
    within = kimg - phase * duration
    value = math.log2(side) - 2 - phase - max(within - training, 0.0) / transition
    return max(value, 0.0)


@pytest.mark.parametrize("around", range(0, 10_200, 600))
@pytest.mark.parametrize("step", [-1, 0, 1, 300_000])
def test_the_schedule_is_the_authors(around, step):
    seen = max(1000 * around + step, 0)
    growth = Growth(levels=9, fade_images=600_000, stabilise_images=600_000)
    expected = lod(seen / 1000)
    level = growth.level(seen)
    assert 4 * 2**level == 2 ** (10 - math.floor(expected))
    alpha = float(keras.ops.convert_to_numpy(growth.alpha(seen, level)))
    assert alpha == pytest.approx(1.0 - expected % 1.0, abs=1e-6)


def test_the_trace_of_the_reference():
    growth = Growth(9, 600_000, 600_000)
    trace = {0: 4, 600: 4, 900: 8, 1200: 8, 1800: 8, 2100: 16, 9600: 1024}
    assert {kimg: 4 * 2 ** growth.level(1000 * kimg) for kimg in trace} == trace


def test_a_phase_ends_where_the_next_begins():
    growth = Growth(3, fade_images=40, stabilise_images=60)
    seen, phases = 0, [0]
    while not math.isinf(left := growth.until_next_phase(seen)):
        assert growth.phase(seen + left) == phases[-1]
        seen += left + 1
        phases.append(growth.phase(seen))
    assert phases == [0, 1, 2, 3, 4]


def test_numbers_out_of_range_are_told():
    with pytest.raises(ValueError, match="fade_images must be 1 or more"):
        Growth(3, 0, 10)
