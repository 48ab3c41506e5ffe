"""DCGAN with a projection discriminator: Miyato and Koyama 2018, arXiv:1802.05637."""

from keras_gans.engine.seeds import seeded
from keras_gans.models import GAN
from keras_gans.networks import projection_dcgan_discriminator, projection_dcgan_generator


@seeded
def projection_dcgan(image_shape, labels, latent_dim=100, width=64, ema_decay=None, seed=None):
    """A compiled DCGAN that projects on the class: hinge losses, and the numbers of `dcgan`.

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
        A compiled `keras_gans.models.GAN` of `projection_dcgan_generator` and
        `projection_dcgan_discriminator`.

    Example:

    ```python
    dataset = keras_gans.data.images("clothes/", (32, 32, 1), labels="folders")
    model = keras_gans.presets.projection_dcgan((32, 32, 1), len(dataset.class_names))
    model.fit(dataset, epochs=20)
    model.generate(labels=[0, 1, 2])
    ```
    """
    model = GAN(
        projection_dcgan_generator(image_shape, labels, latent_dim, width),
        projection_dcgan_discriminator(image_shape, labels, width),
        latent_dim,
        loss="hinge",
        ema_decay=ema_decay,
        seed=seed,
        name="projection_dcgan",
    )
    model.compile()  # By the default optimizers of `GAN`, which are DCGAN's.
    return model
