"""BiGAN for MNIST: Donahue et al. 2017, arXiv:1605.09782."""

from keras_gans.engine.seeds import seeded
from keras_gans.latents import Uniform
from keras_gans.models import BiGAN
from keras_gans.networks import bigan_discriminator, bigan_encoder, bigan_generator
from keras_gans.samples import Images


@seeded
def bigan(image_shape, latent_dim=50, width=1024, ema_decay=None, seed=None):
    """A compiled BiGAN with the numbers of the paper's run on MNIST.

    Latents from U(-1, 1), Adam with learning rate 2e-4 and beta_1 0.5 for all networks, a weight
    decay of 2.5e-5. The authors train with a batch size of 128, for 200 epochs, and for 200 more in
    which the learning rate falls exponentially to a hundredth.

    Args:
        image_shape: Tuple `(height, width, channels)`.
        latent_dim: Integer.
        width: Integer, units of the networks' hidden layers.
        ema_decay: Float in [0, 1) for an averaged encoder and generator (not in the paper), or
            `None`.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.BiGAN`.

    Example:

    ```python
    images, _ = keras_gans.data.fashion_mnist((28, 28, 1))
    model = keras_gans.presets.bigan((28, 28, 1))
    model.fit(images, batch_size=128, epochs=40)
    again = model.reconstruct(images[:8])
    first, last = model.encode(images[:2])
    walk = model.generate(latents=model.interpolate(first, last, steps=8))
    ```
    """
    model = BiGAN(
        bigan_encoder(image_shape, latent_dim, width),
        bigan_generator(image_shape, latent_dim, width),
        bigan_discriminator(image_shape, latent_dim, width),
        latents=Uniform(latent_dim),
        samples=Images(range=(0, 1)),
        ema_decay=ema_decay,
        seed=seed,
        name="bigan",
    )
    model.compile()  # By the default optimizers of `BiGAN`, which are the paper's.
    return model
