"""Tiny models of the package, uncompiled, for tests of whatever takes a model."""

import keras

from keras_gans.layers import InstanceNormalization, PixelShuffle
from keras_gans.models import GAN, SRGAN, CycleGAN, Pix2Pix, ProgressiveGAN
from keras_gans.networks import (
    dcgan_discriminator,
    dcgan_generator,
    progressive_discriminator,
    progressive_generator,
)

LATENT_DIM = 4
IMAGE_SHAPE = (16, 16, 1)


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


def coders(variational=False, labels=0):
    """Dense encoder and decoder of images in [0, 1]; with `labels` both read them."""
    layers = keras.layers
    ids = keras.Input((), dtype="int32", name="labels")
    images = keras.Input((4, 4, 1), name="images")
    latents = keras.Input((LATENT_DIM,), name="latents")

    def beside(x):
        return layers.Concatenate()([x, layers.Embedding(labels, 3)(ids)]) if labels else x

    x = layers.Dense(8, activation="softplus")(beside(layers.Flatten()(images)))
    x = layers.Dropout(0.3, seed=1)(x)
    names = ("means", "log_variances") if variational else ("latents",)
    codes = {name: layers.Dense(LATENT_DIM, dtype="float32")(x) for name in names}
    x = layers.Dense(8, activation="softplus")(beside(latents))
    x = layers.Dense(16, activation="sigmoid", dtype="float32")(x)
    read = [[tensor, ids] if labels else tensor for tensor in (images, latents)]
    return (
        keras.Model(read[0], codes if variational else codes["latents"]),
        keras.Model(read[1], layers.Reshape((4, 4, 1))(x)),
    )


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
