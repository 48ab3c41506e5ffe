"""ALI for CIFAR-10: Dumoulin et al. 2017, arXiv:1606.00704."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.models import BiGAN
from keras_gans.networks import ali_discriminator, ali_encoder, ali_generator
from keras_gans.samples import Images


@seeded
def ali(image_shape, latent_dim=64, width=32, ema_decay=None, seed=None):
    """A compiled ALI with the numbers of the paper's run on CIFAR-10.

    Its encoder gives a normal distribution of latents. Adam with learning rate 1e-4 and beta_1 0.5
    for all networks; the paper trains for 6475 epochs with a batch size of 100.

    Args:
        image_shape: Tuple `(32, 32, channels)`.
        latent_dim: Integer.
        width: Integer, channels of the networks' layers at the side of the images.
        ema_decay: Float in [0, 1) for an averaged encoder and generator (not in the paper), or
            `None`.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.BiGAN`.

    Example:

    ```python
    model = keras_gans.presets.ali((32, 32, 3))
    model.fit(images, batch_size=100, epochs=50)
    again = model.reconstruct(images[:8])
    ```
    """
    model = BiGAN(
        ali_encoder(image_shape, latent_dim, width),
        ali_generator(image_shape, latent_dim, width),
        ali_discriminator(image_shape, latent_dim, width),
        latent_dim,
        samples=Images(range=(0, 1)),
        ema_decay=ema_decay,
        seed=seed,
        name="ali",
    )
    model.compile(
        generator_optimizer=keras.optimizers.Adam(1e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8),
        discriminator_optimizer=keras.optimizers.Adam(1e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8),
    )
    return model
