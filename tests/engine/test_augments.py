"""What a model does with its `augment`: what it hands over, what it logs, what it refuses."""

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.layers import AdaptiveAugment, DiffAugment, InstanceNoise
from keras_gans.losses import Consistency
from keras_gans.models import GAN
from keras_gans.samples import Images
from keras_gans.schedules import Linear
from tests.harness import assert_equal, changed, dense_gan, everything, images, state_of
from tests.harness.promises.replicas import on_tensorflow, two_replicas

PIXELS = images(8, (4, 4, 1))


def trained(augment, epochs=1, **arguments):
    keras.utils.set_random_seed(0)
    model = dense_gan(augment=augment)
    model.compile(**arguments)
    history = model.fit(PIXELS, batch_size=4, epochs=epochs, shuffle=False, verbose=0).history
    return model, history


def test_with_probability_0_a_model_learns_what_it_learns_without():
    (without, history), (with_it, logs) = trained(None), trained(AdaptiveAugment(0.0))
    assert_equal(state_of(without.trainable_variables), state_of(with_it.trainable_variables))
    assert history == logs
    assert len(without.variables) == len(with_it.variables) - 1  # Its draws.


def test_a_schedule_is_followed_and_logged():
    _, history = trained(InstanceNoise(Linear(0.8, 0.0, images=32)), epochs=3)
    np.testing.assert_allclose(history["augment_strength"], [0.6, 0.4, 0.2], rtol=1e-6)
    assert "augment_strength" not in trained(InstanceNoise(0.1), run_eagerly=True)[1]
    assert "augment_strength" not in trained(DiffAugment(), run_eagerly=True)[1]


def test_p_follows_the_discriminator_once_in_each_of_its_moves():
    augment = AdaptiveAugment(target=-1.0, interval=1, images=100)
    _, history = trained(augment, epochs=2)
    np.testing.assert_allclose(history["augment_strength"], [0.08, 0.16], rtol=1e-5)


def test_a_saved_run_goes_on_bit_for_bit(tmp_path):
    model, _ = trained(AdaptiveAugment(target=-1.0, interval=3, images=20), epochs=2)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for one in (model, loaded):
        history = one.fit(PIXELS, batch_size=4, epochs=1, shuffle=False, verbose=0).history
        assert history["augment_strength"] == [1.0]
    assert_equal(everything(model), everything(loaded))


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_it_trains_in_half_precision(policy):
    keras.config.set_dtype_policy(policy)
    model, history = trained(AdaptiveAugment(target=-1.0, interval=1, images=4), run_eagerly=True)
    keras.config.set_dtype_policy("float32")
    assert np.isfinite(history["discriminator_loss"]).all()
    assert {v.dtype for v in model.augment.weights} == {"float32"}


def test_penalties_see_through_it_and_evaluation_does_not():
    """Of D(x) = w . x, with all of x but its first row cut out, R1 is half of |w|^2 of that row."""
    tiny, row = dense_gan(), np.zeros((4, 4, 1), "float32")
    row[0] = 1.0

    class CutsOut(keras.layers.Layer):
        def call(self, samples, training=False):
            return samples * ops.convert_to_tensor(row) if training else samples

    def evaluated(augment):
        keras.utils.set_random_seed(0)
        linear = [keras.layers.Flatten(), keras.layers.Dense(1, use_bias=False)]
        discriminator = keras.Sequential([keras.Input((4, 4, 1)), *linear])
        penalty = {"penalty": "r1", "penalty_weight": 1.0}
        model = GAN(tiny.generator, discriminator, 4, **penalty, augment=augment, seed=0)
        model.compile(keras.optimizers.SGD(0.0), keras.optimizers.SGD(0.0), run_eagerly=True)
        logs = model.evaluate(PIXELS, batch_size=4, verbose=0, return_dict=True)
        (w,) = state_of(discriminator.trainable_variables)
        trained = model.fit(PIXELS, batch_size=8, shuffle=False, verbose=0).history
        return logs, trained["penalty"][0], w.reshape(4, 4, 1)

    (plain, whole, w), (logs, cut, _) = evaluated(None), evaluated(CutsOut())
    assert whole == pytest.approx(np.square(w).sum() / 2, rel=1e-5)
    assert cut == pytest.approx(np.square(w * row).sum() / 2, rel=1e-5)
    assert plain == logs


def test_what_lies_in_0_to_1_is_scaled_for_the_layer_and_back():
    tiny, seen = dense_gan(), []

    class Watches(keras.layers.Layer):
        def call(self, samples, training=False):
            seen.append(ops.convert_to_numpy(samples))
            return samples

    model = GAN(tiny.generator, tiny.discriminator, 4, samples=Images((0, 1)), augment=Watches())
    pixels = ops.convert_to_tensor(PIXELS / np.float32(255))
    back = model.augmented(pixels, training=True)
    np.testing.assert_allclose(seen[0], PIXELS / 127.5 - 1, atol=1e-6)
    np.testing.assert_allclose(ops.convert_to_numpy(back), PIXELS / 255, atol=1e-6)
    assert model.augmented(pixels, training=False) is pixels


def test_points_have_noise_added():
    generator = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    discriminator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model = GAN(generator, discriminator, 2, augment=InstanceNoise(0.5))
    model.compile(run_eagerly=True)
    start = everything(model)
    history = model.fit(np.zeros((4, 3), "float32"), batch_size=4, verbose=0).history
    assert np.isfinite(history["loss"]).all()
    assert changed(start, everything(model))


@on_tensorflow  # On JAX every step does.
def test_a_step_runs_with_the_compiler():
    both = keras.Sequential([DiffAugment(), AdaptiveAugment(0.5)])
    _, history = trained(both, jit_compile=True)
    assert np.isfinite(history["loss"]).all()


@on_tensorflow
def test_two_replicas_draw_different_transformations():
    layer, pixels = DiffAugment("color"), ops.convert_to_tensor(PIXELS[:1] / np.float32(255))
    strategy = two_replicas()
    made = strategy.run(lambda: layer(pixels, training=True))
    first, second = (np.asarray(x) for x in strategy.experimental_local_results(made))
    assert (first != second).any()


def test_what_is_no_layer_is_told():
    with pytest.raises(ValueError, match=r"augment is one layer .* it was 'color'"):
        dense_gan(augment="color")


def test_what_nobody_would_tell_how_to_move_is_told():
    """An adaptive p wants scores that say real or not; inside another layer nothing moves."""
    adaptive, linear = AdaptiveAugment(), Linear(0.5, 0.0, images=9)
    for augment, loss, sentence in (
        (adaptive, "relativistic", "only compare real with generated"),
        (adaptive, "wasserstein", "only compare real with generated"),
        (adaptive, "least_squares", r"AdaptiveAugment\(boundary=0.5\)"),
        (keras.Sequential([AdaptiveAugment()]), "hinge", "AdaptiveAugment moves with training"),
        (keras.Sequential([InstanceNoise(linear)]), "hinge", "InstanceNoise moves with training"),
    ):
        with pytest.raises(ValueError, match=sentence):
            dense_gan(augment=augment, loss=loss).compile()
    dense_gan(augment=AdaptiveAugment(boundary=0.5), loss="least_squares").compile()
    dense_gan(augment=AdaptiveAugment(0.2), loss="relativistic").compile()
    with pytest.raises(ValueError, match="stays as strong as it is"):
        Consistency(AdaptiveAugment())


def test_layers_without_a_seed_draw_one():
    seeds = {DiffAugment().seed for _ in range(3)}
    assert len(seeds) == 3
    layer = DiffAugment()
    assert DiffAugment.from_config(layer.get_config()).seed == layer.seed
