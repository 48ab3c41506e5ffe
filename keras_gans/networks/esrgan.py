"""The generator of ESRGAN: residual-in-residual dense blocks without normalization.

Wang et al. 2018, arXiv:1809.00219, section 3.1, with the layer table of the authors' code. At
scale 4 with 23 blocks of width 64 it has 16,697,987 trainable parameters. ESRGAN's discriminator is
`srgan_discriminator`.
"""

import keras
from keras import layers

from keras_gans.layers import PixelShuffle
from keras_gans.networks.srgan import STAGES, check_scale


def rrdb_generator(scale=4, blocks=23, width=64, growth=32, channels=3):
    """Build the generator of ESRGAN, which runs on images of any size.

    Args:
        scale: Integer, 2, 3, 4 or 8: how many times as large the sides become.
        blocks: Integer, residual-in-residual blocks, each of three dense blocks.
        width: Integer, channels between the blocks.
        growth: Integer, channels that each convolution of a dense block adds.
        channels: Integer, channels of the images.

    Returns:
        `keras.Model` from images in [-1, 1] to float32 images `scale` times as large. The last
        layer is linear: its values lie about [-1, 1].

    Raises:
        ValueError: Another scale.

    Example:

    ```python
    generator = rrdb_generator(blocks=6, width=32, growth=16)
    ```
    """
    check_scale(scale)
    images = keras.Input((None, None, channels), name="images")
    first = x = layers.Conv2D(width, 3, padding="same")(images)
    for _ in range(blocks):
        y = x
        for _ in range(3):
            y = dense_block(y, width, growth)
        x = layers.Add()([x, layers.Rescaling(0.2)(y)])
    x = layers.Add()([first, layers.Conv2D(width, 3, padding="same")(x)])
    for factor in STAGES[scale]:
        # Nearest neighbours, every pixel of a square alike: LiteRT cannot read what UpSampling2D
        # does with open sides.
        x = PixelShuffle(factor)(layers.Concatenate()([x] * factor**2))
        x = layers.LeakyReLU(0.2)(layers.Conv2D(width, 3, padding="same")(x))
    x = layers.LeakyReLU(0.2)(layers.Conv2D(width, 3, padding="same")(x))
    x = layers.Conv2D(channels, 3, padding="same")(x)
    # float32 also under mixed precision: bfloat16 has 8 bits, images have 256 levels.
    upscaled = layers.Activation("linear", dtype="float32", name="upscaled")(x)
    return keras.Model(images, upscaled, name="rrdb_generator")


def dense_block(x, width, growth):
    """Five convolutions, each of all maps so far; a fifth of the last is added to `x`."""
    # A tenth of He's standard deviation: deep without normalization, it has to begin small.
    small = keras.initializers.VarianceScaling(
        2 * 0.1**2, "fan_in", "untruncated_normal", seed=None
    )
    maps = [x]
    for _ in range(4):
        seen = layers.Concatenate()(maps) if len(maps) > 1 else x
        y = layers.Conv2D(growth, 3, padding="same", kernel_initializer=small.clone())(seen)
        maps.append(layers.LeakyReLU(0.2)(y))
    y = layers.Conv2D(width, 3, padding="same", kernel_initializer=small.clone())(
        layers.Concatenate()(maps)
    )
    return layers.Add()([x, layers.Rescaling(0.2)(y)])
