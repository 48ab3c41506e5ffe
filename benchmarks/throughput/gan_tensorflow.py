"""The TensorFlow contenders of the throughput benchmark: `fit`, and loops written by hand.

The loops are what an expert writes who needs one GAN, once: the generator runs forward once per
step, the input pipeline scales uint8 inside the graph and prefetches, and every step is one call
of a `tf.function`. They train the same networks with the same optimizers as the library, so that
the ratio shows what the library's generality costs.
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import tensorflow as tf

import keras_gans
from benchmarks.throughput.protocol import (
    HIDDEN_UNITS,
    IMAGE_SHAPE,
    LATENT_DIM,
    POINT_LATENT_DIM,
    STEPS_PER_EXECUTION,
    WIDTH,
    random_images,
    ring_of_gaussians,
)
from benchmarks.throughput.tensorflow_loops import (
    adam,
    move_discriminator,
    optimizer_of,
    run_contender,
    shuffled_batches,
    time_calls,
    time_fit,
    timed_loop,
    watching,
)


def point_networks():
    """A generator and a discriminator of 2-D points, three hidden layers each."""

    def network(units, name):
        hidden = [keras.layers.Dense(HIDDEN_UNITS, activation="relu") for _ in range(3)]
        return keras.Sequential([keras.Input([2]), *hidden, keras.layers.Dense(units)], name=name)

    return network(POINT_LATENT_DIM, "generator"), network(1, "discriminator")


def non_saturating_step(generator, discriminator, latent_dim, batch_size):
    """One training step of both players as a plain function of a batch of real examples."""
    descend_generator = optimizer_of([generator], adam())
    descend_discriminator = optimizer_of([discriminator], adam())

    def step(real):
        tape = watching([generator])
        with tape:
            fake = generator(tf.random.normal([batch_size, latent_dim]), training=True)
        discriminator_loss = move_discriminator(discriminator, descend_discriminator, real, fake)
        # The same tape goes on recording: the generator's forward is shared, and because it does
        # not watch the discriminator's variables, their gradients are never computed here.
        with tape:
            generator_loss = tf.reduce_mean(tf.nn.softplus(-discriminator(fake, training=True)))
        descend_generator(tape, generator_loss)
        return discriminator_loss, generator_loss

    return step


def dcgan_loop(window):
    generator = keras_gans.networks.dcgan_generator(IMAGE_SHAPE, latent_dim=LATENT_DIM, width=WIDTH)
    discriminator = keras_gans.networks.dcgan_discriminator(IMAGE_SHAPE, width=WIDTH)
    step = non_saturating_step(generator, discriminator, LATENT_DIM, window.batch_size)
    batches = shuffled_batches((random_images(window),), window)
    return timed_loop(step, window, batches), generator, discriminator


def dcgan_fit(window):
    model = keras_gans.presets.dcgan(IMAGE_SHAPE, latent_dim=LATENT_DIM, width=WIDTH)
    images = keras_gans.data.images(
        random_images(window), IMAGE_SHAPE, batch_size=window.batch_size
    )
    return time_fit(model, window, images), model.generator, model.discriminator


def dcgan_fit_bfloat16(window):
    keras.config.set_dtype_policy("mixed_bfloat16")
    return dcgan_fit(window)


def point_batches(window):
    """An endless data set of shuffled batches, the same for `fit` and for the loops.

    Whole epochs are shuffled and then cut: taking 256 tiny rows one by one through `tf.data` would
    cost as much as the step itself.
    """
    points = tf.data.Dataset.from_tensors(ring_of_gaussians(window)).repeat()
    points = points.map(tf.random.shuffle).rebatch(window.batch_size, drop_remainder=True)
    return points.prefetch(tf.data.AUTOTUNE)


def mlp_loop(window):
    """One step per call of the function."""
    networks = point_networks()
    train_on = tf.function(non_saturating_step(*networks, POINT_LATENT_DIM, window.batch_size))
    iterator = iter(point_batches(window))
    return time_calls(lambda: train_on(next(iterator)), window), *networks


def mlp_loop_of_20(window):
    """The loop over 20 steps runs inside the graph, and so does the iterator."""
    networks = point_networks()
    step = non_saturating_step(*networks, POINT_LATENT_DIM, window.batch_size)

    @tf.function
    def train_on(iterator):
        losses = tf.constant(0.0), tf.constant(0.0)
        for _ in tf.range(STEPS_PER_EXECUTION):
            losses = step(next(iterator))
        return losses

    iterator = iter(point_batches(window))
    return time_calls(lambda: train_on(iterator), window, STEPS_PER_EXECUTION), *networks


def mlp_fit(window):
    generator, discriminator = point_networks()
    model = keras_gans.models.GAN(
        generator, discriminator, latent_dim=POINT_LATENT_DIM, loss="non_saturating"
    )
    model.compile(
        generator_optimizer=adam(),
        discriminator_optimizer=adam(),
        steps_per_execution=STEPS_PER_EXECUTION,
    )
    steps = window.warmup + window.steps
    stopwatch = time_fit(model, window, point_batches(window), steps_per_epoch=steps)
    return stopwatch, generator, discriminator


CONTENDERS = {
    function.__name__: function
    for function in (
        dcgan_fit,
        dcgan_loop,
        dcgan_fit_bfloat16,
        mlp_fit,
        mlp_loop_of_20,
        mlp_loop,
    )
}


if __name__ == "__main__":
    run_contender(__doc__.splitlines()[0], CONTENDERS)
