"""Several devices in one process: what one device would have done with the same global batch.

TensorFlow's replicas see their share of a batch each and exchange what they must; JAX's program
sees the whole batch, wherever its parts lie. Two devices on one processor stand for two GPUs.
"""

import contextlib
import functools

import keras
import numpy as np
import pytest
from keras import ops

from keras_gans.callbacks import Checkpoint
from keras_gans.data import ImageDataset
from keras_gans.losses import pairs
from keras_gans.losses.penalties import PENALTIES, gradient_penalty
from tests import harness
from tests.harness import dense_gan, images_for, state_of, without_chance
from tests.harness.devices import assert_devices_do_not_matter, sgd, two_devices
from tests.harness.promises.replicas import on_tensorflow

BACKEND = keras.backend.backend()

pytestmark = pytest.mark.skipif(BACKEND == "torch", reason="Keras on PyTorch uses one device")


@on_tensorflow
@pytest.mark.parametrize("seen", [0, 60, 100, 140, 200])
def test_growing_steps_on_two_devices_are_those_on_one_in_every_phase(seen, one_alpha):
    def build():
        sizes = {"fade_images": 40, "stabilise_images": 40, "minibatches": {4: 8}}
        model = harness.progressive_gan(**sizes)
        model.images_seen.assign(seen)
        model.phase.assign(model.growth.phase(seen))
        model.follow_phase()
        return model

    # Gradients of a dozen layers round more: shorter steps.
    optimizer = functools.partial(keras.optimizers.SGD, 0.01)
    one, two, _ = assert_devices_do_not_matter(
        build, optimizer=optimizer, tolerance=1e-5, eager=True
    )
    for model in (one, two):
        assert int(ops.convert_to_numpy(model.images_seen)) == seen + 8


@on_tensorflow
def test_a_replica_that_would_compare_one_image_with_itself_is_refused():
    with two_devices():
        model = harness.progressive_gan(minibatches={4: 4, 16: 3})
        model.compile()
        with pytest.raises(ValueError, match="share minibatches of 3 images"):
            model.fit(images_for(model, 8), verbose=0)


@on_tensorflow
@pytest.mark.parametrize("name", [n for n in pairs.HALVES if n not in pairs.WITH_FEATURES])
def test_every_loss_is_that_of_the_whole_batch(name):
    assert_devices_do_not_matter(lambda: dense_gan(loss=name), eager=True)


@on_tensorflow
@pytest.mark.parametrize("name", [n for n in PENALTIES if n != "dragan"])  # Of a share's deviation.
def test_every_penalty_is_that_of_the_whole_batch(name, one_alpha):
    assert_devices_do_not_matter(lambda: dense_gan(loss="wasserstein", penalty=name), eager=True)


def test_several_steps_of_adam_on_two_devices_are_those_on_one():
    adam = functools.partial(keras.optimizers.Adam, 1e-3)
    assert_devices_do_not_matter(dense_gan, optimizer=adam, steps=3)


def test_a_run_in_mid_fade_goes_on_on_another_number_of_devices(tmp_path, one_alpha):
    straight = without_chance(harness.progressive_gan(), sgd)
    images = images_for(straight, 8)
    arguments = {"batch_size": 4, "shuffle": False, "verbose": 0}
    start = straight.get_weights()

    def train(devices, epochs):
        with devices():
            model = without_chance(harness.progressive_gan(), sgd)
            # Those of a checkpoint replace them.
            model.set_weights(start if epochs == 1 else [0.0 * weights for weights in start])
            checkpoint = Checkpoint(tmp_path)
            model.fit(images, epochs=epochs, callbacks=[checkpoint], **arguments)
            return state_of(model.trainable_variables)

    straight.fit(images, epochs=3, **arguments)
    train(contextlib.nullcontext, epochs=1)
    train(two_devices, epochs=2)
    resumed = train(contextlib.nullcontext, epochs=3)
    for expected, found in zip(state_of(straight.trainable_variables), resumed, strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_evaluation_on_two_devices_is_that_on_one():
    one, two, images = assert_devices_do_not_matter(
        lambda: dense_gan(loss="relativistic_average"), eager=True
    )
    expected = one.evaluate(*images, batch_size=4, verbose=0, return_dict=True)
    with two_devices():
        evaluated = two.evaluate(*images, batch_size=4, verbose=0, return_dict=True)
    assert expected == pytest.approx(evaluated, rel=1e-5)


@on_tensorflow
def test_replicas_draw_different_noise_for_every_purpose():
    import tensorflow as tf

    strategy = harness.two_replicas()
    points = []

    def penalty(discriminator, real, fake, seed):
        alpha = keras.random.uniform((ops.shape(real)[0], 1, 1, 1), seed=seed)
        points.append(alpha)
        return gradient_penalty(discriminator, real, fake, seed=seed)

    with strategy.scope():
        model = dense_gan(loss="wasserstein", penalty=penalty)
        model.compile(run_eagerly=True)
    model.fit(images_for(model, 8), batch_size=8, verbose=0)
    first, second = (np.ravel(alpha) for alpha in points)
    assert not set(first) & set(second)
    for seed in (model.latent_seeds["latents"], model.evaluation_seed):
        draws = strategy.run(lambda: keras.random.normal((3,), seed=seed))
        first, second = (np.asarray(d) for d in strategy.experimental_local_results(draws))
        assert not set(first) & set(second)
    like = tf.zeros((3, 1))
    assert len(set(np.ravel(dense_gan().sample_latents(like)))) == 3 * harness.LATENT_DIM


@on_tensorflow
@pytest.mark.parametrize("sizes", [(3, 1), (2, 2)])
def test_the_mean_over_replicas_is_the_mean_of_all_their_numbers(sizes):
    import tensorflow as tf

    from keras_gans.engine.backend import backend

    strategy = harness.two_replicas()
    numbers = [tf.constant(n, tf.float32) for n in ([1.0, 2.0, 6.0], [-5.0, 3.0])]
    parts = [n[:size] for n, size in zip(numbers, sizes, strict=True)]

    def step(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            mean = backend.replica_mean(x)
            loss = mean**2 / 2
        return mean, tape.gradient(loss, x)

    x = strategy.experimental_distribute_values_from_function(
        lambda context: parts[context.replica_id_in_sync_group]
    )
    means, gradients = strategy.run(step, args=(x,))
    everything = np.concatenate(parts)
    for mean in strategy.experimental_local_results(means):
        assert float(mean) == pytest.approx(everything.mean())
    # Both replicas' losses, each of m^2 / 2, depend on every number by 1 / n.
    for gradient in strategy.experimental_local_results(gradients):
        np.testing.assert_allclose(gradient, 2 * everything.mean() / len(everything), rtol=1e-6)
    assert float(backend.replica_mean(parts[0])) == pytest.approx(np.mean(parts[0]))


def too_few(data, **arguments):
    with two_devices():
        model = dense_gan()
        model.compile()
    before = state_of(model.variables)
    with two_devices(), pytest.raises(ValueError, match="Choose a batch size") as refused:
        model.fit(data(model), verbose=0, **arguments)
    harness.assert_equal(before, state_of(model.variables))
    return str(refused.value)


@pytest.mark.parametrize(
    ("data", "arguments"),
    [
        (lambda model: images_for(model, 9), {"batch_size": 8}),
        (lambda model: images_for(model, 33), {}),
        (lambda model: images_for(model, 8), {"batch_size": 1}),
        (lambda model: ImageDataset(images_for(model, 9), 4), {}),
        (lambda model: ImageDataset(images_for(model, 8), 1, drop_remainder=True), {}),
        (
            lambda model: images_for(model, 8),
            {"batch_size": 4, "validation_data": harness.images(5, (4, 4, 1))},
        ),
        (lambda model: images_for(model, 10), {"batch_size": 4, "validation_split": 0.1}),
    ],
)
def test_a_batch_that_leaves_a_device_without_images_is_refused(data, arguments):
    message = too_few(data, **arguments)
    assert "would hold 1 images" in message
    assert "2 replicas" in message or "2 devices" in message


def test_an_evaluation_that_leaves_a_device_without_images_is_refused():
    with two_devices():
        model = dense_gan()
        model.compile()
        with pytest.raises(ValueError, match="would hold 1 images"):
            model.evaluate(images_for(model, 9), batch_size=8, verbose=0)


def test_of_two_collections_the_larger_one_counts():
    with two_devices():
        model = harness.cyclegan()
        model.compile()
        a, b = harness.images(4, (8, 8, 1)), harness.images(5, (8, 8, 1))
        with pytest.raises(ValueError, match="would hold 1 images"):
            model.fit(a, b, batch_size=4, verbose=0)


@pytest.mark.skipif(BACKEND != "jax", reason="TensorFlow's replicas may have unequal shares")
def test_jax_wants_equal_shares():
    assert "would hold 3 images, which 2 devices" in too_few(
        lambda model: images_for(model, 11), batch_size=8
    )


def test_data_that_every_device_can_share_is_trained_on():
    with two_devices():
        model = dense_gan()
        model.compile(run_eagerly=BACKEND == "tensorflow")
        images = images_for(model, 9)
        for dataset, arguments in (
            (ImageDataset(images, 4, drop_remainder=True), {}),
            (images, {"batch_size": 4, "steps_per_epoch": 2}),
            *([] if BACKEND == "jax" else [(images, {"batch_size": 5})]),  # Of 3 and 2, 2 and 2.
        ):
            history = model.fit(dataset, verbose=0, **arguments).history
            assert np.isfinite(history["loss"]).all()


@on_tensorflow
def test_an_empty_share_of_unknown_data_fails_before_it_harms_the_weights():
    import tensorflow as tf

    with two_devices():
        model = dense_gan()
        model.compile()
    dataset = tf.data.Dataset.from_tensor_slices(images_for(model, 9)).batch(8).skip(1)
    before = state_of(model.trainable_variables)
    with pytest.raises(tf.errors.InvalidArgumentError, match="one has none"):
        model.fit(dataset, verbose=0, shuffle=False)
    harness.assert_equal(before, state_of(model.trainable_variables))
    with pytest.raises(ValueError, match="Choose a batch size"):
        model.fit(dataset.unbatch().batch(1, drop_remainder=True), verbose=0)


@pytest.mark.parametrize("several_first", [True, False])
def test_a_checkpoint_goes_on_with_another_number_of_devices(several_first, tmp_path):
    scopes = [two_devices, contextlib.nullcontext]
    before, after = scopes if several_first else scopes[::-1]

    def build():
        model = dense_gan(True, ema_decay=0.5)
        model.compile(run_eagerly=BACKEND == "tensorflow")
        return model

    with before():
        saved = build()
        images = images_for(saved, 8)
        saved.fit(images, batch_size=4, verbose=0)
        saved.save_weights(tmp_path / "model.weights.h5")
        saved.save(tmp_path / "model.keras")
        state = harness.everything(saved)
    with after():
        by_weights = build()
        by_weights.load_weights(tmp_path / "model.weights.h5")
        loaded = keras.saving.load_model(tmp_path / "model.keras")
        for model in (by_weights, loaded):
            harness.assert_equal(state, harness.everything(model))
        history = loaded.fit(images, batch_size=4, verbose=0).history
        assert np.isfinite(history["loss"]).all()
        assert ops.convert_to_numpy(loaded.optimizer.iterations) == 4
        assert loaded.generate(3).shape == (3, 4, 4, 1)
