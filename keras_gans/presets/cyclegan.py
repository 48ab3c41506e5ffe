"""CycleGAN: Zhu et al. 2017, arXiv:1703.10593."""

import keras

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.engine.seeds import seeded
from keras_gans.models import CycleGAN
from keras_gans.networks import patchgan_discriminator, resnet_generator
from keras_gans.schedules import ConstantThenLinear


@seeded
def cyclegan(
    image_shape,
    channels_b=None,
    width=64,
    blocks=None,
    receptive_field=70,
    identity_weight=0.5,
    steps=None,
    seed=None,
):
    """A compiled CycleGAN with the paper's numbers.

    Residual generators, 70x70 PatchGANs, instance normalization, least squares with the
    discriminators' half as large, cycle weight 10, an image pool of 50, Adam with learning rate
    2e-4, beta_1 0.5 and epsilon 1e-8 for both players. The paper trains with a batch size of 1.

    Args:
        image_shape: Tuple `(height, width, channels)` of the images a in training; sides
            divisible by 4.
        channels_b: Integer, channels of the images b; by default those of a.
        width: Integer, channels of all networks' first layers.
        blocks: Integer, residual blocks; by default 9 for sides of 256 and more, else 6.
        receptive_field: Of the PatchGANs; see `patchgan_discriminator`.
        identity_weight: Float, of the identity term as a share of the cycle's. The authors use
            0.5 where colours are to stay; 0 leaves it out, and is needed where a and b differ in
            their channels.
        steps: Integer, train steps of the whole run: the learning rate stays for the first half
            and falls linearly to zero in the second, as in the paper. `None` keeps it constant.
        seed: Integer >= 0 for the initial weights and the model's pools, or `None` to draw
            them from Keras's streams (`keras.utils.set_random_seed`).

    Returns:
        A compiled `keras_gans.models.CycleGAN`.

    Raises:
        ValueError: Sides that the networks cannot take.

    Example:

    ```python
    dataset = keras_gans.data.unpaired("horses", "zebras", image_shape=(256, 256, 3), jitter=True)
    model = keras_gans.presets.cyclegan((256, 256, 3), steps=200 * len(dataset))
    model.fit(dataset, epochs=200)
    ```
    """
    image_shape = checked_shape(image_shape)
    shape_a, shape_b = image_shape, (*image_shape[:2], channels_b or image_shape[2])
    blocks = (9 if min(image_shape[:2]) >= 256 else 6) if blocks is None else blocks

    def discriminator(shape):
        return patchgan_discriminator(shape, receptive_field, width, normalization="instance")

    model = CycleGAN(
        resnet_generator(shape_a, shape_b[2], width, blocks),
        resnet_generator(shape_b, shape_a[2], width, blocks),
        discriminator(shape_a),
        discriminator(shape_b),
        cycle_weight=10.0,
        identity_weight=identity_weight,
        pool_size=50,
        seed=seed,
        name="cyclegan",
    )
    optimizers = []
    for _ in model.players:
        rate = 2e-4 if steps is None else ConstantThenLinear(2e-4, steps // 2, steps - steps // 2)
        optimizers.append(keras.optimizers.Adam(rate, beta_1=0.5, beta_2=0.999, epsilon=1e-8))
    model.compile(*optimizers)
    return model
