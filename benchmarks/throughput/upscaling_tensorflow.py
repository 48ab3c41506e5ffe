"""The TensorFlow contenders that enlarge: `fit` of SRResNet and of SRGAN, and loops by hand.

As in `gan_tensorflow`: what an expert writes who needs one of them, once, with the networks and
the optimizer of the library. All cut, mirror and turn patches of photographs while they train.
"""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"

import time

import keras
import tensorflow as tf

import keras_gans
from benchmarks.throughput.gan_tensorflow import time_calls, time_fit
from benchmarks.throughput.protocol import (
    ADVERSARIAL_WEIGHT,
    PATCHES_PER_PHOTOGRAPH,
    UPSCALING_RATE,
    UPSCALINGS,
    contender_arguments,
    random_photographs,
    report,
)
from benchmarks.throughput.translation_tensorflow import watching
from keras_gans.networks import srgan_discriminator, srresnet


def patches(size):
    """The library's patches of the photographs."""
    return keras_gans.data.PatchDataset(
        zip(*random_photographs(size.scale), strict=True),
        size.patch_size,
        size.batch_size,
        patches_per_image=PATCHES_PER_PHOTOGRAPH,
    )


def input_share(dataset, stopwatch):
    """What making a batch takes, of what a step takes."""
    start = time.perf_counter()
    for index in range(len(dataset)):
        dataset.batch(0, index)
    batches_per_second = len(dataset) / (time.perf_counter() - start)
    return stopwatch.images_per_second / dataset.batch_size / batches_per_second


def timed_loop(step, window, size):
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
    pairs = pairs.batch(size.batch_size, drop_remainder=True).prefetch(tf.data.AUTOTUNE)
    iterator = iter(pairs)

    @tf.function(jit_compile=False)
    def train_on(pair):
        return step(*(tf.cast(images, tf.float32) / 127.5 - 1.0 for images in pair))

    return time_calls(lambda: train_on(next(iterator)), window)


def optimizer_of(network):
    """Function that descends along the gradients of a tape."""
    optimizer = keras.optimizers.Adam(UPSCALING_RATE)
    optimizer.build(network.trainable_variables)

    def descend(tape, loss):
        variables = network.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)

    return descend


def srresnet_fit(window, size):
    """Plain Keras on the library's network and patches."""
    generator = srresnet(size.scale, size.blocks, size.width)
    generator.compile(keras.optimizers.Adam(UPSCALING_RATE), loss="mean_squared_error")
    dataset = patches(size).as_floats()
    stopwatch = time_fit(generator, window, dataset, shuffle=False)
    return [generator], stopwatch, input_share(dataset, stopwatch)


def srresnet_loop(window, size):
    generator = srresnet(size.scale, size.blocks, size.width)
    move = optimizer_of(generator)

    def step(small, large):
        tape = watching([generator])
        with tape:
            loss = tf.reduce_mean(tf.square(large - generator(small, training=True)))
        move(tape, loss)
        return (loss,)

    return [generator], timed_loop(step, window, size)


def srgan_fit(window, size):
    generator = srresnet(size.scale, size.blocks, size.width)
    discriminator = srgan_discriminator((size.patch_size, size.patch_size, 3), size.width)
    model = keras_gans.SRGAN(
        generator, discriminator, pixel_weight=1.0, adversarial_weight=ADVERSARIAL_WEIGHT
    )
    model.compile()
    dataset = patches(size)
    stopwatch = time_fit(model, window, dataset, shuffle=False)
    return [generator, discriminator], stopwatch, input_share(dataset, stopwatch)


def srgan_loop(window, size):
    generator = srresnet(size.scale, size.blocks, size.width)
    discriminator = srgan_discriminator((size.patch_size, size.patch_size, 3), size.width)
    move_generator, move_discriminator = optimizer_of(generator), optimizer_of(discriminator)

    def step(small, large):
        generator_tape = watching([generator])
        with generator_tape:
            fake = generator(small, training=True)
        discriminator_tape = watching([discriminator])
        with discriminator_tape:
            real_scores = discriminator(large, training=True)
            fake_scores = discriminator(fake, training=True)
            discriminator_loss = tf.reduce_mean(
                tf.nn.softplus(-real_scores) + tf.nn.softplus(fake_scores)
            )
        move_discriminator(discriminator_tape, discriminator_loss)
        with generator_tape:
            adversarial = tf.reduce_mean(tf.nn.softplus(-discriminator(fake, training=True)))
            generator_loss = tf.reduce_mean(tf.square(large - fake))
            generator_loss += ADVERSARIAL_WEIGHT * adversarial
        move_generator(generator_tape, generator_loss)
        return discriminator_loss, generator_loss

    return [generator, discriminator], timed_loop(step, window, size)


CONTENDERS = {
    "srresnet_fit": srresnet_fit,
    "srresnet_loop": srresnet_loop,
    "srgan_fit": srgan_fit,
    "srgan_loop": srgan_loop,
    "srganpaper_fit": srgan_fit,
    "srganpaper_loop": srgan_loop,
}


def main():
    name, window, threads = contender_arguments(__doc__.splitlines()[0], CONTENDERS)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    keras.utils.set_random_seed(0)
    size = UPSCALINGS[name.partition("_")[0]]
    networks, stopwatch, *share = CONTENDERS[name](window, size)
    parameters = [
        sum(variable.shape.num_elements() for variable in network.trainable_variables)
        for network in networks
    ]
    versions = {"tensorflow": tf.__version__, "keras": keras.__version__}
    report(stopwatch, parameters, versions, **({"input_share": share[0]} if share else {}))


if __name__ == "__main__":
    main()
