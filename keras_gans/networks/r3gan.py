"""The networks of R3GAN.

Huang et al. 2024, arXiv:2501.05441, with the layers of the authors' code: in each resolution
residual blocks of a 1x1, a grouped 3x3 and a 1x1 convolution, bilinear resampling between them, and
no normalization. At 32x32x3 the generator has 20,732,160 trainable parameters and the discriminator
20,683,776; with ten labels 20,781,952 and 21,280,512; at 256x256x3 23,057,952 and 23,009,568.
"""

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.layers import Blur, DiscriminativeBasis, GenerativeBasis, GroupedConv2D
from keras_gans.networks.conditional_dcgan import label_input

EXPANSION = 2  # Channels inside of a block, in those of its input.


def r3gan_generator(image_shape, labels=None, latent_dim=64, widths=None, group_width=16, blocks=2):
    """Build the generator of R3GAN.

    Args:
        image_shape: Tuple `(side, side, channels)`; the side is a power of two from 4 on.
        labels: Integer >= 1, the number of classes, or `None` for a network without labels.
        latent_dim: Integer; the code of a label has as many numbers.
        widths: Integers, channels of each resolution from 4x4 pixels on; by default 768 up to
            32x32 and half as many at each further one. For ImageNet the authors have 1536
            everywhere.
        group_width: Integer, channels of a group of the 3x3 convolutions, which divides twice the
            widths; 32 for ImageNet.
        blocks: Integer, residual blocks of each resolution.

    Returns:
        `keras.Model` from `latents` `(n, latent_dim)`, and `labels`, int32 `(n,)`, where it has
        some, to float32 images. The last layer is linear: values lie about [-1, 1].

    Raises:
        ValueError: Sides or widths that it cannot build.

    Example:

    ```python
    generator = r3gan_generator((32, 32, 3))
    generator.count_params()
    ```
    """
    widths = checked_widths(image_shape, widths, group_width)
    inputs = x = keras.Input((latent_dim,), name="latents")
    if labels is not None:
        ids, code = label_input(labels)
        inputs, x = [x, ids], layers.Concatenate()([x, dense(latent_dim)(code)])
    for i, width in enumerate(widths):
        if i == 0:
            x = GenerativeBasis((4, 4))(dense(width)(x))
        else:
            x = Blur()(layers.UpSampling2D(2)(of_width(width, x)))
        x = residual(x, group_width, blocks, depth=blocks * len(widths))
    # float32 also under mixed precision: bfloat16 has 8 bits, images have 256 levels.
    images = convolution(image_shape[2], dtype="float32", name="images")(x)
    return keras.Model(inputs, images, name="r3gan_generator")


def r3gan_discriminator(image_shape, labels=None, widths=None, group_width=16, blocks=2):
    """Build the discriminator of R3GAN: the generator's layers in the other order.

    Args:
        image_shape: Tuple, as for `r3gan_generator`.
        labels: Integer >= 1, the number of classes, or `None`: the score is the product of a vector
            of the image and one of the class.
        widths: As for `r3gan_generator`, from 4x4 pixels on, too.
        group_width: Likewise.
        blocks: Likewise.

    Returns:
        `keras.Model` from `images` in [-1, 1], and `labels` where it has some, to raw float32
        scores `(n, 1)`.

    Raises:
        ValueError: Sides or widths that it cannot build.

    Example:

    ```python
    discriminator = r3gan_discriminator((32, 32, 3))
    ```
    """
    widths = checked_widths(image_shape, widths, group_width)
    inputs = images = keras.Input(image_shape, name="images")
    x = convolution(widths[-1])(images)
    for i in reversed(range(len(widths))):
        x = residual(x, group_width, blocks, depth=blocks * len(widths))
        if i > 0:
            x = of_width(widths[i - 1], layers.AveragePooling2D(2)(Blur()(x)))
    x = DiscriminativeBasis((4, 4))(x)
    if labels is None:
        scores = dense(1)(x)
    else:
        ids, code = label_input(labels)
        inputs = [images, ids]
        vectors = dense(widths[0], gain=1 / widths[0])(code)
        scores = layers.Dot(axes=1)([dense(widths[0])(x), vectors])
    scores = layers.Activation("linear", dtype="float32", name="scores")(scores)
    return keras.Model(inputs, scores, name="r3gan_discriminator")


def residual(x, group_width, blocks, depth):
    """Residual blocks of one resolution.

    Args:
        x: Symbolic tensor, maps.
        group_width: Integer.
        blocks: Integer, how many.
        depth: Integer L, blocks of the whole network. The first two kernels of a block are
            L^(-1/4) as large as what keeps the variance, and the last ones begin as zeros, so
            that the gradient of a deep network does not depend on its depth.
    """
    width = x.shape[-1]
    gain = 2 / (1 + 0.2**2) / depth**0.5  # Of the variance, and that of a leaky ReLU.
    for _ in range(blocks):
        y = convolution(EXPANSION * width, gain, use_bias=True)(x)
        y = GroupedConv2D(
            EXPANSION * width,
            3,
            groups=EXPANSION * width // group_width,
            kernel_initializer=fan_in(gain),
        )(layers.LeakyReLU(0.2)(y))
        y = layers.Conv2D(width, 1, use_bias=False, kernel_initializer="zeros")(
            layers.LeakyReLU(0.2)(y)
        )
        x = layers.Add()([x, y])
    return x


def of_width(width, x):
    return x if x.shape[-1] == width else convolution(width)(x)


def convolution(width, gain=1.0, use_bias=False, **arguments):
    return layers.Conv2D(width, 1, use_bias=use_bias, kernel_initializer=fan_in(gain), **arguments)


def dense(units, gain=1.0):
    return layers.Dense(units, use_bias=False, kernel_initializer=fan_in(gain))


def fan_in(gain):
    """Normal weights whose outputs have the variance of their inputs times a gain."""
    return keras.initializers.VarianceScaling(gain, "fan_in", "untruncated_normal")


def checked_widths(image_shape, widths, group_width):
    """The widths of all resolutions."""
    height, breadth, _ = image_shape = checked_shape(image_shape)
    if height != breadth or height < 4 or height & (height - 1):
        raise ValueError(
            "R3GAN makes square images whose side is a power of two from 4 up; image_shape is "
            f"{image_shape}. Resize the images, for instance to 32 or 64."
        )
    resolutions = height.bit_length() - 2
    if widths is None:
        widths = [768 // 2 ** max(0, i - 3) for i in range(resolutions)]
    if len(widths) != resolutions or any(EXPANSION * width % group_width for width in widths):
        raise ValueError(
            f"{height}x{breadth} pixels have {resolutions} resolutions from 4x4 on, each with a "
            f"width whose double is a multiple of group_width={group_width}; widths are {widths}."
        )
    return widths
