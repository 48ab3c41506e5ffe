"""The generator of CycleGAN.

Zhu et al. 2017, arXiv:1703.10593, section 7.2, after Johnson et al. 2016, arXiv:1603.08155, with
the layer table of the authors' PyTorch code: reflection padding, instance normalization without
learned scale, biases. With 9 blocks, 3 channels and width 64 it has 11,378,179 trainable
parameters. CycleGAN's discriminators are `patchgan_discriminator(..., normalization="instance")`.
"""

import keras
from keras import layers

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.layers import InstanceNormalization, ReflectionPadding2D
from keras_gans.networks.blocks import convolution, normal


def resnet_generator(image_shape, output_channels=None, width=64, blocks=9):
    """Build the residual generator of CycleGAN.

    Args:
        image_shape: Tuple `(height, width, channels)`; sides divisible by 4, at least 8. `None`
            for a side leaves it open until the network is called.
        output_channels: Integer, channels of the translation; by default those of `image_shape`.
        width: Integer, channels at full resolution; 4 times as many at a quarter of it.
        blocks: Integer, residual blocks: the paper has 9 for 256x256 and more, 6 for 128x128.

    Returns:
        `keras.Model` from images in [-1, 1] to float32 images in [-1, 1].

    Raises:
        ValueError: Sides that it cannot halve twice.

    Example:

    ```python
    generator = resnet_generator((None, None, 3))  # any size whose sides are divisible by 4
    generator.count_params()
    ```
    """
    image_shape = checked_shape(image_shape, open_sides=True)
    if any(side is not None and (side % 4 or side < 8) for side in image_shape[:2]):
        raise ValueError(
            "The residual generator halves the sides twice: they must be divisible by 4 and at "
            f"least 8; image_shape is {tuple(image_shape)}. Resize or crop the images."
        )
    images = keras.Input(image_shape, name="images")
    x = layers.Conv2D(width, **arguments(7))(ReflectionPadding2D(3)(images))
    x = activate(x)
    for channels in (2 * width, 4 * width):
        x = layers.Conv2D(channels, **arguments(3, strides=2))(layers.ZeroPadding2D()(x))
        x = activate(x)
    for _ in range(blocks):
        y = layers.Conv2D(4 * width, **arguments(3))(ReflectionPadding2D()(x))
        y = layers.Conv2D(4 * width, **arguments(3))(ReflectionPadding2D()(activate(y)))
        x = layers.Add()([x, InstanceNormalization()(y)])
    for channels in (2 * width, width):
        # The transposed form of the convolution above: the same pixels lie above each other.
        x = layers.Conv2DTranspose(channels, **arguments(3, strides=2))(x)
        x = activate(layers.Cropping2D(((1, 0), (1, 0)))(x))
    x = ReflectionPadding2D(3)(x)
    x = layers.Conv2D(output_channels or image_shape[2], 7, kernel_initializer=normal())(x)
    # float32 also under mixed precision: bfloat16 has 8 bits, images have 256 levels.
    translated = layers.Activation("tanh", dtype="float32", name="translated")(x)
    return keras.Model(images, translated, name="resnet_generator")


def arguments(kernel_size, strides=1):
    return convolution("instance", kernel_size, strides)


def activate(x):
    return layers.ReLU()(InstanceNormalization()(x))
