"""What files carry of a model; that runs resume exactly is in the harness."""

import functools

import pytest

from tests.engine.test_custom_model import MyGAN, build
from tests.harness import dense_gan, gan


def test_its_config_is_the_arguments_of_its_constructors():
    model = build(MyGAN)
    config = model.get_config()
    assert list(config)[:3] == ["generator", "discriminator", "latent_dim"]
    assert {name: config[name] for name in ("latent_dim", "ema_decay", "seed")} == {
        "latent_dim": 4,
        "ema_decay": 0.5,
        "seed": 1,
    }
    again = MyGAN.from_config(config)
    assert again.get_config() == config


def test_an_argument_that_it_does_not_keep_is_told():
    class Forgets(MyGAN):
        def __init__(self, weight, *arguments, **keywords):
            super().__init__(*arguments, **keywords)

    with pytest.raises(AttributeError, match="Forgets keeps no attribute 'weight'"):
        build(functools.partial(Forgets, 1.0)).get_config()


def test_the_older_format_that_cannot_be_loaded_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"Keras cannot load.*\.weights\.h5"):
        build(MyGAN).save(tmp_path / "model.h5")
    assert not list(tmp_path.iterdir())


def test_a_checkpoint_of_another_model_is_told(tmp_path):
    gan().save_weights(tmp_path / "gan.weights.h5")
    with pytest.raises(ValueError):
        dense_gan().load_weights(tmp_path / "gan.weights.h5")
