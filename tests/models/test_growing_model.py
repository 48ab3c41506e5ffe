"""Growth inside one `fit`."""

import keras
import numpy as np
import pytest

from keras_gans.callbacks import Checkpoint, SampleGrid
from keras_gans.engine.backend import backend
from keras_gans.models import ProgressiveGAN
from keras_gans.networks import progressive_discriminator, progressive_generator
from keras_gans.samples import Images
from tests.harness import (
    assert_equal,
    everything,
    images,
    state_of,
)

BACKEND = keras.backend.backend()
SHAPE, LATENT_DIM = (16, 16, 1), 4


def build(compiled=True, **arguments):
    """Phases of 32 images each: 4x4, fade to 8x8, 8x8, fade to 16x16, 16x16."""
    keras.utils.set_random_seed(0)
    sizes = {"fade_images": 32, "stabilise_images": 32, "minibatches": {4: 8}, "ema_decay": 0.9}
    model = ProgressiveGAN(
        progressive_generator(SHAPE, LATENT_DIM, base=16, maximum=4),
        progressive_discriminator(SHAPE, base=16, maximum=4),
        LATENT_DIM,
        seed=3,
        **{**sizes, **arguments},
    )
    if compiled:
        model.compile()
    return model


def fit(model, **arguments):
    arguments = {"batch_size": 8, "verbose": 0, **arguments}
    return model.fit(images(48, SHAPE), **arguments)


SIZES = {"minibatches": {4: 6, 8: 4, 16: 2}, "fade_images": 8, "stabilise_images": 8}


def small_fit(model, n=20, **arguments):
    return model.fit(images(n, SHAPE), **{"epochs": 3, "verbose": 0, **arguments})


@pytest.fixture(scope="module")
def grown():
    """A model that one fit has grown to 16x16 pixels; not to be changed."""
    model = build()
    fit(model, epochs=4)
    return model


class Steps(keras.callbacks.Callback):
    """The logs of every step."""

    def __init__(self):
        super().__init__()
        self.rows = []

    def on_train_batch_end(self, batch, logs=None):
        self.rows.append((int(logs["resolution"]), round(float(logs["alpha"]), 3)))


def test_one_fit_grows_through_all_resolutions():
    model, steps = build(), Steps()
    fit(model, epochs=4, callbacks=[steps])
    # The logs of a step show what it ends with: the fifth has seen 40 images, 32 at 4x4 pixels.
    assert steps.rows[3:9] == [(4, 1.0), (4, 1.0), (8, 0.5), (8, 0.75), (8, 1.0), (8, 1.0)]
    assert [resolution for resolution, _ in steps.rows] == [4] * 5 + [8] * 8 + [16] * 11
    assert int(keras.ops.convert_to_numpy(model.images_seen)) == 4 * 48
    assert model.resolution == 16
    assert model.generate(3, seed=0).shape == (3, *SHAPE)


@pytest.mark.skipif(BACKEND == "torch", reason="PyTorch traces nothing")
def test_there_is_one_trace_for_each_resolution():
    model = build()
    traced, faded = [], model.faded

    def watched(*arguments):
        traced.append(model.resolution)
        return faded(*arguments)

    object.__setattr__(model, "faded", watched)
    fit(model, epochs=4)
    # TensorFlow looks at a function twice when it is made for the first time.
    assert sorted(set(traced)) == [4, 8, 16]
    assert [traced.count(side) for side in (4, 8, 16)] == [traced.count(4)] * 3
    assert traced.count(4) == 1


def test_layers_of_higher_resolutions_wait_untouched():
    model = build(stabilise_images=1000)
    waiting = [
        network
        for player in (model.generator, model.discriminator)
        for network in (*player.blocks, *player.heads[1:])
    ]
    variables = [v for network in waiting for v in network.trainable_variables]
    before = state_of(variables)
    fit(model)
    assert_equal(before, state_of(variables))
    ids = {id(v) for v in variables}
    for player, optimizer in zip(model.players, model.optimizer.optimizers, strict=True):
        moved = model.optimizer.moved_variables(player)
        for moments in (optimizer._momentums, optimizer._velocities):
            for variable, moment in zip(moved, moments, strict=True):
                waits = id(variable) in ids
                if waits:
                    assert not keras.ops.convert_to_numpy(moment).any()
        assert any(keras.ops.convert_to_numpy(v).any() for v in optimizer._velocities)


def test_images_come_in_the_range_of_the_networks():
    model = build(compiled=False, samples=Images((0, 1)))
    model.compile(run_eagerly=True)
    seen, read = [], model.batch

    def watched(data):
        batch = read(data)
        seen.append(keras.ops.convert_to_numpy(batch.samples))
        return batch

    object.__setattr__(model, "batch", watched)
    pixels = np.stack([np.zeros(SHAPE, "uint8"), np.full(SHAPE, 255, "uint8")] * 4)
    model.fit(pixels, epochs=1, verbose=0, validation_data=pixels)
    for batch in seen:
        assert {float(value) for value in np.unique(batch)} == {0.0, 1.0}


def test_moments_start_afresh_where_a_fade_begins_and_ends():
    model, seen = build(), []

    class Watch(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            backend.before_inference(self.model)
            numbers = self.model.phase, self.model.optimizer.iterations
            seen.append(tuple(int(keras.ops.convert_to_numpy(x)) for x in numbers))

    fit(model, epochs=4, callbacks=[Watch()])
    steps_of_phases = [[steps for phase, steps in seen if phase == p] for p in range(5)]
    assert [len(steps) for steps in steps_of_phases] == [5, 3, 5, 3, 8]
    for steps in steps_of_phases:
        assert steps == list(range(1, len(steps) + 1))


@pytest.mark.parametrize("epochs", [1, 2, 3])
def test_growth_goes_on_where_a_file_was_written(epochs, grown, tmp_path):
    first = build()
    fit(first, epochs=epochs)
    first.save(tmp_path / "model.keras")
    second = keras.saving.load_model(tmp_path / "model.keras")
    assert second.resolution == first.resolution
    fit(second, epochs=4, initial_epoch=epochs)
    assert_equal(everything(grown), everything(second))


@pytest.mark.parametrize("steps", [0, 2])
def test_a_run_that_is_broken_off_in_a_fade_ends_with_the_same_weights(steps, grown, tmp_path):
    class Break(keras.callbacks.Callback):
        """Where 16x16 pixels begin to fade in: a step before, at it, or within."""

        def on_epoch_begin(self, epoch, logs=None):
            self.epoch = epoch

        def on_train_batch_end(self, batch, logs=None):
            if (self.epoch, batch) == (2, steps):
                raise KeyboardInterrupt

    broken = build()
    with pytest.raises(KeyboardInterrupt):
        fit(broken, epochs=4, callbacks=[Checkpoint(tmp_path, save_freq=1), Break()])
    resumed = build()
    fit(resumed, epochs=4, callbacks=[Checkpoint(tmp_path, save_freq=1)])
    assert_equal(everything(grown), everything(resumed))


def test_images_of_smaller_resolutions_stay_at_hand(grown):
    for side in (4, 8, 16):
        assert grown.generate(2, seed=0, resolution=side).shape == (2, side, side, 1)
    with pytest.raises(ValueError, match="one of 4, 8, 16"):
        grown.generate(2, resolution=32)
    with pytest.raises(ValueError, match="one of 4, to which"):
        build().generate(2, resolution=8)


def test_a_smaller_resolution_is_traced_once(grown):
    made, served_generator = [], grown.served_generator

    def counted(resolution):
        made.append(resolution)
        return served_generator(resolution)

    grown._smaller.generators.clear()
    object.__setattr__(grown, "served_generator", counted)
    first, again = (grown.generate(2, seed=0, resolution=8) for _ in range(2))
    object.__delattr__(grown, "served_generator")
    assert made == [8]
    np.testing.assert_array_equal(first, again)
    latents = grown.draw_latents(2, seed=0)
    layers = grown.inference_generator
    expected = keras.ops.convert_to_numpy(layers(latents, level=1, training=False))
    np.testing.assert_allclose(first, np.clip(expected * 127.5 + 127.5, 0, 255), atol=1)


def test_a_smaller_resolution_is_exported(grown, tmp_path):
    tf = pytest.importorskip("tensorflow")
    grown.export(tmp_path / "8", resolution=8)
    latents = grown.draw_latents(3, seed=0)
    served = tf.saved_model.load(str(tmp_path / "8")).signatures["serving_default"]
    made = served(latents=tf.constant(latents))["images"].numpy()
    expected = grown.generate(latents=latents, resolution=8)
    assert made.shape == expected.shape == (3, 8, 8, 1)
    assert np.abs(made.astype("int") - expected).max() <= 1


@keras.saving.register_keras_serializable(package="tests")
class Falling(keras.optimizers.schedules.LearningRateSchedule):
    """1 / (1 + step)."""

    def __call__(self, step):
        return 1e-3 / (1.0 + keras.ops.cast(step, "float32"))

    def get_config(self):
        return {}


def test_schedules_go_on_through_the_phases_and_have_the_factors(tmp_path):
    model = build(compiled=False, **SIZES, rate_factors={16: 1.5})
    model.compile(*(keras.optimizers.Adam(Falling(), 0.0, 0.99) for _ in range(2)))
    rates = []

    class Rates(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            backend.before_inference(self.model)
            rates.append(float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate)))

    small_fit(model, epochs=2, callbacks=[Rates()])
    # The rate of the step that would be next.
    factors = [1.0] * 6 + [1.5] * 6
    assert rates == pytest.approx(
        [factor * 1e-3 / (2 + step) for step, factor in enumerate(factors)]
    )
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    for optimizer in loaded.optimizer.optimizers:
        assert float(keras.ops.convert_to_numpy(optimizer.learning_rate)) == rates[-1]
    assert loaded.steps_taken("generator") == 12


def test_a_step_with_a_schedule_is_that_with_its_rate():
    models = []
    for rate in (Falling(), 1e-3 / 3):
        model = build(compiled=False, **SIZES)
        model.compile(*(keras.optimizers.SGD(rate) for _ in range(2)))
        for optimizer in model.optimizer.optimizers:
            optimizer.steps_before.assign(2)
        small_fit(model, n=4, epochs=1)
        models.append(model)
    left, right = (state_of(model.trainable_variables) for model in models)
    for a, b in zip(left, right, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-8)


def test_the_learning_rate_follows_the_resolution():
    model = build(rate_factors={16: 1.5})
    fit(model, epochs=4)
    for optimizer in model.optimizer.optimizers:
        rate = float(keras.ops.convert_to_numpy(optimizer.learning_rate))
        assert rate == pytest.approx(1.5e-3)


def test_pictures_of_all_resolutions_make_one_animation(tmp_path):
    from PIL import Image

    model = build()
    fit(model, epochs=4, callbacks=[SampleGrid(tmp_path, rows=1, columns=2)])
    sizes = []
    for path in sorted(tmp_path.glob("epoch_*.png")):
        with Image.open(path) as picture:
            sizes.append(picture.size)
    with Image.open(tmp_path / "animation.gif") as animation:
        assert (animation.n_frames, animation.size) == (5, max(sizes))
