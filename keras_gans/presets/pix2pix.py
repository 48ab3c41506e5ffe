"""pix2pix: Isola et al. 2017, arXiv:1611.07004."""

import keras

from keras_gans.engine.seeds import seeded
from keras_gans.models import Pix2Pix
from keras_gans.networks import patchgan_discriminator, unet_generator


@seeded
def pix2pix(
    image_shape,
    target_channels=None,
    width=64,
    receptive_field=70,
    conditional=True,
    l1_weight=100.0,
    noise_at_inference=True,
    seed=None,
):
    """A compiled pix2pix with the paper's numbers.

    U-Net generator, PatchGAN on pairs, non-saturating loss with the discriminator's half as
    large, lambda 100, Adam with learning rate 2e-4, beta_1 0.5 and epsilon 1e-8 for both players.
    The paper trains with a batch size of 1, on images that are jittered.

    Args:
        image_shape: Tuple `(height, width, channels)` of the sources; see `unet_generator`.
        target_channels: Integer, channels of the targets; by default those of the sources.
        width: Integer, channels of both networks' first layers.
        receptive_field: Of the PatchGAN: 1, 16, 34, 70, 142 or 286; `None` for no discriminator,
            which trains on L1 alone.
        conditional: Bool. Whether the discriminator sees the source beside the target.
        l1_weight: Float, lambda.
        noise_at_inference: Bool, see `keras_gans.models.Pix2Pix`. For batches larger than 1,
            `False` is the better choice: batch normalization then has statistics to go by.
        seed: Integer >= 0 for the initial weights and the model's noise, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.Pix2Pix`.

    Raises:
        ValueError: Sides that the networks cannot take.

    Example:

    ```python
    model = keras_gans.presets.pix2pix((256, 256, 3))
    model.fit(keras_gans.data.paired("facades", image_shape=(256, 256, 3), jitter=True), epochs=200)
    ```
    """
    generator = unet_generator(image_shape, target_channels, width)
    discriminator = None
    if receptive_field is not None:
        seen = generator.output_shape[-1] + (image_shape[2] if conditional else 0)
        discriminator = patchgan_discriminator((*image_shape[:2], seen), receptive_field, width)
    model = Pix2Pix(
        generator,
        discriminator,
        loss="non_saturating",
        l1_weight=l1_weight,
        noise_at_inference=noise_at_inference,
        seed=seed,
        name="pix2pix",
    )
    optimizers = {
        f"{player}_optimizer": keras.optimizers.Adam(2e-4, beta_1=0.5, beta_2=0.999, epsilon=1e-8)
        for player in model.players
    }
    model.compile(**optimizers)
    return model
