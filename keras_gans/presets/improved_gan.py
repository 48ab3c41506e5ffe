"""Improved GAN without labels: Salimans et al. 2016, arXiv:1606.03498."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.losses import get
from keras_gans.models import GAN
from keras_gans.networks import improved_dcgan_discriminator, improved_dcgan_generator


@seeded
def improved_gan(
    image_shape,
    latent_dim=100,
    width=64,
    reference=64,
    historical_averaging=0.0,
    ema_decay=None,
    seed=None,
):
    """A compiled DCGAN with the techniques of Improved GAN that need no labels.

    Minibatch discrimination (section 3.2), one-sided label smoothing of 0.1 (3.4), virtual batch
    normalization of the generator (3.5) and, where it is asked for, historical averaging (3.3). Of
    the last the paper gives no weight, and the authors' code has none of it. Both players move by
    Adam with learning rate 4e-4 and beta_1 0.5 as in that code, which trains on 64 images at a
    time; there images of 128x128 pixels have a smoothing of 0.25 and classes.

    Args:
        image_shape: Tuple `(side, side, channels)`: a power of two >= 16, or 28; 1, 3 or 4
            channels.
        latent_dim: Integer.
        width: Integer, channels of the networks' layers at half the image's side.
        reference: Integer >= 1, samples of the reference batch, see `improved_dcgan_generator`.
        historical_averaging: Float >= 0, see `keras_gans.models.GAN`.
        ema_decay: Float in [0, 1) for an averaged generator (not in the paper), or `None`.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.GAN`.

    Example:

    ```python
    model = keras_gans.presets.improved_gan((32, 32, 3), historical_averaging=0.01)
    model.fit(images, batch_size=64, epochs=20)
    ```
    """
    model = GAN(
        improved_dcgan_generator(image_shape, latent_dim, width, reference),
        improved_dcgan_discriminator(image_shape, width),
        latent_dim,
        loss=get("non_saturating", label_smoothing=0.1),
        historical_averaging=historical_averaging,
        ema_decay=ema_decay,
        seed=seed,
        name="improved_gan",
    )
    model.compile(
        generator_optimizer=keras.optimizers.Adam(4e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8),
        discriminator_optimizer=keras.optimizers.Adam(4e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8),
    )
    return model
