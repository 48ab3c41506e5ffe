"""The paper's numbers."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.networks import patchgan_discriminator, unet_generator

from .model import MyGAN


@seeded  # A seed fixes the initial weights, too.
def my_gan(image_shape, width=64, receptive_field=70, l1_weight=100.0, seed=None):
    """A compiled MyGAN with the paper's numbers; train it with a batch size of ....

    Args:
        image_shape: Tuple `(height, width, channels)` of sources and targets: sides that are
            divisible by 8, better by a higher power of two.
        width: Integer, channels of both networks' first layers.
        receptive_field: Side of the patches that D judges: 1, 16, 34, 70, 142 or 286.
        l1_weight: Float, lambda.
        seed: Integer >= 0, or `None` to draw one.

    Returns:
        A compiled `MyGAN`.
    """
    *sides, channels = image_shape
    model = MyGAN(
        # Any `keras.Model`s will do; `keras_gans.networks` has those of a dozen papers.
        unet_generator(image_shape, width=width),
        patchgan_discriminator((*sides, 2 * channels), receptive_field, width),
        l1_weight,
        seed=seed,
    )
    model.compile(
        discriminator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999),
        generator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999),
    )
    return model
