"""The facade over the players' optimizers."""

import keras
import pytest

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
