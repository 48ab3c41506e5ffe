"""WGAN: Arjovsky et al. 2017, arXiv:1701.07875."""

from keras_gans.engine.seeds import seeded
from keras_gans.models import WGAN
from keras_gans.networks import dcgan_discriminator, dcgan_generator


@seeded
def wgan(image_shape, latent_dim=100, width=64, ema_decay=None, seed=None):
    """A compiled WGAN with the paper's numbers, on the networks of DCGAN.

    Weights of the critic clipped to [-0.01, 0.01] after each of its five steps, RMSprop with a
    learning rate of 5e-5 for both players, a memory of 0.99 and an epsilon of 1e-16, the square of
    the authors' 1e-8; minibatches of 64: a batch of `fit` holds five of them.
    (The authors' program takes 100 steps of the critic before each of the first 25 steps of the
    generator, and then before every 500th; algorithm 1 of the paper, and this, always five.)

    Args:
        image_shape: Tuple `(side, side, channels)`: a power of two >= 16, or 28; 1, 3 or 4
            channels.
        latent_dim: Integer.
        width: Integer, channels of the networks' layers at half the image's side.
        ema_decay: Float in [0, 1) for an averaged generator (not in the paper), or `None`.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.WGAN`.

    Example:

    ```python
    model = keras_gans.presets.wgan((64, 64, 3))
    model.fit(images, batch_size=5 * 64, epochs=20)
    ```
    """
    model = WGAN(
        dcgan_generator(image_shape, latent_dim, width),
        dcgan_discriminator(image_shape, width),
        latent_dim,
        ema_decay=ema_decay,
        seed=seed,
        name="wgan",
    )
    model.compile()  # By the default optimizers of `WGAN`, which are the paper's.
    return model
