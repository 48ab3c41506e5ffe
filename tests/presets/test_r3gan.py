"""The preset of R3GAN has the paper's numbers, all of which move."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans import presets
from keras_gans.presets.r3gan import RECIPES
from tests.harness import assert_equal, images, state_of

TINY = {"latent_dim": 4, "widths": [8, 8], "group_width": 4, "blocks": 1}
# TensorFlow takes ten seconds to trace two penalties, and four steps one.
EAGERLY = keras.backend.backend() == "tensorflow"


def small(image_shape=(8, 8, 1), **arguments):
    arguments = {**TINY, "burn_in": 16, "batch_size": 4, "seed": 0, **arguments}
    return presets.r3gan(image_shape, **arguments)


def numbers(model):
    """What moves: gamma, what the average keeps, the learning rate and beta_2."""
    gamma = model.value_of(model.penalties[0].weight)
    optimizer = model.optimizer.generator
    keeps = model.ema_decay.decay(model.images_seen, 4)
    found = gamma, keeps, optimizer.learning_rate, optimizer.beta_2
    return [float(ops.convert_to_numpy(x)) for x in found]


def everything(model):
    return state_of([*model.variables, *model.optimizer.variables])


def test_its_numbers_are_those_of_the_paper():
    model = small(recipe="ffhq64", burn_in=None, batch_size=None)
    assert model.adversarial_loss.name == "relativistic"
    assert [p.name for p in model.penalties] == ["r1", "r2"]
    assert numbers(model) == pytest.approx([2.0, 0.0, 2e-4, 0.9])
    model.images_seen.assign(20_000_000)
    for optimizer in model.optimizer.optimizers:
        optimizer.iterations.assign(20_000_000 // 256)
        assert optimizer.beta_1 == 0.0
    # 0.5^(4 / 500,000) is 0.99999445.
    assert numbers(model) == pytest.approx([0.2, 0.5 ** (4 / 5e5), 5e-5, 0.99], rel=1e-4)


def test_the_average_of_cifar_keeps_what_the_authors_say():
    model = small(recipe="cifar10", burn_in=None)
    kept = model.ema_decay.decay(20_000_000, RECIPES["cifar10"].batch_size)
    assert float(ops.convert_to_numpy(kept)) == pytest.approx(0.999929, abs=1e-6)


def test_imagenet_s_networks_have_their_own_widths():
    assert (RECIPES["imagenet64"].width, RECIPES["imagenet64"].group_width) == (1536, 32)
    wide = small(recipe="imagenet32", widths=[16, 16], group_width=None).generator
    assert {x.groups for x in wide.layers if type(x).__name__ == "GroupedConv2D"} == {1}


def test_all_numbers_move_and_a_run_resumes_bit_for_bit(tmp_path):
    data = images(8, (8, 8, 1))
    model = small()
    model.run_eagerly = EAGERLY
    before = numbers(model)
    history = model.fit(data, batch_size=4, epochs=1, shuffle=False, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    moved = numbers(model)
    # Half of the burn-in: the middle of all of them but the average's, of half a half-life.
    assert moved[0] == pytest.approx(0.0275) and moved[2:] == pytest.approx([1.25e-4, 0.945])
    assert moved[1] > before[1] == 0
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    loaded.run_eagerly = EAGERLY
    for each in (model, loaded):
        each.fit(data, batch_size=4, epochs=1, shuffle=False, verbose=0)
    assert_equal(everything(model), everything(loaded))
    assert numbers(loaded) == pytest.approx([0.005, 0.5 ** (4 / 5e6), 5e-5, 0.99], rel=1e-4)


def test_with_labels_it_makes_what_it_is_asked_for():
    model = small(image_shape=(4, 4, 1), widths=[4], labels=3)
    model.fit(images(4, (4, 4, 1)), np.array([0, 1, 2, 0]), batch_size=4, verbose=0)
    assert model.generate(labels=[0, 1, 2], seed=0).shape == (3, 4, 4, 1)


def test_an_unknown_recipe_is_told():
    with pytest.raises(ValueError, match="recipes of R3GAN are stacked_mnist, cifar10"):
        small(recipe="cifar")
