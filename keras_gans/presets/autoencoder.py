"""The autoencoders of Hinton and Salakhutdinov, Vincent et al., and Kingma and Welling."""

from keras_gans.engine.seeds import seeded
from keras_gans.layers import MaskingNoise
from keras_gans.models import Autoencoder, DenoisingAutoencoder, VariationalAutoencoder
from keras_gans.networks import dense_autoencoder, dense_variational_autoencoder
from keras_gans.samples import Images

PIXELS = Images(range=(0, 1))


@seeded
def autoencoder(image_shape, latent_dim=30, widths=(1000, 500, 250), ema_decay=None, seed=None):
    """A compiled deep autoencoder: the layers of Hinton and Salakhutdinov 2006, cross-entropy.

    Trained at once by Adam with learning rate 1e-3, with ReLU in the place of logistic units. The
    authors train layer by layer, then all by conjugate gradients.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        latent_dim: Integer, the numbers of a code.
        widths: Integers, units of the encoder's hidden layers.
        ema_decay: Float in [0, 1) for averaged networks (not in the paper), or `None`.
        seed: Integer >= 0 for the initial weights, or `None` to draw them from Keras's streams
            (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.Autoencoder`.

    Example:

    ```python
    model = keras_gans.presets.autoencoder((28, 28, 1))
    model.fit(images, batch_size=128, epochs=10)
    model.reconstruct(images[:8])
    ```
    """
    model = Autoencoder(
        *dense_autoencoder(image_shape, latent_dim, widths),
        latent_dim,
        loss="bernoulli",
        samples=PIXELS,
        ema_decay=ema_decay,
        seed=seed,
        name="autoencoder",
    )
    model.compile()
    return model


@seeded
def denoising_autoencoder(
    image_shape, latent_dim=64, widths=(1000, 500), rate=0.5, ema_decay=None, seed=None
):
    """A compiled denoising autoencoder: masking noise and cross-entropy of Vincent et al. 2010.

    All layers are trained at once by Adam with learning rate 1e-3; the authors stack layers that
    were trained one by one.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        latent_dim: Integer, the numbers of a code.
        widths: Integers, units of the encoder's hidden layers.
        rate: Float in [0, 1], the share of pixels that are masked.
        ema_decay: As of `autoencoder`.
        seed: Integer >= 0 for the initial weights and the masks, or `None`, as of `autoencoder`.

    Returns:
        A compiled `keras_gans.models.DenoisingAutoencoder`.

    Example:

    ```python
    model = keras_gans.presets.denoising_autoencoder((28, 28, 1))
    model.fit(images, batch_size=128, epochs=10)
    model.reconstruct(model.corrupt(images[:8]))
    ```
    """
    model = DenoisingAutoencoder(
        *dense_autoencoder(image_shape, latent_dim, widths),
        latent_dim,
        MaskingNoise(rate, seed=0 if seed is None else seed),
        loss="bernoulli",
        samples=PIXELS,
        ema_decay=ema_decay,
        seed=seed,
        name="denoising_autoencoder",
    )
    model.compile()
    return model


@seeded
def variational_autoencoder(
    image_shape, latent_dim=20, widths=(500,), beta=1.0, ema_decay=None, seed=None
):
    """A compiled variational autoencoder: layers and likelihood of Kingma and Welling 2014.

    One hidden layer of 500 units and a Bernoulli likelihood, arXiv:1312.6114, section 5, trained by
    Adam with learning rate 1e-3 and ReLU; the paper has Adagrad and hyperbolic tangents, and
    batches of 100.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        latent_dim: Integer; 2 for the picture of `keras_gans.manifold.manifold`.
        widths: Integers, units of the encoder's hidden layers.
        beta: Float >= 0, the weight of the divergence.
        ema_decay: As of `autoencoder`.
        seed: Integer >= 0 for the initial weights and the noise, or `None`, as of `autoencoder`.

    Returns:
        A compiled `keras_gans.models.VariationalAutoencoder`.

    Example:

    ```python
    model = keras_gans.presets.variational_autoencoder((28, 28, 1))
    model.fit(images, batch_size=100, epochs=10)
    model.generate(16)
    ```
    """
    model = VariationalAutoencoder(
        *dense_variational_autoencoder(image_shape, latent_dim, widths),
        latent_dim,
        beta=beta,
        samples=PIXELS,
        ema_decay=ema_decay,
        seed=seed,
        name="variational_autoencoder",
    )
    model.compile()
    return model
