"""The networks of pix2pix: a U-Net that translates, a PatchGAN that judges.

Isola et al. 2017, arXiv:1611.07004, section 6.1, with the layer table of the authors' PyTorch
code (biases only where no batch normalization follows). At 256x256, 3 to 3 channels and width 64
the generator has 54,413,955 trainable parameters; the 70x70 PatchGAN has 2,768,705 on six channels.
"""

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.networks.blocks import convolution, normal, normalize

# Convolutions with stride 2 of the PatchGAN of each receptive field; a PixelGAN has none.
PATCHES = {1: 0, 16: 1, 34: 2, 70: 3, 142: 4, 286: 5}


def unet_generator(
    image_shape, output_channels=None, width=64, depth=None, dropout=0.5, normalization="batch"
):
    """Build the U-Net generator of pix2pix.

    Args:
        image_shape: Tuple `(height, width, channels)`. Both sides must be divisible by
            `2**depth`; `None` for a side leaves it open until the network is called.
        output_channels: Integer, channels of the translation; by default those of `image_shape`.
        width: Integer, channels at half the side; they double up to 8 times as many.
        depth: Integer >= 3, how often the sides are halved. By default as often as they can be,
            8 times at most: down to 1x1 for 256x256 and below.
        dropout: Float in [0, 1), of the three deepest layers of the decoder, as far as their maps
            have an eighth of the sides or less: the noise of pix2pix.
        normalization: "batch", or "instance" (without learned scale).

    Returns:
        `keras.Model` from images in [-1, 1] to float32 images in [-1, 1].

    Raises:
        ValueError: Sides that cannot be halved so often, or an unknown normalization.

    Example:

    ```python
    generator = unet_generator((256, 256, 3))
    generator.count_params()
    ```
    """
    image_shape = checked_shape(image_shape, open_sides=True)
    depth = halvings(image_shape) if depth is None else depth
    check_sides(image_shape, depth)
    arguments = convolution(normalization, 4, strides=2, padding="same")
    images = keras.Input(image_shape, name="images")
    channels = [width * min(2**i, 8) for i in range(depth)]

    x = layers.Conv2D(width, **arguments)(images)
    skips = [x]
    for i in range(1, depth):
        x = layers.Conv2D(channels[i], **arguments)(layers.LeakyReLU(0.2)(x))
        if i < depth - 1:  # One value per map would be normalized to zero.
            x = normalize(normalization)(x)
        skips.append(x)

    skips.pop()
    for i in reversed(range(depth - 1)):
        x = layers.Conv2DTranspose(channels[i], **arguments)(layers.ReLU()(x))
        x = normalize(normalization)(x)
        if dropout and i >= max(depth - 4, 2):
            x = layers.Dropout(dropout, seed=i)(x)
        x = layers.Concatenate()([skips.pop(), x])
    x = layers.Conv2DTranspose(
        output_channels or image_shape[2],
        4,
        strides=2,
        padding="same",
        kernel_initializer=normal(),
    )(layers.ReLU()(x))
    # float32 also under mixed precision: bfloat16 has 8 bits, images have 256 levels.
    translated = layers.Activation("tanh", dtype="float32", name="translated")(x)
    return keras.Model(images, translated, name="unet_generator")


def patchgan_discriminator(image_shape, receptive_field=70, width=64, normalization="batch"):
    """Build a PatchGAN: a discriminator of which each score sees one patch of the image.

    Args:
        image_shape: Tuple `(height, width, channels)`; for pairs the channels of both images.
            `None` for a side leaves it open until the network is called.
        receptive_field: Side of the patch in pixels: 1 (PixelGAN), 16, 34, 70, 142 or 286.
        width: Integer, channels of the first layer; they double up to 8 times as many.
        normalization: "batch", or "instance" (without learned scale), of all layers but the
            first and the last.

    Returns:
        `keras.Model` from images in [-1, 1] to raw float32 scores `(n, rows, columns, 1)`.

    Raises:
        ValueError: Another receptive field, images smaller than the network needs, or an unknown
            normalization.

    Example:

    ```python
    discriminator = patchgan_discriminator((256, 256, 6))
    discriminator.output_shape  # (None, 30, 30, 1)
    ```
    """
    if receptive_field not in PATCHES:
        raise ValueError(
            f"A PatchGAN has a receptive field of {', '.join(map(str, PATCHES))} pixels; it was "
            f"{receptive_field!r}."
        )
    image_shape = checked_shape(image_shape, open_sides=True)
    halvings = PATCHES[receptive_field]
    # Each of the two last convolutions takes a row and a column.
    least = 3 * 2**halvings if halvings else 1
    if any(side is not None and side < least for side in image_shape[:2]):
        raise ValueError(
            f"A PatchGAN of receptive field {receptive_field} needs images of at least {least} x "
            f"{least} pixels; image_shape is {tuple(image_shape)}. Choose a smaller one."
        )
    kernel, strides, pad = (4, 2, layers.ZeroPadding2D) if halvings else (1, 1, None)

    def conv(x, channels, strides, **arguments):
        x = x if pad is None else pad()(x)
        arguments = {**convolution(normalization, kernel, strides), **arguments}
        return layers.Conv2D(channels, **arguments)(x)

    images = keras.Input(image_shape, name="images")
    x = layers.LeakyReLU(0.2)(conv(images, width, strides, use_bias=True))
    for i in range(1, halvings):
        x = normalize(normalization)(conv(x, width * min(2**i, 8), strides))
        x = layers.LeakyReLU(0.2)(x)
    x = normalize(normalization)(conv(x, width * min(2 ** max(halvings, 1), 8), 1))
    x = layers.LeakyReLU(0.2)(x)
    # As in the authors' code, the last layer of the PixelGAN has no bias beside batch norm.
    last = {"use_bias": True} if halvings else {}
    scores = layers.Activation("linear", dtype="float32", name="scores")(conv(x, 1, 1, **last))
    return keras.Model(images, scores, name="patchgan_discriminator")


def halvings(image_shape):
    """How often both sides can be halved, up to 8 times; 8 where they are left open."""
    sides = [side for side in image_shape[:2] if side is not None]
    return min([8, *((side & -side).bit_length() - 1 for side in sides)])


def check_sides(image_shape, depth):
    if depth < 3:
        raise ValueError(
            "A U-Net halves both sides at least 3 times: they must be divisible by 8, better by "
            f"a higher power of two; image_shape is {tuple(image_shape)}, depth {depth}. Resize "
            "or crop the images, for instance to 64 or 256."
        )
    if any(side is not None and side % 2**depth for side in image_shape[:2]):
        raise ValueError(
            f"A U-Net of depth {depth} takes sides that are divisible by {2**depth}; image_shape "
            f"is {tuple(image_shape)}. Resize or crop the images, or choose a smaller depth."
        )
