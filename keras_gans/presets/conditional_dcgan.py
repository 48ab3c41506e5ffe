"""DCGAN with labels: Mirza and Osindero 2014, arXiv:1411.1784, on DCGAN's networks."""

from keras_gans.engine.seeds import seeded
from keras_gans.models import GAN
from keras_gans.networks import conditional_dcgan_discriminator, conditional_dcgan_generator


@seeded
def conditional_dcgan(image_shape, labels, latent_dim=100, width=64, ema_decay=None, seed=None):
    """A compiled DCGAN that makes images of a class, with the numbers of `dcgan`.

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
        A compiled `keras_gans.models.GAN` of `conditional_dcgan_generator` and
        `conditional_dcgan_discriminator`.

    Example:

    ```python
    dataset = keras_gans.data.images("clothes/", (32, 32, 1), labels="folders")
    model = keras_gans.presets.conditional_dcgan((32, 32, 1), len(dataset.class_names))
    model.fit(dataset, epochs=20)
    model.generate(labels=[0, 1, 2])
    ```
    """
    model = GAN(
        conditional_dcgan_generator(image_shape, labels, latent_dim, width),
        conditional_dcgan_discriminator(image_shape, labels, width),
        latent_dim,
        loss="non_saturating",
        ema_decay=ema_decay,
        seed=seed,
        name="conditional_dcgan",
    )
    model.compile()  # By the default optimizers of `GAN`, which are DCGAN's.
    return model
