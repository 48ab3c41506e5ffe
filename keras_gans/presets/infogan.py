"""InfoGAN for MNIST: Chen et al. 2016, arXiv:1606.03657."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.latents import Categorical, Uniform
from keras_gans.models import InfoGAN
from keras_gans.networks import infogan_discriminator, infogan_generator
from keras_gans.samples import Images


@seeded
def infogan(
    image_shape, categories=10, continuous=2, noise_dim=62, width=64, ema_decay=None, seed=None
):
    """A compiled InfoGAN with the numbers of the paper's run on MNIST.

    Noise from U(-1, 1), a code of ten categories, two continuous codes from U(-1, 1), lambda 1 for
    all, Adam with beta_1 0.5 and learning rates 1e-3 for the generator and 2e-4 for the
    discriminator. The authors train for 5,000 steps of 128 images.

    Args:
        image_shape: Tuple `(height, width, channels)`, sides multiples of 4.
        categories: Integer >= 2, of the latent `category`.
        continuous: Integer >= 1, numbers of the latent `style`.
        noise_dim: Integer, numbers of the latent `noise`.
        width: Integer, channels of the networks' layers at half the image's side.
        ema_decay: Float in [0, 1) for an averaged generator (not in the paper), or `None`.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.InfoGAN`.

    Example:

    ```python
    model = keras_gans.presets.infogan((28, 28, 1))
    model.fit(images, batch_size=128, epochs=50)
    model.traverse("category")
    ```
    """
    codes = {"category": Categorical(categories), "style": Uniform(continuous)}
    latents = {"noise": Uniform(noise_dim), **codes}
    model = InfoGAN(
        infogan_generator(image_shape, latents, width),
        infogan_discriminator(image_shape, codes, width),
        latents,
        information_weight=1.0,
        samples=Images(range=(0, 1)),
        ema_decay=ema_decay,
        seed=seed,
        name="infogan",
    )
    model.compile(
        generator_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5, beta_2=0.999, epsilon=1e-8),
        discriminator_optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8),
    )
    return model
