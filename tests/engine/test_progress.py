"""The counters of a model, and the numbers that follow them."""

import keras
import numpy as np
import pytest

from keras_gans.losses import Penalty
from keras_gans.schedules import Cosine, HalfLife, Linear, PiecewiseConstant
from tests.backends import written_once
from tests.harness import dense_gan, images_for


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
