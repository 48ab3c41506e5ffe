"""A run as arrays."""

import keras
import numpy as np
import pytest

from keras_gans.engine.training_state import (
    epoch_means,
    restore_epoch_means,
    restore_training_state,
    training_state,
)
from tests.harness import assert_equal, dense_gan, everything, images_for


def trained(**arguments):
    model = dense_gan(**arguments)
    model.compile()
    model.fit(images_for(model, 4), batch_size=2, verbose=0)
    return model


def test_it_makes_another_model_the_same():
    model = trained(ema_decay=0.5)
    other = dense_gan(ema_decay=0.5)
    other.compile()
    restore_training_state(other, training_state(model))
    restore_epoch_means(other, epoch_means(model))
    assert_equal(everything(model), everything(other))
    assert other.logs().keys() == model.logs().keys()
    for name, value in model.logs().items():
        assert float(other.logs()[name]) == float(value)


def test_another_models_state_is_refused_and_changes_nothing():
    model, other = trained(), trained(ema_decay=0.5)
    before = training_state(other)
    with pytest.raises(ValueError, match=r"it holds \d+ variables, this model has \d+"):
        restore_training_state(other, training_state(model))
    state = training_state(other)
    last = max(name for name in state if name.startswith("variable_"))
    state[last] = np.zeros((3, 3, 3), "float32")
    with pytest.raises(ValueError, match=r"it holds \(3, 3, 3\)"):
        restore_training_state(other, state)
    assert_equal(before.values(), training_state(other).values())


def test_numpy_files_can_hold_it_whatever_the_policy(tmp_path):
    keras.config.set_dtype_policy("bfloat16")
    model = trained()
    state = training_state(model)
    np.savez(tmp_path / "state.npz", **state)
    with np.load(tmp_path / "state.npz", allow_pickle=False) as file:
        restore_training_state(model, dict(file))
    assert_equal(state.values(), training_state(model).values())
