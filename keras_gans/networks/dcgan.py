"""The networks of DCGAN.

Radford et al. 2016, arXiv:1511.06434, with the layer table of the widely used PyTorch example:
4x4 kernels (divisible by the stride of 2, so no checkerboard comes from uneven overlap), no
biases. At 64x64x3 and width 64 the generator has 3,576,704 trainable parameters and the
discriminator 2,765,568. The generator's first layer is a projection without bias, followed by
batch norm per channel: the same function and the same count as a transposed convolution of a
1x1 map, and faster.
"""

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.networks.blocks import batch_norm, normal


def dcgan_generator(image_shape, latent_dim=100, width=64):
    """Build the generator of DCGAN.

    Args:
        image_shape: Tuple `(side, side, channels)`: a power of two >= 16, or 28; 1, 3 or 4
            channels.
        latent_dim: Integer.
        width: Integer, channels of the layer before the last; each earlier one has twice more.

    Returns:
        `keras.Model` from latents `(n, latent_dim)` to float32 images in [-1, 1].

    Raises:
        ValueError: A side or channel count that it cannot build.

    Example:

    ```python
    generator = dcgan_generator((64, 64, 3))
    generator.count_params()
    ```
    """
    latents = keras.Input((latent_dim,), name="latents")
    return keras.Model(latents, images_from(latents, image_shape, width), name="dcgan_generator")


def dcgan_discriminator(image_shape, width=64):
    """Build the discriminator of DCGAN.

    Args:
        image_shape: Tuple `(side, side, channels)`, as for `dcgan_generator`.
        width: Integer, channels of the first layer; each later one has twice more.

    Returns:
        `keras.Model` from images in [-1, 1] to raw float32 scores `(n, 1)`.

    Raises:
        ValueError: A side or channel count that it cannot build.
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    scores = scores_of(maps_of(images, width))
    return keras.Model(images, raw(scores), name="dcgan_discriminator")


def images_from(vectors, image_shape, width, normalized=None):
    """The generator's layers, from vectors `(n, d)` to images.

    Args:
        vectors: Symbolic tensor.
        image_shape: Tuple, as for `dcgan_generator`.
        width: Integer, likewise.
        normalized: Function from maps to normalized maps; by default batch normalization.
    """
    return painted(grown(vectors, image_shape, width, normalized), image_shape[2])


def grown(vectors, image_shape, width, normalized=None):
    """The generator's layers but the last: the finest maps, of half the image's side."""
    normalized = normalized or (lambda maps: batch_norm()(maps))
    base, doublings = grid(image_shape)
    channels = width * 2 ** (doublings - 1)
    x = layers.Dense(base * base * channels, use_bias=False, kernel_initializer=normal())(vectors)
    x = layers.Reshape((base, base, channels))(x)
    x = layers.ReLU()(normalized(x))
    for _ in range(doublings - 1):
        channels //= 2
        x = layers.Conv2DTranspose(channels, 4, **convolution())(x)
        x = layers.ReLU()(normalized(x))
    return x


def painted(maps, channels):
    """The generator's last layer: images of twice the side of the maps."""
    x = layers.Conv2DTranspose(channels, 4, **convolution())(maps)
    # float32 also under mixed precision: bfloat16 has 8 bits, images have 256 levels.
    return layers.Activation("tanh", dtype="float32", name="images")(x)


def maps_of(images, width, *planes):
    """The discriminator's layers but the last: the coarsest maps.

    Args:
        images: Symbolic tensor.
        width: Integer, as for `dcgan_discriminator`.
        *planes: Symbolic tensors: further channels to be seen beside those of the images.
    """
    _, doublings = grid(images.shape[1:])
    x = layers.Concatenate()([images, *planes]) if planes else images
    return shrunk(x, width, doublings)


def shrunk(maps, width, doublings):
    """The discriminator's layers but the last, of maps whose side they halve `doublings` times."""
    x = layers.LeakyReLU(0.2)(layers.Conv2D(width, 4, **convolution())(maps))
    for i in range(1, doublings):
        x = layers.Conv2D(width * 2**i, 4, **convolution())(x)
        x = layers.LeakyReLU(0.2)(batch_norm()(x))
    return x


def scores_of(maps, number=1):
    """The discriminator's last layer: `number` scores of whole maps."""
    x = layers.Conv2D(number, maps.shape[1], use_bias=False, kernel_initializer=normal())(maps)
    return layers.Flatten()(x)


def raw(scores):
    """Scores as the discriminator gives them: float32, also under mixed precision."""
    return layers.Activation("linear", dtype="float32", name="scores")(scores)


def grid(image_shape):
    """Side of the coarsest map (4, or 7 for 28), and how often it doubles up to `image_shape`."""
    height, width, channels = image_shape = checked_shape(image_shape)
    base = 7 if height == 28 else 4
    doublings = (height // base).bit_length() - 1
    if height != width or doublings < 2 or base * 2**doublings != height:
        raise ValueError(
            "DCGAN makes square images whose side is a power of two from 16 up, or 28; "
            f"image_shape is {tuple(image_shape)}. Resize the images, for instance to 32 or 64."
        )
    if channels not in (1, 3, 4):
        raise ValueError(
            f"DCGAN makes images of 1, 3 or 4 channels; image_shape is {tuple(image_shape)}."
        )
    return base, doublings


def convolution():
    return {
        "strides": 2,
        "padding": "same",
        "use_bias": False,
        "kernel_initializer": normal(),
    }
