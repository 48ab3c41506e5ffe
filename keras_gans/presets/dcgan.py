"""DCGAN: Radford et al. 2016, arXiv:1511.06434."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.models import GAN
from keras_gans.networks import dcgan_discriminator, dcgan_generator


@seeded
def dcgan(image_shape, latent_dim=100, width=64, ema_decay=None, seed=None):
    """A compiled DCGAN with the paper's numbers.

    Non-saturating loss, Adam with learning rate 2e-4, beta_1 0.5 and epsilon 1e-8 for both players,
    weights drawn from N(0, 0.02), LeakyReLU 0.2. The paper trains with a batch size of 128. The
    width of 64 and latents from N(0, 1) are those of the widely used PyTorch example; the paper has
    128 and a uniform distribution. Keras adds epsilon to the root that is not corrected, as the
    authors' Lua Torch does; today's PyTorch to the corrected one, in the first step a 32nd of it.

    Args:
        image_shape: Tuple `(side, side, channels)`: a power of two >= 16, or 28; 1, 3 or 4
            channels.
        latent_dim: Integer.
        width: Integer, channels of the networks' layers at half the image's side.
        ema_decay: Float in [0, 1) for an averaged generator (not in the paper), or `None`.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.GAN`.

    Example:

    ```python
    model = keras_gans.presets.dcgan((64, 64, 3))
    model.fit(images, batch_size=128, epochs=20)
    ```
    """
    model = GAN(
        dcgan_generator(image_shape, latent_dim, width),
        dcgan_discriminator(image_shape, width),
        latent_dim,
        loss="non_saturating",
        ema_decay=ema_decay,
        seed=seed,
        name="dcgan",
    )
    model.compile(
        generator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8),
        discriminator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8),
    )
    return model
