"""Growth inside one `fit`. What every model does is in the harness, in the middle of a fade."""

import keras
import numpy as np
import pytest

from keras_gans import losses
from keras_gans.callbacks import Checkpoint, SampleGrid
from keras_gans.engine.backend import backend
from keras_gans.models import ProgressiveGAN
from keras_gans.networks import progressive_discriminator, progressive_generator
from tests.harness import assert_equal, everything, images, state_of

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


def test_a_batch_is_cut_into_the_minibatches_of_the_resolution():
    model = build(minibatches={4: 8, 8: 4}, stabilise_images=1000)
    fit(model)
    assert int(keras.ops.convert_to_numpy(model.optimizer.iterations)) == 6
    model = build(minibatches={4: 4, 8: 8}, stabilise_images=1000)
    fit(model, batch_size=2)  # Put together to eight, then cut into two of four.
    assert int(keras.ops.convert_to_numpy(model.optimizer.iterations)) == 12


def test_a_generator_of_small_batches_is_refused():
    model = build()
    with pytest.raises(ValueError, match="at least 8 images"):
        model.fit(iter_batches(4), verbose=0)


def iter_batches(size):
    yield images(size, SHAPE)


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


def test_a_smaller_resolution_is_exported(grown, tmp_path):
    tf = pytest.importorskip("tensorflow")
    grown.export(tmp_path / "8", resolution=8)
    latents = grown.draw_latents(3, seed=0)
    served = tf.saved_model.load(str(tmp_path / "8")).signatures["serving_default"]
    made = served(latents=tf.constant(latents))["images"].numpy()
    expected = grown.generate(latents=latents, resolution=8)
    assert made.shape == expected.shape == (3, 8, 8, 1)
    assert np.abs(made.astype("int") - expected).max() <= 1


def test_real_images_are_reduced_and_blended():
    model = build()
    model.phase.assign(3)
    model.follow_phase()
    x = np.random.default_rng(0).uniform(-1, 1, (2, *SHAPE)).astype("float32")
    coarse = x.reshape(2, 8, 2, 8, 2, 1).mean(axis=(2, 4)).repeat(2, axis=1).repeat(2, axis=2)
    faded = keras.ops.convert_to_numpy(model.faded(keras.ops.convert_to_tensor(x), 0.25))
    np.testing.assert_allclose(faded, 0.75 * coarse + 0.25 * x, atol=1e-6)
    model.phase.assign(1)
    model.follow_phase()
    assert model.faded(keras.ops.convert_to_tensor(x), 0.25).shape == (2, 8, 8, 1)


def test_the_loss_is_that_of_the_paper():
    model = build()
    rng = np.random.default_rng(0)
    real, fake = (rng.uniform(-1, 1, (4, 4, 4, 1)).astype("float32") for _ in range(2))
    terms = model.discriminator_terms(real, fake, 1.0)
    terms = {name: keras.ops.convert_to_numpy(term) for name, term in terms.items()}

    def scores(x):
        return keras.ops.convert_to_numpy(model.discriminator(x, level=0)).astype("float64")

    assert float(terms["adversarial"]) == pytest.approx(
        scores(fake).mean() - scores(real).mean(), abs=1e-5
    )
    assert float(terms["drift"]) == pytest.approx(0.001 * (scores(real) ** 2).mean(), rel=1e-4)
    penalty = losses.gradient_penalty(
        lambda x, training: model.discriminator(x, level=0), real, fake, seed=build().penalty_seed
    )
    penalty = keras.ops.convert_to_numpy(penalty)
    assert float(terms["penalty"]) == pytest.approx(10 * float(penalty), rel=1e-4)
    generator_loss = keras.ops.convert_to_numpy(model.generator_loss(fake, 1.0))
    assert float(generator_loss) == pytest.approx(-scores(fake).mean(), abs=1e-5)


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


def test_networks_must_fit():
    with pytest.raises(ValueError, match="build both for one image_shape"):
        ProgressiveGAN(
            progressive_generator((8, 8, 1), LATENT_DIM, base=16, maximum=4),
            progressive_discriminator(SHAPE, base=16, maximum=4),
            LATENT_DIM,
        )
