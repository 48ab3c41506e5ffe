"""Inception-v3, by Szegedy et al. 2016: the graph of 2015, and the network of Keras.

Papers' scores are computed with the graph that was published in December 2015 as
`classify_image_graph_def.pb`. The network of `keras.applications` was trained anew, and its
scores do not compare with theirs.
"""

import keras
from keras import layers

from keras_gans.engine.image_shapes import check_channels_last
from keras_gans.networks.imagenet import application

SIDE = 299
FLOAT = {"dtype": "float32"}  # Under a mixed policy, too: features are not to be rounded.
CLASSES = 1008  # 1,000 of ImageNet, and what the graph keeps beside.
INCEPTION_KERAS = "inception_keras"
FILE = "inception_v3_weights_tf_dim_ordering_tf_kernels_notop.h5"


def inception_2015():
    """Build the graph of 2015, all weights zero: `convert_inception` brings the published ones.

    It is as that graph is, not as the paper is: pixels are (x - 128) / 128, average pools count
    no padding, and the last block has a maximum where the one before it has an average. Batch
    normalization, which has no gamma there and an epsilon of 0.001, is folded into the
    convolutions. Logits have no bias, as the Inception score takes them. Layers are named after
    the graph's scopes, with "_" for "/".

    Returns:
        A `keras.Model` from images `(n, 299, 299, 3)` in [-1, 1] to a dict of "features"
        `(n, 2048)`, not negative, and "logits" `(n, 1008)`.

    Example:

    ```python
    inception_2015().count_params()  # 23832736
    ```

    References:
        Szegedy et al. 2016, arXiv:1512.00567, table 1; Salimans et al. 2016, arXiv:1606.03498,
        section 4.
    """
    check_channels_last()
    images = keras.Input((SIDE, SIDE, 3), name="images")
    x = layers.Rescaling(127.5 / 128, -0.5 / 128, name="pixels", **FLOAT)(images)
    x = convolution(x, "conv", 32, 3, strides=2, padding="valid")
    x = convolution(x, "conv_1", 32, 3, padding="valid")
    x = convolution(x, "conv_2", 64, 3)
    x = layers.MaxPooling2D(3, 2, name="pool", **FLOAT)(x)
    x = convolution(x, "conv_3", 80, 1)
    x = convolution(x, "conv_4", 192, 3, padding="valid")
    x = layers.MaxPooling2D(3, 2, name="pool_1", **FLOAT)(x)
    for scope, after_pool in (("mixed", 32), ("mixed_1", 64), ("mixed_2", 64)):
        x = block_of_35(x, scope, after_pool)
    x = reduction_to_17(x, "mixed_3")
    for scope, width in (("mixed_4", 128), ("mixed_5", 160), ("mixed_6", 160), ("mixed_7", 192)):
        x = block_of_17(x, scope, width)
    x = reduction_to_8(x, "mixed_8")
    x = block_of_8(x, "mixed_9", layers.AveragePooling2D)
    x = block_of_8(x, "mixed_10", layers.MaxPooling2D)
    features = layers.GlobalAveragePooling2D(name="features", **FLOAT)(x)
    logits = layers.Dense(
        CLASSES, use_bias=False, kernel_initializer="zeros", name="logits", **FLOAT
    )(features)
    return keras.Model(images, {"features": features, "logits": logits}, name="inception_2015")


def inception_keras(weights="imagenet"):
    """Build the extractor of `keras.applications`, whose scores are no papers' scores.

    Args:
        weights: "imagenet", which Keras downloads unless it has them, the path of the file of
            weights without the top, or `None` for random ones.

    Returns:
        A frozen `keras.Model` named "inception_keras" from images `(n, 299, 299, 3)` in [-1, 1] to
        features `(n, 2048)`.

    Raises:
        FileNotFoundError: Nothing lies at the path.
        OSError: The weights are not there and cannot be downloaded.
        ValueError: The path is remote.

    Example:

    ```python
    distance = FrechetDistance(inception_keras())
    distance.name  # "frechet_inception_keras"
    ```
    """
    check_channels_last()
    network = application(
        keras.applications.InceptionV3,
        "Inception-v3",
        weights,
        FILE,
        input_shape=(SIDE, SIDE, 3),
        pooling="avg",
        name=INCEPTION_KERAS,
    )
    network.trainable = False
    return network


def convolution(x, scope, filters, kernel, strides=1, padding="same"):
    return layers.Conv2D(
        filters,
        kernel,
        strides,
        padding,
        activation="relu",
        kernel_initializer="zeros",  # To draw numbers that are replaced takes JAX a minute.
        name=scope.replace("/", "_"),
        **FLOAT,
    )(x)


def tower(x, scope, *steps):
    """Convolutions in a row, each (filters, kernel) with strides and padding where they differ."""
    for i, step in enumerate(steps):
        x = convolution(x, f"{scope}/conv_{i}" if i else f"{scope}/conv", *step)
    return x


def pooled(x, scope, pooling=layers.AveragePooling2D):
    return pooling(3, 1, "same", name=f"{scope}_tower_2_pool", **FLOAT)(x)


def join(scope, *branches):
    return layers.Concatenate(name=f"{scope}_join".replace("/", "_"), **FLOAT)(branches)


def block_of_35(x, scope, after_pool):
    return join(
        scope,
        tower(x, scope, (64, 1)),
        tower(x, f"{scope}/tower", (48, 1), (64, 5)),
        tower(x, f"{scope}/tower_1", (64, 1), (96, 3), (96, 3)),
        tower(pooled(x, scope), f"{scope}/tower_2", (after_pool, 1)),
    )


def reduction_to_17(x, scope):
    return join(
        scope,
        tower(x, scope, (384, 3, 2, "valid")),
        tower(x, f"{scope}/tower", (64, 1), (96, 3), (96, 3, 2, "valid")),
        layers.MaxPooling2D(3, 2, name=f"{scope}_pool", **FLOAT)(x),
    )


def block_of_17(x, scope, width):
    row, column = (width, (1, 7)), (width, (7, 1))
    return join(
        scope,
        tower(x, scope, (192, 1)),
        tower(x, f"{scope}/tower", (width, 1), row, (192, (7, 1))),
        tower(x, f"{scope}/tower_1", (width, 1), column, row, column, (192, (1, 7))),
        tower(pooled(x, scope), f"{scope}/tower_2", (192, 1)),
    )


def reduction_to_8(x, scope):
    return join(
        scope,
        tower(x, f"{scope}/tower", (192, 1), (320, 3, 2, "valid")),
        tower(
            x,
            f"{scope}/tower_1",
            (192, 1),
            (192, (1, 7)),
            (192, (7, 1)),
            (192, 3, 2, "valid"),
        ),
        layers.MaxPooling2D(3, 2, name=f"{scope}_pool", **FLOAT)(x),
    )


def block_of_8(x, scope, pooling):
    return join(
        scope,
        tower(x, scope, (320, 1)),
        split(tower(x, f"{scope}/tower", (384, 1)), f"{scope}/tower/mixed"),
        split(tower(x, f"{scope}/tower_1", (448, 1), (384, 3)), f"{scope}/tower_1/mixed"),
        tower(pooled(x, scope, pooling), f"{scope}/tower_2", (192, 1)),
    )


def split(x, scope):
    """A row and a column beside each other."""
    row, column = f"{scope}/conv", f"{scope}/conv_1"
    return join(scope, convolution(x, row, 384, (1, 3)), convolution(x, column, 384, (3, 1)))
