"""ACGAN on DCGAN's networks: Odena et al. 2017, arXiv:1610.09585."""

from keras_gans.engine.seeds import seeded
from keras_gans.models import ACGAN
from keras_gans.networks import acgan_discriminator, conditional_dcgan_generator


@seeded
def acgan(image_shape, labels, latent_dim=100, width=64, ema_decay=None, seed=None):
    """A compiled ACGAN of DCGAN's layers, with the numbers of `dcgan`.

    Args:
        image_shape: Tuple `(side, side, channels)`: a power of two >= 16, or 28; 1, 3 or 4
            channels.
        labels: Integer >= 1, the number of classes: `len(dataset.class_names)`.
        latent_dim: Integer.
        width: Integer, channels of the networks' layers at half the image's side.
        ema_decay: Float in [0, 1) for an averaged generator, or `None`.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.ACGAN` of `conditional_dcgan_generator` and
        `acgan_discriminator`.

    Example:

    ```python
    dataset = keras_gans.data.images("clothes/", (32, 32, 1), labels="folders")
    model = keras_gans.presets.acgan((32, 32, 1), len(dataset.class_names))
    model.fit(dataset, epochs=20)
    model.generate(labels=[0, 1, 2])
    ```
    """
    model = ACGAN(
        conditional_dcgan_generator(image_shape, labels, latent_dim, width),
        acgan_discriminator(image_shape, labels, width),
        latent_dim,
        ema_decay=ema_decay,
        seed=seed,
        name="acgan",
    )
    model.compile()  # By the default optimizers of `ACGAN`, which are DCGAN's.
    return model
