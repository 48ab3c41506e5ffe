"""Numbers that move with images or steps: their values, their counters, and what they drive."""

import keras
import numpy as np
import pytest

from keras_gans.losses import Penalty
from keras_gans.schedules import Cosine, HalfLife, Linear, PiecewiseConstant
from tests.backends import written_once
from tests.harness import dense_gan, images_for


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


def test_a_half_life_is_the_same_average_whatever_the_batch():
    half = HalfLife(1_000)
    of_eight = float(keras.ops.convert_to_numpy(half.decay(0, 8)))
    assert of_eight == pytest.approx(0.5**0.008, rel=1e-6)
    assert of_eight**125 == pytest.approx(0.5, rel=1e-4)
    # StyleGAN2's rule: 0.5 ^ (batch / max(min(half-life, seen * ramp), 1e-8)).
    ramped = HalfLife(1_000, ramp=0.05)
    for seen, decay in ((0, 0.0), (160, 0.5), (10**6, 0.5**0.008)):
        value = float(keras.ops.convert_to_numpy(ramped.decay(seen, 8)))
        assert value == pytest.approx(decay, rel=1e-6)
    rising = HalfLife(Cosine(0.0, 1_000.0, images=100))
    assert float(keras.ops.convert_to_numpy(rising.decay(50, 500))) == pytest.approx(0.5, rel=1e-5)
    again = HalfLife.from_config(rising.get_config())
    assert again.images.get_config() == rising.images.get_config()


def test_steps_and_images_are_counted_and_the_weight_of_a_penalty_follows():
    """Two epochs of 4 + 4 + 2 images; the penalty's weight falls to zero after 15 of them."""

    def logged(weight):
        keras.utils.set_random_seed(0)
        model = dense_gan(penalty=Penalty("r1", weight))
        # No weight moves, so that the penalty alone is what the schedule changes.
        model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0))
        images, penalties = images_for(model, 10), []
        for start in (0, 4, 8) * 2:
            model.reset_metrics()
            logs = model.train_on_batch(images[start : start + 4], return_dict=True)
            penalties.append(float(logs["r1"]))
        return model, penalties

    model, moving = logged(Linear(1.0, 0.0, images=15))
    _, constant = logged(1.0)
    assert int(keras.ops.convert_to_numpy(model.steps_seen)) == 6
    assert int(keras.ops.convert_to_numpy(model.images_seen)) == 20
    weights = [max(1 - seen / 15, 0) for seen in (0, 4, 8, 10, 14, 18)]
    assert min(constant) > 0
    np.testing.assert_allclose(moving, np.multiply(weights, constant), rtol=1e-5)


def test_a_resumed_run_goes_on_where_its_schedules_were(tmp_path):
    def model_of():
        keras.utils.set_random_seed(0)
        model = dense_gan(
            penalty=[Penalty("r1", Cosine(2.0, 0.0, images=20)), Penalty("r2", 0.5, every=2)],
            discriminator_steps=PiecewiseConstant([2, 1], steps=[4]),
            ema_decay=HalfLife(Linear(1.0, 50.0, images=24), ramp=0.5),
        )
        model.compile()
        return model

    straight = model_of()
    images = images_for(straight, 12)
    straight.fit(images, batch_size=4, epochs=2, shuffle=False, verbose=0)
    first = model_of()
    first.fit(images, batch_size=4, epochs=1, shuffle=False, verbose=0)
    first.save(tmp_path / "model.keras")
    resumed = keras.saving.load_model(tmp_path / "model.keras")
    assert resumed.get_config()["penalty"] == first.get_config()["penalty"]
    resumed.fit(images, batch_size=4, epochs=1, shuffle=False, verbose=0)
    for ours, theirs in zip(resumed.get_weights(), straight.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_scheduled_generator_moves_in_every_kth_step():
    model = dense_gan(discriminator_steps=PiecewiseConstant([3, 1], steps=[3]))
    model.compile()
    images, moves = images_for(model, 4), []
    for _ in range(5):
        model.train_on_batch(images)
        moves.append((model.steps_taken("discriminator"), model.steps_taken("generator")))
    assert moves == [(1, 0), (2, 0), (3, 1), (4, 2), (5, 3)]


def test_the_average_of_a_half_life_is_the_closed_form():
    model = dense_gan(ema_decay=HalfLife(8))
    model.compile()
    images = images_for(model, 4)
    average = model.generator.get_weights()
    for n in (4, 4, 2):
        model.train_on_batch(images[:n])
        kept = 0.5 ** (n / 8)
        average = [
            kept * a + (1 - kept) * w
            for a, w in zip(average, model.generator.get_weights(), strict=True)
        ]
    for ours, theirs in zip(model.averaged_generator.get_weights(), average, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)
    # 10 images in 3 steps: a step keeps 0.5 ^ (10 / 24).
    assert model.average_lag() == pytest.approx(2 / (1 - 0.5 ** (10 / 24)), rel=1e-3)


@written_once
def test_a_learning_rate_in_images_is_told():
    rate = Cosine(1e-3, 1e-4, images=100)
    with pytest.raises(ValueError, match="'generator' is a schedule in images"):
        dense_gan().compile(keras.optimizers.Adam(rate))
    model = dense_gan()
    model.compile(keras.optimizers.SGD(Linear(0.0, 1.0, steps=2)), keras.optimizers.SGD(0.0))
    images, rates = images_for(model, 4), []
    for _ in range(3):
        rates.append(float(keras.ops.convert_to_numpy(model.optimizer.generator.learning_rate)))
        model.train_on_batch(images)
    assert rates == [0.0, 0.5, 1.0]


@written_once
@pytest.mark.parametrize(
    ("penalty", "weight", "sentence"),
    [
        (lambda: ["r1"], 10.0, r"a list of Penalty\(penalty, weight\) objects.*one is 'r1'"),
        (lambda: [Penalty("r1"), Penalty("r1", 2.0)], 10.0, "Two penalties are called r1"),
        (lambda: Penalty("r3"), 10.0, "Unknown penalty 'r3'"),
        (lambda: Penalty("r1", -1.0), 10.0, "A weight is 0 or more"),
        (lambda: Penalty("r1", every=0), 10.0, "every is a whole number from 1 on"),
        (lambda: "r1", -1.0, "A weight is 0 or more"),
    ],
)
def test_wrong_penalties_are_told(penalty, weight, sentence):
    with pytest.raises(ValueError, match=sentence):
        dense_gan(penalty=penalty(), penalty_weight=weight)
