"""ProgressiveGAN: Karras et al. 2018, arXiv:1710.10196."""

from keras_gans.engine.seeds import seeded
from keras_gans.models import ProgressiveGAN
from keras_gans.networks import progressive_discriminator, progressive_generator


@seeded
def progressive_gan(image_shape, fade_images=600_000, stabilise_images=600_000, seed=None):
    """A compiled ProgressiveGAN with the numbers of the authors' code for one GPU.

    WGAN-GP with lambda 10 and a drift of 0.001, Adam with learning rate 1e-3, betas 0 and 0.99 and
    epsilon 1e-8, 1.5 times that rate at 1024x1024 pixels, minibatches of 128 at 4x4 pixels to 4 at
    1024x1024, an averaged generator of 0.999, layers of 512 channels at 4x4 to 16 at 1024x1024.
    The authors train on 12,000,000 images in all, of faces with half of them mirrored:
    `keras_gans.data.images(..., flip=True)`.

    Args:
        image_shape: Tuple `(side, side, channels)`; the side is a power of two from 4 to 1024.
        fade_images: Integer, images over which a resolution fades in; the paper has 800,000.
        stabilise_images: Integer, images that are trained at each resolution without a fade.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.ProgressiveGAN`.

    Raises:
        ValueError: An image shape that cannot be grown.

    Example:

    ```python
    model = keras_gans.presets.progressive_gan((1024, 1024, 3))
    model.fit(images, epochs=400)
    ```
    """
    return compiled(
        image_shape,
        latent_dim=512,
        base=8192,
        maximum=512,
        fade_images=fade_images,
        stabilise_images=stabilise_images,
        rate_factors={1024: 1.5},
        seed=seed,
    )


@seeded
def progressive_gan_small(image_shape, fade_images=6_000, stabilise_images=6_000, seed=None):
    """A compiled ProgressiveGAN that two processor cores train in minutes at 32x32 pixels.

    As `progressive_gan`, but with latents and layers of at most 64 channels, minibatches of 16,
    short phases and a generator average of 0.99 to go with them.

    Args:
        image_shape: As in `progressive_gan`.
        fade_images: Likewise.
        stabilise_images: Likewise.
        seed: Likewise.

    Returns:
        A compiled `keras_gans.ProgressiveGAN`.

    Raises:
        ValueError: An image shape that cannot be grown.

    Example:

    ```python
    model = keras_gans.presets.progressive_gan_small((32, 32, 1))
    model.fit(images, epochs=5)
    ```
    """
    return compiled(
        image_shape,
        latent_dim=64,
        base=512,
        maximum=64,
        fade_images=fade_images,
        stabilise_images=stabilise_images,
        minibatches={4: 16},
        ema_decay=0.99,
        seed=seed,
    )


def compiled(image_shape, latent_dim, base, maximum, **arguments):
    """A compiled model of networks of these sizes."""
    model = ProgressiveGAN(
        progressive_generator(image_shape, latent_dim, base, maximum),
        progressive_discriminator(image_shape, base, maximum),
        latent_dim,
        name="progressive_gan",
        **arguments,
    )
    model.compile()
    return model
