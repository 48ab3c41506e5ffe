"""One small export of each model, for all tests of a process."""

import dataclasses
import functools

import keras
import numpy as np
import pytest

from keras_gans.latents import Categorical, Normal, Uniform
from keras_gans.models import GAN, SRGAN, CycleGAN, InfoGAN, LatentModel, Pix2Pix
from keras_gans.networks import (
    patchgan_discriminator,
    resnet_generator,
    rrdb_generator,
    unet_generator,
)
from tests.harness import (
    conditional_gan,
    cyclegan,
    gan,
    images,
    pix2pix,
    progressive_gan,
    srgan,
)


def averaged_gan():
    """Its averaged generator has other weights than the trained one."""
    model = gan(ema_decay=0.5)
    rng = np.random.default_rng(0)
    model.generator.set_weights(
        [w + rng.normal(scale=0.1, size=w.shape) for w in model.generator.get_weights()]
    )
    return model


def clothes():
    """A generator of three classes that have names."""
    model = conditional_gan()
    model.class_names = ("shirt", "bag", "boot")
    return model


def infogan():
    """A generator of noise, of categories and of two numbers more."""
    layers, latents = keras.layers, {"noise": Normal(4), "category": Categorical(3)}
    latents["style"] = Uniform(2)
    inputs = [keras.Input(s.shape, dtype=s.spec.dtype, name=n) for n, s in latents.items()]
    noise, ids, style = inputs
    x = layers.Concatenate()([noise, layers.Embedding(3, 2)(ids), style])
    x = layers.Reshape((4, 4, 1))(layers.Dense(16, activation="tanh")(x))
    pixels = keras.Input((4, 4, 1), name="images")
    flat = layers.Flatten()(pixels)
    heads = {"scores": 1, "category": 3, "style": 2}
    outputs = {name: layers.Dense(units)(flat) for name, units in heads.items()}
    return InfoGAN(keras.Model(inputs, x), keras.Model(pixels, outputs), latents, seed=3)


def pix2pix_without_noise():
    """The U-Net with its dropout off."""
    generator = unet_generator((8, 8, 1), 3, width=4)
    discriminator = patchgan_discriminator((8, 8, 4), 16, width=4)
    return Pix2Pix(generator, discriminator, noise_at_inference=False, seed=3)


def padded_cyclegan():
    """The network of the paper, with reflections around its maps, for sides that 4 divides."""
    generators = [resnet_generator((8, 8, 1), width=4, blocks=1) for _ in range(2)]
    discriminators = [patchgan_discriminator((8, 8, 1), 16, width=4) for _ in range(2)]
    return CycleGAN(*generators, *discriminators)


def esrgan():
    """Residual-in-residual dense blocks, for images of any size."""
    generator = rrdb_generator(2, blocks=1, width=4, growth=2, channels=1)
    discriminator = patchgan_discriminator((8, 8, 1), 16, width=4)
    return SRGAN(generator, discriminator, features=None, pixel_weight=0.01, seed=3)


SIZE = 24  # Numbers of a sample.


class Recoded(GAN):
    """A GAN that takes its samples, too, and makes them anew of their mean (no paper)."""

    def endpoints(self, weights="averaged"):
        (generate,) = super().endpoints(weights).values()

        def recoded(**samples):
            (floats,) = samples.values()
            means = keras.ops.mean(keras.ops.reshape(floats, (-1, SIZE)), 1, keepdims=True)
            return {self.samples.name: self.generator(means, training=False)}

        recode = dataclasses.replace(
            generate, function=recoded, inputs=generate.outputs, sources={}
        )
        return {"from_latents": generate, "recode": recode}


def of_kind(kind):
    """A generator of samples of that kind, and its shape."""
    shape, end = ((6, 4), "softmax") if kind.name == "symbols" else ((2, 3, 4, 1), "tanh")
    layers = keras.layers
    generator = [keras.Input((1,)), layers.Dense(SIZE), layers.Reshape(shape)]
    discriminator = [keras.Input(shape), layers.Flatten(), layers.Dense(1)]
    networks = [
        keras.Sequential([*generator, layers.Activation(end)]),
        keras.Sequential(discriminator),
    ]
    return Recoded(*networks, 1, samples=kind, seed=3)


MODELS = {
    "gan": averaged_gan,
    "clothes": clothes,
    "progressive_gan": progressive_gan,
    "pix2pix": pix2pix,
    "pix2pix_without_noise": pix2pix_without_noise,
    "cyclegan": cyclegan,
    "srgan": srgan,
    "esrgan": esrgan,
}


def inputs_of(model, n=3):
    """What `serving_default` takes."""
    if isinstance(model, LatentModel):
        return {"latents": model.draw_latents(n, seed=1), **model.usual_conditions(n)}
    return {"images": images(n, (8, 8, 1))}


def outputs_of(model, inputs, direction=None):
    """What the model itself makes of them."""
    if isinstance(model, LatentModel):
        return model.generate(**inputs)
    return model.translate(**inputs, direction=direction)


def assert_within_a_grey_level(images, expected):
    assert images.shape == expected.shape
    assert images.dtype == expected.dtype == np.uint8
    assert np.abs(images.astype(int) - expected).max(initial=0) <= 1


@pytest.fixture(scope="session")
def exported(tmp_path_factory):
    """Function from a name in `MODELS` to the model and its SavedModel with all forms."""
    pytest.importorskip("tensorflow", reason="SavedModels are written by TensorFlow")

    @functools.cache
    def export(name):
        model = MODELS[name]()
        folder = tmp_path_factory.mktemp(name)
        return model, model.export(folder / "saved_model", float32=True, png=True)

    return export
