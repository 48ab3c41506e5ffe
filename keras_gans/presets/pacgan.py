"""PacGAN: Lin et al. 2018, arXiv:1712.04086."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.models import GAN
from keras_gans.networks import dcgan_generator, pacgan_discriminator


@seeded
def pacgan(image_shape, latent_dim=100, width=64, pack=2, ema_decay=None, seed=None):
    """A compiled PacGAN: DCGAN whose discriminator judges several samples at once.

    Non-saturating loss, and Adam with learning rate 2e-4, beta_1 0.5 and epsilon 1e-8 for both
    players. For stacked MNIST the authors take 64 packs in a batch, 2 to 4 samples in a pack and
    latents of a uniform distribution, and their generator moves twice in a step; here it moves
    once.

    A batch of `fit` is cut into packs: give it `pack` times as many images as there shall be
    packs.

    Args:
        image_shape: Tuple `(side, side, channels)`: a power of two >= 16, or 28; 1, 3 or 4
            channels.
        latent_dim: Integer.
        width: Integer, channels of the networks' layers at half the image's side.
        pack: Integer >= 1, how many images are judged together; see `keras_gans.layers.Pack`.
        ema_decay: Float in [0, 1) for an averaged generator (not in the paper), or `None`.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.GAN`.

    Example:

    ```python
    model = keras_gans.presets.pacgan((28, 28, 3), pack=2)
    model.fit(images, batch_size=2 * 64, epochs=50)
    ```
    """
    model = GAN(
        dcgan_generator(image_shape, latent_dim, width),
        pacgan_discriminator(image_shape, width, pack),
        latent_dim,
        loss="non_saturating",
        ema_decay=ema_decay,
        seed=seed,
        name="pacgan",
    )
    model.compile(
        generator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8),
        discriminator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8),
    )
    return model
