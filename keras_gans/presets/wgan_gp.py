"""WGAN-GP: Gulrajani et al. 2017, arXiv:1704.00028."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.models import GAN
from keras_gans.networks import wgan_gp_discriminator, wgan_gp_generator


@seeded
def wgan_gp(image_shape, latent_dim=128, width=128, decay_steps=None, ema_decay=None, seed=None):
    """A compiled WGAN-GP with the numbers of the authors' residual networks for CIFAR-10.

    Wasserstein losses and a gradient penalty of weight 10, five steps of the critic for one of the
    generator, Adam with learning rate 2e-4 and betas 0 and 0.9 for both players. Minibatches are of
    64: a batch of `fit` is cut into five of them, of which the last is the generator's, too. The
    authors give the generator 128 latents, spread their images by noise of half a level, and train
    100,000 steps. For other networks the paper has Adam with 1e-4 and betas 0.5 and 0.9.

    Args:
        image_shape: Tuple `(height, width, channels)`; sides are multiples of 8, 32 in the paper.
        latent_dim: Integer.
        width: Integer, channels of all layers.
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
    model = keras_gans.presets.wgan_gp((32, 32, 3), decay_steps=100_000)
    model.fit(images, batch_size=5 * 64, epochs=640)
    ```
    """
    model = GAN(
        wgan_gp_generator(image_shape, latent_dim, width),
        wgan_gp_discriminator(image_shape, width),
        latent_dim,
        loss="wasserstein",
        penalty="gradient_penalty",
        penalty_weight=10.0,
        discriminator_steps=5,
        ema_decay=ema_decay,
        seed=seed,
        name="wgan_gp",
    )
    model.compile(**falling_adams(decay_steps, model.discriminator_steps))
    return model


def falling_adams(decay_steps, discriminator_steps):
    """Adam for both players with 2e-4 and betas 0 and 0.9, and rates that fall where they shall.

    Args:
        decay_steps: Integer, train steps, or `None`.
        discriminator_steps: Integer, moves of the discriminator in each of them, which is what its
            optimizer counts.
    """

    def adam(moves):
        rate = 2e-4
        if decay_steps is not None:
            rate = keras.optimizers.schedules.PolynomialDecay(rate, moves * decay_steps, 0.0)
        return keras.optimizers.Adam(rate, beta_1=0.0, beta_2=0.9, epsilon=1e-8)

    return {
        "generator_optimizer": adam(1),
        "discriminator_optimizer": adam(discriminator_steps),
    }
