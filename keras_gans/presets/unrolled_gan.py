"""Unrolled GAN on points of a plane: Metz et al. 2017, arXiv:1611.02163."""

from keras_gans.engine.seeds import seeded
from keras_gans.models import UnrolledGAN
from keras_gans.networks import unrolled_toy_discriminator, unrolled_toy_generator


@seeded
def unrolled_gan(latent_dim=256, width=128, dim=2, unrolled_steps=5, seed=None):
    """A compiled unrolled GAN with the numbers of the authors' notebook, for a ring of Gaussians.

    Five unrolled steps, Adam with a learning rate of 1e-3 for the generator and 1e-4 for the
    discriminator, beta_1 0.5, the saddle loss. The notebook trains for 25,000 steps with a batch
    size of 512. It unrolls Adam, and this gradient descent, as the paper's equations do, at a
    rate of 0.1. (Both ends of the notebook's ring are the same: it has seven modes where it says
    eight.)

    Args:
        latent_dim: Integer.
        width: Integer, units of the networks' hidden layers.
        dim: Integer, coordinates of a point.
        unrolled_steps: Integer >= 0, steps of the discriminator that the generator sees ahead.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.UnrolledGAN`.

    Example:

    ```python
    model = keras_gans.presets.unrolled_gan()
    model.fit(keras_gans.data.ring(100_000), batch_size=512, epochs=128)
    ```
    """
    model = UnrolledGAN(
        unrolled_toy_generator(latent_dim, width, dim),
        unrolled_toy_discriminator(width, dim),
        latent_dim,
        unrolled_steps=unrolled_steps,
        seed=seed,
        name="unrolled_gan",
    )
    model.compile()  # By the default optimizers of `UnrolledGAN`, which are the notebook's.
    return model
