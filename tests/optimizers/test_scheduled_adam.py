"""Adam whose second decay follows a schedule."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.engine.backend import backend
from keras_gans.optimizers import ScheduledAdam
from keras_gans.schedules import Cosine

RATE, BETA_1, EPSILON, STEPS = 0.1, 0.3, 1e-7, 4
START = np.random.default_rng(0).standard_normal((3, 2), dtype="float32")
GRADIENTS = np.random.default_rng(1).standard_normal((6, 3, 2), dtype="float32")


def numbers(tensor):
    return ops.convert_to_numpy(tensor)


def moving():
    return ScheduledAdam(RATE, BETA_1, Cosine(0.9, 0.99, steps=STEPS), epsilon=EPSILON)


def trained(optimizer, gradients=GRADIENTS):
    variable = keras.Variable(START)
    optimizer.build([variable])
    backend.use_fused_update(optimizer)
    for gradient in gradients:
        optimizer.apply([ops.convert_to_tensor(gradient)], [variable])
    return numbers(variable)


def reference():
    """Algorithm 1, in float64, with the present beta_2 wherever the paper has one."""
    x, m, v = START.astype("float64"), 0.0, 0.0
    for t, gradient in enumerate(GRADIENTS.astype("float64"), 1):
        share = 0.5 * (1 - np.cos(np.pi * min((t - 1) / STEPS, 1)))
        beta_2 = 0.9 + 0.09 * share
        m = BETA_1 * m + (1 - BETA_1) * gradient
        v = beta_2 * v + (1 - beta_2) * gradient**2
        # The rate of the end of the paper's section 2, as Keras has it.
        rate = RATE * np.sqrt(1 - beta_2**t) / (1 - BETA_1**t)
        x = x - rate * m / (np.sqrt(v) + EPSILON)
    return x


def test_its_updates_are_those_of_the_paper_with_the_present_beta_2():
    np.testing.assert_allclose(trained(moving()), reference(), atol=1e-5)


def test_with_a_number_it_is_adam():
    arguments = {"learning_rate": RATE, "beta_1": BETA_1, "beta_2": 0.95}
    ours, theirs = ScheduledAdam(**arguments), keras.optimizers.Adam(**arguments)
    # Not bit for bit: on PyTorch Keras updates all variables of its own Adam at once.
    np.testing.assert_allclose(trained(ours), trained(theirs), rtol=1e-5)


def test_it_comes_back_from_its_config():
    config = keras.optimizers.serialize(moving())
    np.testing.assert_array_equal(trained(keras.optimizers.deserialize(config)), trained(moving()))
    fixed = ScheduledAdam.from_config(ScheduledAdam(beta_2=0.5).get_config())
    assert fixed.beta_2 == 0.5


def test_a_schedule_in_images_is_told():
    with pytest.raises(ValueError, match="beta_2 is a schedule in images"):
        ScheduledAdam(beta_2=Cosine(0.9, 0.99, images=100))
