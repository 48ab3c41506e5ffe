"""The TensorFlow contenders that enlarge: `fit` of SRResNet and of SRGAN, and loops by hand.

As in `gan_tensorflow`: what an expert writes who needs one of them, once, with the networks and
the optimizer of the library. All cut, mirror and turn patches of photographs while they train.
"""

import functools
import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import time

import keras
import tensorflow as tf

import keras_gans
from benchmarks.throughput.protocol import (
    ADVERSARIAL_WEIGHT,
    PATCHES_PER_PHOTOGRAPH,
    UPSCALING_RATE,
    UPSCALINGS,
    random_photographs,
)
from benchmarks.throughput.tensorflow_loops import (
    move_discriminator,
    optimizer_of,
    run_contender,
    time_fit,
    timed_loop,
    watching,
)
from keras_gans.networks import srgan_discriminator, srresnet


def patches(size):
    """The library's patches of the photographs."""
    return keras_gans.data.PatchDataset(
        zip(*random_photographs(size.scale), strict=True),
        size.patch_size,
        size.batch_size,
        patches_per_image=PATCHES_PER_PHOTOGRAPH,
    )


def timed_fit(model, window, dataset):
    """Times `fit`, and what making a batch takes of what a step takes."""
    stopwatch = time_fit(model, window, dataset, shuffle=False)
    start = time.perf_counter()
    for index in range(len(dataset)):
        dataset.batch(0, index)
    batches_per_second = len(dataset) / (time.perf_counter() - start)
    stopwatch.input_share = stopwatch.images_per_second / dataset.batch_size / batches_per_second
    return stopwatch


def batches(size):
    """Endless batches of patches of the photographs, cut by `tf.data`."""
    side = size.patch_size // size.scale

    def cut(small, large):
        top, left = (
            tf.random.uniform([], 0, small.shape[axis] - side + 1, tf.int32) for axis in (0, 1)
        )
        turns, mirrored = tf.random.uniform([], 0, 4, tf.int32), tf.random.uniform([]) < 0.5

        def patch(image, times):
            box = top * times, left * times, side * times, side * times
            image = tf.image.crop_to_bounding_box(image, *box)
            image = tf.cond(mirrored, lambda: image[:, ::-1], lambda: image)
            return tf.ensure_shape(tf.image.rot90(image, turns), (side * times,) * 2 + (3,))

        return patch(small, 1), patch(large, size.scale)

    pairs = tf.data.Dataset.from_tensor_slices(random_photographs(size.scale))
    pairs = pairs.cache().repeat().shuffle(PATCHES_PER_PHOTOGRAPH).map(cut)
    return pairs.batch(size.batch_size, drop_remainder=True)


def adam():
    return keras.optimizers.Adam(UPSCALING_RATE)


def srresnet_fit(window, size):
    """Plain Keras on the library's network and patches."""
    generator = srresnet(size.scale, size.blocks, size.width)
    generator.compile(adam(), loss="mean_squared_error")
    return timed_fit(generator, window, patches(size).as_floats()), generator


def srresnet_loop(window, size):
    generator = srresnet(size.scale, size.blocks, size.width)
    descend = optimizer_of([generator], adam())

    def step(small, large):
        tape = watching([generator])
        with tape:
            loss = tf.reduce_mean(tf.square(large - generator(small, training=True)))
        descend(tape, loss)
        return (loss,)

    return timed_loop(step, window, batches(size)), generator


def srgan_fit(window, size):
    generator = srresnet(size.scale, size.blocks, size.width)
    discriminator = srgan_discriminator((size.patch_size, size.patch_size, 3), size.width)
    model = keras_gans.SRGAN(
        generator, discriminator, pixel_weight=1.0, adversarial_weight=ADVERSARIAL_WEIGHT
    )
    model.compile()
    return timed_fit(model, window, patches(size)), generator, discriminator


def srgan_loop(window, size):
    generator = srresnet(size.scale, size.blocks, size.width)
    discriminator = srgan_discriminator((size.patch_size, size.patch_size, 3), size.width)
    descend_generator = optimizer_of([generator], adam())
    descend_discriminator = optimizer_of([discriminator], adam())

    def step(small, large):
        tape = watching([generator])
        with tape:
            fake = generator(small, training=True)
        discriminator_loss = move_discriminator(discriminator, descend_discriminator, large, fake)
        with tape:
            adversarial = tf.reduce_mean(tf.nn.softplus(-discriminator(fake, training=True)))
            generator_loss = tf.reduce_mean(tf.square(large - fake))
            generator_loss += ADVERSARIAL_WEIGHT * adversarial
        descend_generator(tape, generator_loss)
        return discriminator_loss, generator_loss

    return timed_loop(step, window, batches(size)), generator, discriminator


CONTENDERS = {
    f"{part}_{kind}": functools.partial(contender, size=size)
    for part, size in UPSCALINGS.items()
    for kind, contender in (
        ("fit", srresnet_fit if part == "srresnet" else srgan_fit),
        ("loop", srresnet_loop if part == "srresnet" else srgan_loop),
    )
}


if __name__ == "__main__":
    run_contender(__doc__.splitlines()[0], CONTENDERS)
