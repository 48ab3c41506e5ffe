"""DCGAN of clusters: Sage et al. 2018, arXiv:1712.04407, on DCGAN's networks."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.latents import Categorical, Normal
from keras_gans.models import GAN
from keras_gans.networks import conditional_dcgan_discriminator, conditional_dcgan_generator
from keras_gans.schedules import Linear


@seeded
def clustered_dcgan(image_shape, clusters, latent_dim=100, width=64, ema_decay=None, seed=None):
    """A compiled DCGAN that learns images by clusters, for short runs on images without labels.

    Both networks are told the cluster of an image, as those of `conditional_dcgan` are told its
    class, so that neither has to find out by itself that shoes are no shirts. `generate` draws the
    clusters, all equally likely, as `keras_gans.data.clusters` makes them: the model generates as
    one without labels does. In the paper clusters are those of features of a classifier or an
    autoencoder; here they are of pixels.

    The rates begin at ten times DCGAN's for the generator and five times for the discriminator, and
    are DCGAN's after 3,400 steps; the other numbers of Adam are DCGAN's throughout.

    Args:
        image_shape: Tuple `(side, side, channels)`: a power of two >= 16, or 28; 1, 3 or 4
            channels.
        clusters: Integer >= 2, how many.
        latent_dim: Integer.
        width: Integer, channels of the networks' layers at half the image's side.
        ema_decay: Float in [0, 1) for an averaged generator, or `None`.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.GAN` of `conditional_dcgan_generator` and
        `conditional_dcgan_discriminator`, whose `labels` are the clusters.

    Example:

    ```python
    images, _ = keras_gans.data.fashion_mnist((32, 32, 1))
    model = keras_gans.presets.clustered_dcgan((32, 32, 1), 64, width=32, ema_decay=0.995)
    model.fit(images, keras_gans.data.clusters(images, 64), batch_size=32, epochs=8)
    model.generate(16, seed=7)
    ```
    """
    model = GAN(
        conditional_dcgan_generator(image_shape, clusters, latent_dim, width),
        conditional_dcgan_discriminator(image_shape, clusters, width),
        latents={"latents": Normal(latent_dim), "labels": Categorical(clusters)},
        loss="non_saturating",
        ema_decay=ema_decay,
        seed=seed,
        name="clustered_dcgan",
    )
    model.compile(generator_optimizer=adam(2e-3), discriminator_optimizer=adam(1e-3))
    return model


def adam(rate):
    """DCGAN's, after steps that are larger at first."""
    rates = Linear(rate, 2e-4, steps=3_400)
    return keras.optimizers.Adam(rates, beta_1=0.5, beta_2=0.999, epsilon=1e-8)
