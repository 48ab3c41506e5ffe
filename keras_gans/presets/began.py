"""BEGAN: Berthelot et al. 2017, arXiv:1703.10717."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.latents import Uniform
from keras_gans.models import BEGAN
from keras_gans.networks import began_discriminator, began_generator


@seeded
def began(image_shape, latent_dim=64, width=128, ema_decay=None, seed=None):
    """A compiled BEGAN with the numbers of the widely used program carpedm20/BEGAN-tensorflow.

    Latents from U(-1, 1), gamma 0.5, lambda 0.001, Adam with beta_1 0.5 and a learning rate of
    8e-5 that is halved every 100,000 steps down to 2e-5. It trains for 500,000 steps with a batch
    size of 16. (The paper halves the rate where the measure of convergence stalls.)

    Args:
        image_shape: Tuple `(side, side, channels)`, the side a power of two >= 8.
        latent_dim: Integer, of the generator, and of the autoencoder's code.
        width: Integer, channels of the networks' convolutions; the paper has 64 and 128.
        ema_decay: Float in [0, 1) for an averaged generator (not in the paper), or `None`.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.BEGAN`.

    Example:

    ```python
    model = keras_gans.presets.began((64, 64, 3))
    model.fit(images, batch_size=16, epochs=20)
    ```
    """
    model = BEGAN(
        began_generator(image_shape, latent_dim, width),
        began_discriminator(image_shape, latent_dim, width),
        latents=Uniform(latent_dim),
        ema_decay=ema_decay,
        seed=seed,
        name="began",
    )
    model.compile(generator_optimizer=adam(), discriminator_optimizer=adam())
    return model


def adam():
    # Step n, counted from 0, has the first rate that is not behind its boundary.
    rate = keras.optimizers.schedules.PiecewiseConstantDecay(
        [100_000 - 1, 200_000 - 1], [8e-5, 4e-5, 2e-5]
    )
    return keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.999, epsilon=1e-8)
