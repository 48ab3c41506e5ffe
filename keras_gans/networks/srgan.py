"""The networks of SRGAN: SRResNet, and the discriminator.

Ledig et al. 2017, arXiv:1609.04802, section 2.1 and figure 4. At scale 4 with 16 blocks of width
64 the generator has 1,550,659 trainable parameters (biases, one slope of PReLU per channel); the
discriminator of 96x96 pixels has 23,565,505.
"""

import keras
from keras import layers

from keras_gans.engine.image_shapes import check_channels_last, checked_shape
from keras_gans.layers import ICNR, PixelShuffle
from keras_gans.networks.blocks import batch_norm

# Factors of the pixel shuffles, one after the other.
STAGES = {2: (2,), 3: (3,), 4: (2, 2), 8: (2, 2, 2)}


def srresnet(scale=4, blocks=16, width=64, channels=3):
    """Build SRResNet, the generator of SRGAN.

    It is fully convolutional: trained on patches, it runs on images of any size.

    Args:
        scale: Integer, 2, 3, 4 or 8: how many times as large the sides become.
        blocks: Integer, residual blocks.
        width: Integer, channels of all layers.
        channels: Integer, channels of the images.

    Returns:
        `keras.Model` from images in [-1, 1] to float32 images `scale` times as large. The last
        layer is linear: its values lie about [-1, 1].

    Raises:
        ValueError: Another scale.

    Example:

    ```python
    generator = srresnet(scale=4)
    generator.output_shape  # (None, None, None, 3)
    ```
    """
    check_scale(scale)
    images = keras.Input((None, None, channels), name="images")
    first = x = activate(layers.Conv2D(width, 9, padding="same")(images))
    for _ in range(blocks):
        y = activate(batch_norm()(layers.Conv2D(width, 3, padding="same")(x)))
        # Each block begins near the identity: training from scratch takes far fewer steps.
        x = layers.Add()([x, batch_norm(0.0)(layers.Conv2D(width, 3, padding="same")(y))])
    x = batch_norm(0.0)(layers.Conv2D(width, 3, padding="same")(x))
    x = layers.Add()([first, x])
    for factor in STAGES[scale]:
        x = layers.Conv2D(width * factor**2, 3, padding="same", kernel_initializer=ICNR(factor))(x)
        x = activate(PixelShuffle(factor)(x))
    x = layers.Conv2D(channels, 9, padding="same")(x)
    # float32 also under mixed precision: bfloat16 has 8 bits, images have 256 levels.
    upscaled = layers.Activation("linear", dtype="float32", name="upscaled")(x)
    return keras.Model(images, upscaled, name="srresnet")


def srgan_discriminator(image_shape, width=64):
    """Build the discriminator of SRGAN.

    Args:
        image_shape: Tuple `(height, width, channels)` of the large patches; sides divisible by 16.
        width: Integer, channels of the first layer; 8 times as many in the last, and 16 times as
            many units in the dense one.

    Returns:
        `keras.Model` from images in [-1, 1] to raw float32 scores `(n, 1)`.

    Raises:
        ValueError: Sides that cannot be halved four times.

    Example:

    ```python
    discriminator = srgan_discriminator((96, 96, 3))
    ```
    """
    image_shape = checked_shape(image_shape, open_sides=True)
    if any(side is None or side % 16 for side in image_shape[:2]):
        raise ValueError(
            "The discriminator of SRGAN halves the sides four times: they must be divisible by "
            f"16; image_shape is {image_shape}. Take patches of 96 or 128 pixels."
        )
    images = keras.Input(image_shape, name="images")
    x = layers.LeakyReLU(0.2)(layers.Conv2D(width, 3, padding="same")(images))
    for times, strides in ((1, 2), (2, 1), (2, 2), (4, 1), (4, 2), (8, 1), (8, 2)):
        x = layers.Conv2D(times * width, 3, strides=strides, padding="same")(x)
        x = layers.LeakyReLU(0.2)(batch_norm()(x))
    x = layers.LeakyReLU(0.2)(layers.Dense(16 * width)(layers.Flatten()(x)))
    scores = layers.Dense(1, dtype="float32", name="scores")(x)
    return keras.Model(images, scores, name="srgan_discriminator")


def check_scale(scale):
    check_channels_last()
    if scale not in STAGES:
        raise ValueError(f"The scale is one of {', '.join(map(str, STAGES))}; it was {scale!r}.")


def activate(x):
    return layers.PReLU(shared_axes=(1, 2))(x)
