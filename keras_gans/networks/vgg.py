"""The features of VGG19 that content losses compare.

Simonyan and Zisserman 2015, arXiv:1409.1556, with the weights of `keras.applications`.
"""

import keras
import numpy as np
from keras import layers, ops

from keras_gans.engine.image_shapes import check_channels_last
from keras_gans.networks.imagenet import application

# What the weights were trained with: blue, green, red, in [0, 255], without these means.
MEANS = (103.939, 116.779, 123.68)
FILE = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"


def vgg19_features(layer="block5_conv4", activation=True, scale=1 / 12.75, weights="imagenet"):
    """Build the network of VGG19 features.

    Args:
        layer: Name of a convolution of `keras.applications.VGG19`; "block5_conv4" is the
            paper's "VGG 5,4".
        activation: Bool. Whether the features are those after the ReLU (SRGAN) or before it
            (ESRGAN).
        scale: Float that all features are multiplied by. SRGAN has 1 / 12.75, which brings
            their mean squared difference near that of pixels; ESRGAN has 1.
        weights: "imagenet", the path of the file of weights without the top, or `None` for random
            ones.

    Returns:
        A frozen `keras.Model` from images `(n, height, width, 3)` in [-1, 1] to features.

    Raises:
        OSError: The weights are not there and cannot be downloaded.
        ValueError: There is no such layer.

    Example:

    ```python
    features = vgg19_features(weights="vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5")
    ```

    References:
        Ledig et al. 2017, arXiv:1609.04802, equation 5; Wang et al. 2018, arXiv:1809.00219,
        section 3.3.
    """
    check_channels_last()
    vgg = application(keras.applications.VGG19, "VGG19", weights, FILE, input_shape=(None, None, 3))
    convolutions = [x.name for x in vgg.layers if isinstance(x, layers.Conv2D)]
    if layer not in convolutions:
        raise ValueError(f"VGG19 has the convolutions {', '.join(convolutions)}; not {layer!r}.")
    images = keras.Input((None, None, 3), name="images")
    x = CaffePreprocessing(dtype="float32")(images)
    for old in vgg.layers[1:]:
        last = old.name == layer
        config = old.get_config()
        if last and not activation:
            config["activation"] = "linear"
        new = type(old).from_config(config)
        x = new(x)
        new.set_weights(old.get_weights())
        if last:
            break
    network = keras.Model(images, layers.Rescaling(scale)(x), name=f"vgg19_{layer}")
    network.trainable = False
    return network


@keras.saving.register_keras_serializable(package="keras_gans")
class CaffePreprocessing(layers.Layer):
    """Images in [-1, 1] as VGG19 takes them: see `MEANS`."""

    def call(self, inputs):
        pixels = (ops.flip(inputs, axis=-1) + 1.0) * 127.5
        return pixels - ops.convert_to_tensor(np.array(MEANS), pixels.dtype)

    def compute_output_shape(self, input_shape):
        return input_shape
