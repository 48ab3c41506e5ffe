"""SNGAN: Miyato et al. 2018, arXiv:1802.05957."""

from keras_gans.engine.seeds import seeded
from keras_gans.models import GAN
from keras_gans.networks import sngan_discriminator, sngan_generator
from keras_gans.presets.wgan_gp import falling_adams


@seeded
def sngan(
    image_shape,
    latent_dim=128,
    width=256,
    discriminator_width=128,
    decay_steps=None,
    ema_decay=None,
    seed=None,
):
    """A compiled SNGAN with the numbers of the authors' residual networks for CIFAR-10.

    Hinge losses, spectral normalization in all layers of the discriminator, five of its steps for
    one of the generator, Adam with learning rate 2e-4 and betas 0 and 0.9 for both players.
    Minibatches are of 64: a batch of `fit` is cut into five of them, of which the last is the
    generator's, too. The authors give the generator 128 latents, and train 50,000 steps.

    Args:
        image_shape: Tuple `(height, width, channels)`; sides are multiples of 8, 32 in the paper.
        latent_dim: Integer.
        width: Integer, channels of the generator's layers.
        discriminator_width: Integer, channels of the discriminator's.
        decay_steps: Integer >= 1, train steps over which the rates fall to zero along a line, the
            whole run's in the authors' code; or `None` for constant rates.
        ema_decay: Float in [0, 1) for an averaged generator (not in the paper), or `None`.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.GAN`.

    Raises:
        ValueError: Sides that the networks cannot build.

    Example:

    ```python
    model = keras_gans.presets.sngan((32, 32, 3), decay_steps=50_000)
    model.fit(images, batch_size=5 * 64, epochs=320)
    ```
    """
    model = GAN(
        sngan_generator(image_shape, latent_dim, width),
        sngan_discriminator(image_shape, discriminator_width),
        latent_dim,
        loss="hinge",
        discriminator_steps=5,
        ema_decay=ema_decay,
        seed=seed,
        name="sngan",
    )
    model.compile(**falling_adams(decay_steps, model.discriminator_steps))
    return model
