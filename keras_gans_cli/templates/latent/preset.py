"""The paper's numbers."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.networks import dcgan_discriminator, dcgan_generator

from .model import MyGAN


@seeded  # A seed fixes the initial weights, too.
def my_gan(image_shape, latent_dim=100, width=64, ema_decay=None, seed=None):
    """A compiled MyGAN with the paper's numbers; train it with a batch size of ....

    Args:
        image_shape: Tuple `(side, side, channels)`: a power of two >= 16, or 28.
        latent_dim: Integer.
        width: Integer, channels of the networks' layers at half the image's side.
        ema_decay: Float in [0, 1) for an averaged generator, or `None`.
        seed: Integer >= 0, or `None` to draw one.

    Returns:
        A compiled `MyGAN`.
    """
    model = MyGAN(
        # Any `keras.Model`s will do; `keras_gans.networks` has those of a dozen papers.
        dcgan_generator(image_shape, latent_dim, width),
        dcgan_discriminator(image_shape, width),
        latent_dim,
        ema_decay=ema_decay,
        seed=seed,
    )
    model.compile(
        discriminator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999),
        generator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999),
    )
    return model
