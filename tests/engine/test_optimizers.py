"""The facade over the players' optimizers."""

import keras
import numpy as np
import pytest

from keras_gans.engine.backend import backend
from tests.harness import dense_gan, images_for


def test_setting_the_learning_rate_sets_every_player_s():
    model = dense_gan()
    model.compile()
    model.optimizer.learning_rate = 0.25
    assert [float(o.learning_rate) for o in model.optimizer.optimizers] == [0.25, 0.25]
    assert float(model.optimizer.learning_rate) == 0.25


def test_applying_gradients_to_all_players_at_once_is_refused():
    model = dense_gan()
    model.compile()
    with pytest.raises(NotImplementedError, match=r"model\.minimize"):
        model.optimizer.apply([])


def test_files_name_the_players(tmp_path):
    import h5py

    model = dense_gan()
    model.compile()
    model.save_weights(tmp_path / "model.weights.h5")
    with h5py.File(tmp_path / "model.weights.h5") as file:
        assert {"discriminator", "generator"} <= set(file["optimizer"])


def test_moving_averages_of_each_optimizer_are_its_own():
    model = dense_gan()
    model.compile(keras.optimizers.Adam(use_ema=True, ema_momentum=0.5), "adam")
    model.fit(images_for(model, 4), batch_size=2, verbose=0)
    # `finalize_variable_values` at the end of `fit` puts the averages into the weights.
    averages = model.optimizer.generator._model_variables_moving_average
    for variable, average in zip(model.generator.trainable_variables, averages, strict=True):
        assert (variable.numpy() == average.numpy()).all()


def test_its_config_names_every_player():
    model = dense_gan()
    model.compile("sgd", "adam")
    config = model.optimizer.get_config()
    assert config["generator"]["class_name"] == "SGD"
    assert config["discriminator"]["class_name"] == "Adam"


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"clipnorm": 0.01},
        {"weight_decay": 0.1},
        {"gradient_accumulation_steps": 2},
        {"use_ema": True, "ema_momentum": 0.5},
        {"amsgrad": True},
    ],
)
def test_adam_updates_as_keras_does(arguments):
    """Whatever the backend fuses, the weights are those of the stock optimizer."""
    rng = np.random.default_rng(0)
    start = rng.normal(size=(3, 2)).astype("float32")
    gradients = rng.normal(size=(4, 3, 2)).astype("float32")
    weights = []
    for accelerate in (lambda optimizer: None, backend.use_fused_update):
        variable = keras.Variable(start)
        optimizer = keras.optimizers.Adam(0.1, beta_1=0.5, beta_2=0.9, **arguments)
        optimizer.build([variable])
        accelerate(optimizer)
        for gradient in gradients:
            optimizer.apply([keras.ops.convert_to_tensor(gradient)], [variable])
        weights.append([variable.numpy(), *(slot.numpy() for slot in optimizer.variables)])
    for stock, ours in zip(*weights, strict=True):
        np.testing.assert_allclose(ours, stock, rtol=1e-5, atol=1e-6)
