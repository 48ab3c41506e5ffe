"""DCGAN's networks with other adversarial losses: LSGAN, RSGAN, DRAGAN and f-GAN."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.latents import Normal, Uniform
from keras_gans.losses import Penalty
from keras_gans.models import GAN
from keras_gans.networks import dcgan_discriminator, dcgan_generator


@seeded
def lsgan(image_shape, latent_dim=1024, width=64, ema_decay=None, seed=None):
    """A compiled least squares GAN, arXiv:1611.04076, on the networks of DCGAN.

    Equation 9 (a = 0, b = c = 1), and the numbers of the authors' program for LSUN: Adam with
    learning rate 1e-3 and beta_1 0.5, 1024 latents from U(-1, 1), batches of 64. Its networks are
    deeper, of 3x3 and 5x5 kernels, for images of 112x112.

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
    model = keras_gans.presets.lsgan((64, 64, 3))
    model.fit(images, batch_size=64, epochs=20)
    ```
    """
    latents = Uniform(latent_dim)
    return on_dcgan(
        image_shape, latents, width, 1e-3, loss="least_squares", ema_decay=ema_decay, seed=seed
    )


@seeded
def rsgan(image_shape, latent_dim=128, width=64, ema_decay=None, seed=None):
    """A compiled relativistic standard GAN, arXiv:1807.00734, on the networks of DCGAN.

    The numbers of the author's program for cats of 64x64: Adam with learning rate 2e-4 and betas
    0.5 and 0.999, 128 latents from N(0, 1), batches of 32.

    Args:
        image_shape: As for `lsgan`.
        latent_dim: Integer.
        width: Integer, channels of the networks' layers at half the image's side.
        ema_decay: Float in [0, 1) for an averaged generator (not in the paper), or `None`.
        seed: As for `lsgan`.

    Returns:
        A compiled `keras_gans.models.GAN`.

    Example:

    ```python
    model = keras_gans.presets.rsgan((64, 64, 3))
    model.fit(images, batch_size=32, epochs=20)
    ```
    """
    latents = Normal(latent_dim)
    return on_dcgan(
        image_shape, latents, width, 2e-4, loss="relativistic", ema_decay=ema_decay, seed=seed
    )


@seeded
def dragan(image_shape, latent_dim=100, width=64, ema_decay=None, seed=None):
    """A compiled DRAGAN, arXiv:1705.07215, on the networks of DCGAN.

    The non-saturating loss and ten times the penalty `keras_gans.losses.dragan`, with the numbers
    of the authors' program for MNIST: Adam with learning rate 1e-4 and betas 0.5 and 0.9, 100
    latents from U(-1, 1), batches of 128. Its networks are two dense layers each. Those of DCGAN
    normalize over the batch, so that an image's gradient is of the scores of all.

    Args:
        image_shape: As for `lsgan`.
        latent_dim: Integer.
        width: Integer, channels of the networks' layers at half the image's side.
        ema_decay: Float in [0, 1) for an averaged generator (not in the paper), or `None`.
        seed: As for `lsgan`.

    Returns:
        A compiled `keras_gans.models.GAN`.

    Example:

    ```python
    model = keras_gans.presets.dragan((64, 64, 3))
    model.fit(images, batch_size=128, epochs=20)
    ```
    """
    return on_dcgan(
        image_shape,
        Uniform(latent_dim),
        width,
        1e-4,
        beta_2=0.9,
        penalty=Penalty("dragan", 10.0),
        ema_decay=ema_decay,
        seed=seed,
    )


@seeded
def f_gan(
    image_shape,
    divergence="squared_hellinger",
    latent_dim=100,
    width=64,
    ema_decay=None,
    seed=None,
):
    """A compiled f-GAN, arXiv:1606.00709, on the networks and with the numbers of `dcgan`.

    Args:
        image_shape: As for `lsgan`.
        divergence: Name of the loss: "kl", "reverse_kl", "pearson", "squared_hellinger" or
            "jensen_shannon"; "non_saturating" is the paper's "GAN".
        latent_dim: Integer.
        width: Integer, channels of the networks' layers at half the image's side.
        ema_decay: Float in [0, 1) for an averaged generator (not in the paper), or `None`.
        seed: As for `lsgan`.

    Returns:
        A compiled `keras_gans.models.GAN`.

    Example:

    ```python
    model = keras_gans.presets.f_gan((64, 64, 3), "kl")
    model.fit(images, batch_size=128, epochs=20)
    ```
    """
    latents = Normal(latent_dim)
    return on_dcgan(
        image_shape, latents, width, 2e-4, loss=divergence, ema_decay=ema_decay, seed=seed
    )


def on_dcgan(image_shape, latents, width, learning_rate, beta_2=0.999, **arguments):
    """A compiled GAN of DCGAN's networks, both players by the same Adam."""
    model = GAN(
        dcgan_generator(image_shape, latents.shape[0], width),
        dcgan_discriminator(image_shape, width),
        latents=latents,
        **arguments,
    )
    rates = {"beta_1": 0.5, "beta_2": beta_2, "epsilon": 1e-8}
    model.compile(
        generator_optimizer=keras.optimizers.Adam(learning_rate, **rates),
        discriminator_optimizer=keras.optimizers.Adam(learning_rate, **rates),
    )
    return model
