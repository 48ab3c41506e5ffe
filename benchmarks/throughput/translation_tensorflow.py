"""The TensorFlow contenders that translate: `fit` of pix2pix and CycleGAN, and loops by hand.

As in `gan_tensorflow`: what an expert writes who needs one of them, once, with the networks and
the optimizer of the library. Each fake is computed once per step.
"""

import functools
import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import tensorflow as tf

import keras_gans
from benchmarks.throughput.protocol import (
    CYCLE_WEIGHT,
    IDENTITY_WEIGHT,
    L1_WEIGHT,
    POOL_SIZE,
    TRANSLATIONS,
    random_pairs,
)
from benchmarks.throughput.tensorflow_loops import (
    adam,
    optimizer_of,
    run_contender,
    shuffled_batches,
    time_fit,
    timed_loop,
    watching,
)
from keras_gans.networks import patchgan_discriminator, resnet_generator, unet_generator


def batches(window, size):
    return shuffled_batches(random_pairs(window, size.image_shape), window)


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
    descend_generator = optimizer_of([generator], adam())
    descend_discriminator = optimizer_of([discriminator], adam())

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
        descend_discriminator(discriminator_tape, discriminator_loss)
        with generator_tape:
            generator_loss = tf.reduce_mean(tf.nn.softplus(-scores(source, fake)))
            generator_loss += L1_WEIGHT * tf.reduce_mean(tf.abs(target - fake))
        descend_generator(generator_tape, generator_loss)
        return discriminator_loss, generator_loss

    return timed_loop(step, window, batches(window, size)), generator, discriminator


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
    descend_generators = optimizer_of([g, f], adam())
    descend_discriminators = optimizer_of([d_a, d_b], adam())

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
        descend_generators(generator_tape, generator_loss)
        fake_a, fake_b = pool_a(fake_a, window.batch_size), pool_b(fake_b, window.batch_size)
        discriminator_tape = watching([d_a, d_b])
        with discriminator_tape:
            discriminator_loss = 0.5 * sum(
                towards(d(real, training=True), 1.0) + towards(d(fake, training=True), 0.0)
                for d, real, fake in ((d_a, a, fake_a), (d_b, b, fake_b))
            )
        descend_discriminators(discriminator_tape, discriminator_loss)
        return discriminator_loss, generator_loss

    return timed_loop(step, window, batches(window, size)), g, f, d_a, d_b


CONTENDERS = {
    f"{part}_{kind}": functools.partial(contender, size=size)
    for part, size in TRANSLATIONS.items()
    for kind, contender in (
        ("fit", pix2pix_fit if part.startswith("pix2pix") else cyclegan_fit),
        ("loop", pix2pix_loop if part.startswith("pix2pix") else cyclegan_loop),
    )
}


if __name__ == "__main__":
    run_contender(__doc__.splitlines()[0], CONTENDERS)
