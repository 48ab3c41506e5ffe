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
    BETA_1,
    BETA_2,
    HIDDEN_UNITS,
    IMAGE_SHAPE,
    LATENT_DIM,
    LEARNING_RATE,
    POINT_LATENT_DIM,
    STEPS_PER_EXECUTION,
    WIDTH,
    Stopwatch,
    contender_arguments,
    random_images,
    report,
    ring_of_gaussians,
)


def adam():
    return keras.optimizers.Adam(LEARNING_RATE, beta_1=BETA_1, beta_2=BETA_2)


def point_networks():
    """A generator and a discriminator of 2-D points, three hidden layers each."""

    def network(units, name):
        hidden = [keras.layers.Dense(HIDDEN_UNITS, activation="relu") for _ in range(3)]
        return keras.Sequential([keras.Input([2]), *hidden, keras.layers.Dense(units)], name=name)

    return network(POINT_LATENT_DIM, "generator"), network(1, "discriminator")


def non_saturating_step(generator, discriminator, latent_dim, batch_size):
    """One training step of both players as a plain function of a batch of real examples."""
    generator_optimizer, discriminator_optimizer = adam(), adam()
    generator_optimizer.build(generator.trainable_variables)
    discriminator_optimizer.build(discriminator.trainable_variables)

    def step(real):
        latents = tf.random.normal([batch_size, latent_dim])
        generator_tape = tf.GradientTape(watch_accessed_variables=False)
        with generator_tape:
            generator_tape.watch([variable.value for variable in generator.trainable_variables])
            fake = generator(latents, training=True)

        with tf.GradientTape(watch_accessed_variables=False) as discriminator_tape:
            discriminator_tape.watch(
                [variable.value for variable in discriminator.trainable_variables]
            )
            real_scores = discriminator(real, training=True)
            fake_scores = discriminator(tf.stop_gradient(fake), training=True)
            discriminator_loss = tf.reduce_mean(
                tf.nn.softplus(-real_scores) + tf.nn.softplus(fake_scores)
            )
        variables = discriminator.trainable_variables
        gradients = discriminator_tape.gradient(discriminator_loss, variables)
        discriminator_optimizer.apply(gradients, variables)

        # The same tape goes on recording: the generator's forward is shared, and because it does
        # not watch the discriminator's variables, their gradients are never computed here.
        with generator_tape:
            generator_loss = tf.reduce_mean(tf.nn.softplus(-discriminator(fake, training=True)))
        variables = generator.trainable_variables
        gradients = generator_tape.gradient(generator_loss, variables)
        generator_optimizer.apply(gradients, variables)
        return discriminator_loss, generator_loss

    return step


def time_calls(function, window, steps_per_call=1):
    """Calls `function` until the window is over; it returns two scalar tensors."""
    stopwatch = Stopwatch(window)
    for done in range(steps_per_call, window.warmup + window.steps + 1, steps_per_call):
        losses = function()
        if stopwatch.is_due(done):
            stopwatch.after(done, [float(loss.numpy()) for loss in losses])
    return stopwatch


class StopwatchCallback(keras.callbacks.Callback):
    """Times a window of `fit`.

    Keras turns the logs into floats before it hands them to an ordinary callback, so that every
    execution has ended when this is called: the window has the same synchronisation at both ends
    as a loop's. The loops synchronise only there, which can but favour them.
    """

    def __init__(self, window):
        super().__init__()
        self.stopwatch = Stopwatch(window)

    def on_train_batch_end(self, batch, logs=None):
        # With several steps per execution, `batch` is the last step of the execution.
        if self.stopwatch.is_due(batch + 1):
            losses = [float(value) for name, value in logs.items() if name.endswith("loss")]
            self.stopwatch.after(batch + 1, losses)


def time_fit(model, window, *data, **fit_arguments):
    """Times one epoch of `fit` that is as long as the window."""
    callback = StopwatchCallback(window)
    model.fit(*data, epochs=1, verbose=0, callbacks=[callback], **fit_arguments)
    return callback.stopwatch


def dcgan_loop(window):
    generator = keras_gans.networks.dcgan_generator(IMAGE_SHAPE, latent_dim=LATENT_DIM, width=WIDTH)
    discriminator = keras_gans.networks.dcgan_discriminator(IMAGE_SHAPE, width=WIDTH)
    step = non_saturating_step(generator, discriminator, LATENT_DIM, window.batch_size)

    @tf.function(jit_compile=False)
    def train_on(images):
        return step(tf.cast(images, tf.float32) / 127.5 - 1.0)

    images = tf.data.Dataset.from_tensor_slices(random_images(window))
    images = images.shuffle(window.examples).repeat().batch(window.batch_size, drop_remainder=True)
    iterator = iter(images.prefetch(tf.data.AUTOTUNE))
    return time_calls(lambda: train_on(next(iterator)), window), generator, discriminator


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


def main():
    name, window, threads = contender_arguments(__doc__.splitlines()[0], CONTENDERS)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    keras.utils.set_random_seed(0)
    stopwatch, *networks = CONTENDERS[name](window)
    parameters = [
        sum(variable.shape.num_elements() for variable in network.trainable_variables)
        for network in networks
    ]
    report(stopwatch, parameters, {"tensorflow": tf.__version__, "keras": keras.__version__})


if __name__ == "__main__":
    main()
