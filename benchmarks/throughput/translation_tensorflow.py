"""The TensorFlow contenders that translate: `fit` of pix2pix and CycleGAN, and loops by hand.

As in `gan_tensorflow`: what an expert writes who needs one of them, once, with the networks and
the optimizer of the library. Each fake is computed once per step.
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import keras
import tensorflow as tf

import keras_gans
from benchmarks.throughput.gan_tensorflow import adam, time_calls, time_fit
from benchmarks.throughput.protocol import (
    CYCLE_WEIGHT,
    IDENTITY_WEIGHT,
    L1_WEIGHT,
    POOL_SIZE,
    TRANSLATIONS,
    contender_arguments,
    random_pairs,
    report,
)
from keras_gans.networks import patchgan_discriminator, resnet_generator, unet_generator


def watching(networks):
    """A tape that records the gradients of these networks' weights only."""
    tape = tf.GradientTape(watch_accessed_variables=False)
    with tape:
        for network in networks:
            tape.watch([variable.value for variable in network.trainable_variables])
    return tape


def optimizer_of(networks):
    """`(function that descends along the gradients of a tape)` of some networks together."""
    variables = [variable for network in networks for variable in network.trainable_variables]
    optimizer = adam()
    optimizer.build(variables)

    def descend(tape, loss):
        optimizer.apply(tape.gradient(loss, variables), variables)

    return descend


def batches(window, size):
    """Shuffled batches of pairs, scaled in the graph."""
    pairs = tf.data.Dataset.from_tensor_slices(random_pairs(window, size.image_shape))
    pairs = pairs.shuffle(window.examples).repeat().batch(window.batch_size, drop_remainder=True)
    return iter(pairs.prefetch(tf.data.AUTOTUNE))


def timed_loop(step, window, size):
    iterator = batches(window, size)

    @tf.function(jit_compile=False)
    def train_on(pair):
        return step(*(tf.cast(images, tf.float32) / 127.5 - 1.0 for images in pair))

    return time_calls(lambda: train_on(next(iterator)), window)


def pix2pix_fit(window, size):
    model = keras_gans.presets.pix2pix(
        size.image_shape, width=size.width, receptive_field=size.receptive_field
    )
    pairs = keras_gans.data.PairedDataset(
        *random_pairs(window, size.image_shape), window.batch_size
    )
    return time_fit(model, window, pairs), model.generator, model.discriminator


def pix2pix_loop(window, size):
    generator = unet_generator(size.image_shape, width=size.width)
    discriminator = patchgan_discriminator(
        (size.side, size.side, 6), size.receptive_field, size.width
    )
    move_generator, move_discriminator = optimizer_of([generator]), optimizer_of([discriminator])

    def scores(source, image):
        return discriminator(tf.concat([source, image], axis=-1), training=True)

    def step(source, target):
        generator_tape = watching([generator])
        with generator_tape:
            fake = generator(source, training=True)
        discriminator_tape = watching([discriminator])
        with discriminator_tape:
            real_scores, fake_scores = scores(source, target), scores(source, fake)
            discriminator_loss = 0.5 * (
                tf.reduce_mean(tf.nn.softplus(-real_scores))
                + tf.reduce_mean(tf.nn.softplus(fake_scores))
            )
        move_discriminator(discriminator_tape, discriminator_loss)
        with generator_tape:
            generator_loss = tf.reduce_mean(tf.nn.softplus(-scores(source, fake)))
            generator_loss += L1_WEIGHT * tf.reduce_mean(tf.abs(target - fake))
        move_generator(generator_tape, generator_loss)
        return discriminator_loss, generator_loss

    return timed_loop(step, window, size), generator, discriminator


class Pool:
    """Earlier fakes, in a variable of the graph."""

    def __init__(self, image_shape):
        self.images = tf.Variable(tf.zeros([POOL_SIZE, *image_shape]), trainable=False)
        self.count = tf.Variable(0, trainable=False)

    def __call__(self, images, batch_size):
        shown = []
        for image in tf.unstack(images, batch_size):
            slot = tf.random.uniform([], maxval=POOL_SIZE, dtype=tf.int32)
            if self.count < POOL_SIZE:
                self.images.scatter_nd_update([[self.count]], image[None])
                self.count.assign_add(1)
                chosen = image
            elif tf.random.uniform([]) < 0.5:
                chosen = tf.identity(self.images[slot])
                self.images.scatter_nd_update([[slot]], image[None])
            else:
                chosen = image
            shown.append(chosen)
        return tf.stack(shown)


def cyclegan_fit(window, size):
    model = keras_gans.presets.cyclegan(
        size.image_shape,
        width=size.width,
        blocks=size.blocks,
        receptive_field=size.receptive_field,
    )
    pairs = keras_gans.data.UnpairedDataset(
        *random_pairs(window, size.image_shape), window.batch_size
    )
    stopwatch = time_fit(model, window, pairs)
    networks = (network for networks in model.players.values() for network in networks)
    return stopwatch, *networks


def cyclegan_loop(window, size):
    g, f = (resnet_generator(size.image_shape, None, size.width, size.blocks) for _ in "gf")
    d_a, d_b = (
        patchgan_discriminator(size.image_shape, size.receptive_field, size.width, "instance")
        for _ in "ab"
    )
    pool_a, pool_b = Pool(size.image_shape), Pool(size.image_shape)
    move_generators, move_discriminators = optimizer_of([g, f]), optimizer_of([d_a, d_b])

    def distance(x, y):
        return tf.reduce_mean(tf.abs(x - y))

    def towards(scores, value):
        return tf.reduce_mean(tf.square(scores - value))

    def step(a, b):
        generator_tape = watching([g, f])
        with generator_tape:
            fake_b, fake_a = g(a, training=True), f(b, training=True)
            generator_loss = (
                towards(d_b(fake_b, training=True), 1.0)
                + towards(d_a(fake_a, training=True), 1.0)
                + CYCLE_WEIGHT * distance(f(fake_b, training=True), a)
                + CYCLE_WEIGHT * distance(g(fake_a, training=True), b)
                + IDENTITY_WEIGHT * distance(g(b, training=True), b)
                + IDENTITY_WEIGHT * distance(f(a, training=True), a)
            )
        move_generators(generator_tape, generator_loss)
        fake_a, fake_b = pool_a(fake_a, window.batch_size), pool_b(fake_b, window.batch_size)
        discriminator_tape = watching([d_a, d_b])
        with discriminator_tape:
            discriminator_loss = 0.5 * sum(
                towards(d(real, training=True), 1.0) + towards(d(fake, training=True), 0.0)
                for d, real, fake in ((d_a, a, fake_a), (d_b, b, fake_b))
            )
        move_discriminators(discriminator_tape, discriminator_loss)
        return discriminator_loss, generator_loss

    return timed_loop(step, window, size), g, f, d_a, d_b


CONTENDERS = {
    f"{part}_{kind}": contender
    for part in TRANSLATIONS
    for kind, contender in (
        ("fit", pix2pix_fit if part.startswith("pix2pix") else cyclegan_fit),
        ("loop", pix2pix_loop if part.startswith("pix2pix") else cyclegan_loop),
    )
}


def main():
    name, window, threads = contender_arguments(__doc__.splitlines()[0], CONTENDERS)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    keras.utils.set_random_seed(0)
    stopwatch, *networks = CONTENDERS[name](window, TRANSLATIONS[name.partition("_")[0]])
    parameters = [network.count_params() for network in networks]
    report(stopwatch, parameters, {"tensorflow": tf.__version__, "keras": keras.__version__})


if __name__ == "__main__":
    main()
