"""The discriminator of PacGAN: that of DCGAN, of several samples at once.

Lin et al. 2018, arXiv:1712.04086. Only its first layer is larger, by the channels of the
further samples; the generator is any other. At 64x64x3 and width 64 it has 2,765,568 trainable
parameters and 3,072 for each sample of a pack beyond the first.
"""

import keras

from keras_gans.engine.image_shapes import checked_shape
from keras_gans.layers import Pack
from keras_gans.networks.dcgan import grid, raw, scores_of, shrunk


def pacgan_discriminator(image_shape, width=64, pack=2):
    """Build DCGAN's discriminator of packs of samples.

    Args:
        image_shape: Tuple `(side, side, channels)`: a power of two >= 16, or 28; 1, 3 or 4
            channels.
        width: Integer, channels of the first layer; each later one has twice more.
        pack: Integer >= 1, how many images it judges together; see `keras_gans.layers.Pack`.

    Returns:
        `keras.Model` from images in [-1, 1] `(n, ...)` to raw float32 scores
        `(n // pack, 1)`.

    Raises:
        ValueError: A side or channel count that it cannot build, or no samples.

    Example:

    ```python
    discriminator = pacgan_discriminator((32, 32, 1), pack=3)
    ```
    """
    images = keras.Input(checked_shape(image_shape), name="images")
    _, doublings = grid(image_shape)
    scores = scores_of(shrunk(Pack(pack)(images), width, doublings))
    return keras.Model(images, raw(scores), name="pacgan_discriminator")
