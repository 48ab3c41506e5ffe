"""What every model of the package must do. A new model joins by a line in `CASES`.

A case builds a tiny, uncompiled model and a few images for it. `tests/models/test_harness.py`
runs every test of the harness on every case.
"""

import functools
import os
from pathlib import Path

import keras
import numpy as np

from keras_gans.layers import ImagePool, InstanceNormalization, MinibatchStddev, PixelShuffle
from keras_gans.models import GAN, SRGAN, CycleGAN, Pix2Pix, ProgressiveGAN, TranslationModel
from keras_gans.networks import (
    dcgan_discriminator,
    dcgan_generator,
    progressive_discriminator,
    progressive_generator,
)

LATENT_DIM = 4
IMAGE_SHAPE = (16, 16, 1)


def images(n=10, shape=IMAGE_SHAPE):
    return np.random.default_rng(0).integers(0, 256, (n, *shape), dtype="uint8")


def gan(**arguments):
    return GAN(
        dcgan_generator(IMAGE_SHAPE, LATENT_DIM, width=2),
        dcgan_discriminator(IMAGE_SHAPE, width=2),
        LATENT_DIM,
        seed=3,
        **arguments,
    )


def dense_gan(batch_norm=False, side=4, **arguments):
    """Dense networks with dropout: they compile in no time, on JAX too."""
    layers = keras.layers
    norms = [layers.BatchNormalization() if batch_norm else layers.LeakyReLU() for _ in range(2)]
    generator = keras.Sequential(
        [
            keras.Input((LATENT_DIM,)),
            layers.Dense(8, activation="relu"),
            norms[0],
            layers.Dropout(0.3, seed=1),
            layers.Dense(side * side, activation="tanh"),
            layers.Reshape((side, side, 1)),
        ]
    )
    discriminator = keras.Sequential(
        [
            keras.Input((side, side, 1)),
            layers.Flatten(),
            layers.Dense(8, activation="softplus"),
            norms[1],
            layers.Dropout(0.3, seed=2),
            layers.Dense(1),
        ]
    )
    return GAN(generator, discriminator, LATENT_DIM, seed=3, **arguments)


def conditional_gan(classes=3, **arguments):
    """Dense networks that read `labels`; dropout is on in the discriminator."""
    layers = keras.layers
    latents = keras.Input((LATENT_DIM,), name="latents")
    labels = keras.Input((), dtype="int32", name="labels")
    x = layers.Concatenate()([latents, layers.Embedding(classes, 3)(labels)])
    x = layers.Dense(8, activation="relu")(x)
    x = layers.Reshape((4, 4, 1))(layers.Dense(16, activation="tanh", dtype="float32")(x))
    generator = keras.Model([latents, labels], x)
    images = keras.Input((4, 4, 1), name="images")
    labels = keras.Input((), dtype="int32", name="labels")
    x = layers.Dense(8, activation="softplus")(layers.Flatten()(images))
    x = layers.Dropout(0.3, seed=2)(x)
    scores = layers.Dense(1)(x) + layers.Dot(1)([x, layers.Embedding(classes, 8)(labels)])
    scores = layers.Activation("linear", dtype="float32")(scores)
    discriminator = keras.Model([images, labels], scores)
    return GAN(generator, discriminator, LATENT_DIM, **{"seed": 3, **arguments})


def small_generator(channels, output_channels, norm):
    """Images of 8x8 pixels to images, in layers that compile fast."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 8, channels)),
            layers.Conv2D(4, 3, strides=2, padding="same"),
            norm(),
            layers.LeakyReLU(0.2),
            layers.Dropout(0.3, seed=1),
            layers.Conv2DTranspose(output_channels, 4, strides=2, padding="same"),
            layers.Activation("tanh", dtype="float32"),
        ]
    )


def small_discriminator(channels, norm):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((8, 8, channels)),
            layers.Conv2D(4, 4, strides=2, padding="same"),
            norm(),
            layers.LeakyReLU(0.2),
            # Four pixels: PyTorch cannot differentiate one of three for a batch of one image.
            layers.Conv2D(1, 4, padding="same", dtype="float32"),
        ]
    )


def pix2pix(**arguments):
    """Grey images to ones in colour; dropout is on at inference."""
    norm = keras.layers.BatchNormalization
    networks = small_generator(1, 3, norm), small_discriminator(4, norm)
    return Pix2Pix(*networks, seed=3, **arguments)


def cyclegan(**arguments):
    """Generators and discriminators with a normalization by the image."""
    generators = [small_generator(1, 1, InstanceNormalization) for _ in range(2)]
    discriminators = [small_discriminator(1, InstanceNormalization) for _ in range(2)]
    return CycleGAN(*generators, *discriminators, **{"pool_size": 3, "seed": 3, **arguments})


def srgan(**arguments):
    """Grey images of 4x4 pixels to ones of 8x8, seen through the features of a fixed layer."""
    layers = keras.layers
    generator = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            layers.Conv2D(4, 3, padding="same"),
            layers.BatchNormalization(),
            layers.PReLU(shared_axes=(1, 2)),
            layers.Conv2D(4, 3, padding="same"),
            PixelShuffle(2, dtype="float32"),
        ]
    )
    features = keras.Sequential([keras.Input((8, 8, 1)), layers.Conv2D(4, 3, activation="tanh")])
    discriminator = small_discriminator(1, layers.BatchNormalization)
    arguments = {"loss": "relativistic_average", "pixel_weight": 0.1, "seed": 3, **arguments}
    return SRGAN(generator, discriminator, features, **arguments)


def progressive_gan(**arguments):
    """In the middle of the fade from 4x4 to 8x8 pixels, of three resolutions."""
    networks = [
        build((16, 16, 1), base=16, maximum=4, **sizes)
        for build, sizes in (
            (progressive_generator, {"latent_dim": LATENT_DIM}),
            (progressive_discriminator, {}),
        )
    ]
    sizes = {"fade_images": 1000, "stabilise_images": 100, "minibatches": {4: 4}}
    model = ProgressiveGAN(*networks, LATENT_DIM, **{**sizes, "seed": 3, **arguments})
    model.images_seen.assign(400)
    model.phase.assign(1)
    model.follow_phase()
    return model


CASES = {
    "dcgan": gan,
    "gan_that_resamples": lambda: dense_gan(resample_latents=True, loss="hinge"),
    "gan_with_average": lambda: dense_gan(True, ema_decay=0.5, loss="least_squares"),
    "wgan_gp": lambda: dense_gan(
        loss="wasserstein", penalty="gradient_penalty", discriminator_steps=2
    ),
    "relativistic_gan_with_r1": lambda: dense_gan(loss="relativistic", penalty="r1"),
    "pix2pix": pix2pix,
    "cyclegan": cyclegan,
    "srgan": srgan,
    "progressive_gan": progressive_gan,
}


def labels(n=10, classes=3):
    return np.random.default_rng(1).integers(0, classes, n, dtype="int32")


def images_for(model, n=10):
    return images(n, model.image_shape)


def arrays_for(model, n=10):
    """What `fit` and `evaluate` take: the images, or the two images of each pair."""
    if not isinstance(model, TranslationModel):
        return (images_for(model, n),)
    return tuple(images(n, shape)[:: 1 - 2 * i] for i, shape in enumerate(model.image_shapes))


def inputs_for(model, n=3):
    """What `model(inputs)` and `predict` take."""
    if isinstance(model, TranslationModel):
        return arrays_for(model, n)[0].astype("float32") / 127.5 - 1
    return model.draw_latents(n, seed=0)


def infer(model, n=3, seed=0):
    """Images that the model makes."""
    if isinstance(model, TranslationModel):
        return model.translate(arrays_for(model, n)[0], seed=seed)
    return model.generate(n, seed=seed)


def resident_megabytes():
    """The memory that this process holds, where Linux tells."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def state_of(variables):
    """Variables by path as numpy, also inside an uncompiled train step."""
    # Copied as tensors: NumPy cannot read a scalar that is mirrored over replicas.
    return [keras.ops.convert_to_numpy(keras.ops.copy(v.value)) for v in variables]


def numpy_of(tensor):
    """As float64, to compute with what a loss is compared with."""
    return keras.ops.convert_to_numpy(tensor).astype("float64")


def weights_of(networks):
    return [weight for network in networks for weight in network.weights]


def assert_equal(left, right, message=""):
    for a, b in zip(left, right, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=message)


def changed(before, after):
    return any((a != b).any() for a, b in zip(before, after, strict=True))


def everything(model):
    """Every variable that a resumed run needs, by name, metrics apart."""
    variables = [*model.variables, *model.optimizer.variables]
    return state_of(variables)


def latents_of(like, seed=None):
    """Latents that follow from the images: the same image brings the same noise on any device."""
    flat = keras.ops.reshape(like, (-1, int(np.prod(like.shape[1:]))))
    matrix = np.random.default_rng(1).normal(size=(flat.shape[1], LATENT_DIM))
    return keras.ops.matmul(
        flat, keras.ops.convert_to_tensor(matrix / np.sqrt(flat.shape[1]), "float32")
    )


def without_chance(model, optimizer, run_eagerly=False):
    """Compile a model in which an image's part does not depend on where in the batch it is."""
    for layer in model._flatten_layers():
        if isinstance(layer, keras.layers.Dropout):
            layer.rate = 0.0
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False
        if isinstance(layer, MinibatchStddev):
            layer.group_size = 1
        if isinstance(layer, ImagePool):
            object.__setattr__(layer, "call", lambda images: images)
    object.__setattr__(model, "sample_latents", latents_of)
    model.compile(*(optimizer() for _ in range(2)), run_eagerly=run_eagerly)
    return model


@functools.cache
def two_replicas():
    """One strategy for all tests: TensorFlow numbers its collective operations per process."""
    import tensorflow as tf

    return tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
