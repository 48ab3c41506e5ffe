"""The moves of a train step; that each moves only its player is in the harness."""

import keras
import numpy as np
import pytest

from tests.engine.quadratic import Quadratic, batch
from tests.harness import assert_equal, changed, dense_gan, images_for, state_of

BACKEND = keras.backend.backend()


def test_the_sum_of_the_terms_is_minimized_and_each_is_logged():
    model = Quadratic()
    model.compile()
    logs = model.train_on_batch(batch(1, 3), return_dict=True)
    assert model.w == pytest.approx(0.1 * 2 * 2)
    assert logs == pytest.approx({"generator_loss": 4.5, "distance": 4, "offset": 0.5, "loss": 4.5})


def test_weight_regularizers_take_part():
    model = Quadratic(regularizer=keras.regularizers.L2(0.5), initial=2.0)
    model.compile()
    logs = model.train_on_batch(batch(2, 2), return_dict=True)
    assert model.w == pytest.approx(2 - 0.1 * 2 * 0.5 * 2)
    assert logs["generator_loss"] == pytest.approx(0.5 + 0.5 * 4)


def test_gradient_accumulation_is_the_optimizer_s():
    plain, accumulating = Quadratic(), Quadratic()
    plain.compile()
    accumulating.compile(keras.optimizers.SGD(0.1, gradient_accumulation_steps=2))
    plain.fit(batch(1, 2, 3, 6), batch_size=4, shuffle=False, verbose=0)
    accumulating.fit(batch(1, 2, 3, 6), batch_size=2, shuffle=False, verbose=0)
    assert accumulating.w == pytest.approx(plain.w, rel=1e-6)


def test_an_infinite_gradient_skips_and_halves_the_scale_of_its_own_player_only():
    keras.config.set_dtype_policy("mixed_float16")
    model = dense_gan()
    model.compile()
    model.fit(images_for(model, 4), verbose=0)
    networks = (model.generator, model.discriminator)
    before = [state_of(network.trainable_variables) for network in networks]
    scales = [float(optimizer.dynamic_scale) for optimizer in model.optimizer.optimizers]
    loss = model.generator_loss
    object.__setattr__(model, "generator_loss", lambda *a, **k: loss(*a, **k) * float("inf"))
    model.make_train_function(force=True)
    model.train_on_batch(images_for(model, 4))
    after = [state_of(network.trainable_variables) for network in networks]
    assert_equal(before[0], after[0], "the generator moved")
    assert changed(before[1], after[1])
    halved = [float(optimizer.dynamic_scale) for optimizer in model.optimizer.optimizers]
    assert halved == [scales[0], scales[1] / 2]


@pytest.mark.parametrize("through", [False, True])
def test_a_loss_that_depends_on_nothing_is_told(through):
    if BACKEND == "jax":
        pytest.skip("JAX has zeros for missing gradients")
    model = dense_gan(resample_latents=not through)
    model.compile()
    object.__setattr__(model, "generator_loss", lambda *_, **__: keras.ops.sum(keras.ops.ones(2)))
    with pytest.raises(ValueError, match="does not depend on any of the"):
        model.fit(images_for(model), verbose=0)


@pytest.mark.parametrize("resample_latents", [False, True])
def test_a_player_may_be_frozen_whole(resample_latents):
    model = dense_gan(resample_latents=resample_latents)
    model.generator.trainable = False
    model.compile()
    before = state_of(model.generator.weights), state_of(model.discriminator.weights)
    history = model.fit(images_for(model), batch_size=5, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert_equal(before[0], state_of(model.generator.weights))
    assert changed(before[1], state_of(model.discriminator.weights))


def test_a_term_without_a_tracker_is_told():
    model = Quadratic()
    model.compile()
    with pytest.raises(ValueError, match="logs 'novelty', which has no tracker; it has generator"):
        model.observe(novelty=1.0)
