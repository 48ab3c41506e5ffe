"""What MyGAN has to do, tiny: `python -m pytest my_gan`."""

import keras
import numpy as np
import pytest

from . import my_gan

SHAPE = (16, 16, 1)
IMAGES = np.random.default_rng(0).integers(0, 256, (9, *SHAPE), dtype="uint8")


def tiny():
    return my_gan(SHAPE, latent_dim=4, width=2, seed=0)


def fit(model):
    """The history of an epoch in order; its last batch is a single image."""
    return model.fit(IMAGES, batch_size=4, shuffle=False, verbose=0).history


def weights(model):
    """Dict from players to what their moves change, as arrays."""
    return {
        player: [
            keras.ops.convert_to_numpy(weight)
            for network in networks
            for weight in network.trainable_variables
        ]
        for player, networks in model.players.items()
    }


def moved(before, after):
    """The players of whose weights one has changed."""
    pairs = {player: zip(before[player], after[player], strict=True) for player in before}
    return {player for player in pairs if any((a != b).any() for a, b in pairs[player])}


@pytest.fixture(scope="module")
def model():
    return tiny()


def test_it_trains(model):
    before = weights(model)
    history = fit(model)
    assert np.isfinite(list(history.values())).all()
    assert moved(before, weights(model)) == {*model.players}


@pytest.mark.parametrize("player", tiny().players)
def test_a_move_moves_its_player_alone(player):
    model = tiny()
    others = {f"{other}_optimizer": keras.optimizers.SGD(0.0) for other in model.players}
    model.compile(**{**others, f"{player}_optimizer": keras.optimizers.SGD(0.1)})
    before = weights(model)
    fit(model)
    assert moved(before, weights(model)) == {player}


def test_it_is_evaluated(model):
    assert model.evaluate(IMAGES, verbose=0, return_dict=True).keys() == fit(model).keys()


def test_a_file_goes_on_from_where_it_was(model, tmp_path):
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(loaded.generate(5, seed=1), model.generate(5, seed=1))
    for one in (model, loaded):
        fit(one)
    for left, right in zip(model.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(left, right)


def test_it_generates(model):
    images = model.generate(5, seed=1)
    assert images.shape == (5, *SHAPE) and images.dtype == np.uint8
    np.testing.assert_array_equal(images, model.generate(5, seed=1))


def test_an_export_makes_the_same_images(model, tmp_path):
    tf = pytest.importorskip("tensorflow")
    model.export(tmp_path / "exported")
    latents = model.draw_latents(5, seed=1)
    served = tf.saved_model.load(str(tmp_path / "exported")).signatures["from_latents"]
    images = served(latents=tf.constant(latents))["images"].numpy()
    difference = images.astype(int) - model.generate(latents=latents)
    assert np.abs(difference).max() <= 1  # Rounding.


# In a checkout of keras_gans a class makes all promises of its models: whole runs bit for bit, two
# replicas as one, half precision, ... Put it into a file of its own there:
#
# from my_gan import MyGAN
# from tests.harness import DrawsLatents, Exports, FromLatents, Harness, dense_gan
#
#
# class TestMyGAN(FromLatents, DrawsLatents, Exports, Harness):
#     logs = ()  # Besides losses.
#     package = "my_gan"
#
#     def build(self, **arguments):
#         tiny = dense_gan()
#         return MyGAN(tiny.generator, tiny.discriminator, latent_dim=4, seed=3, **arguments)
