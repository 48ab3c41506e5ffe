"""Feature extractors: what a metric looks at images through."""

import os
import pathlib

import keras

from keras_gans.data.paths import local_path
from keras_gans.networks.inception import INCEPTION_KERAS, inception_keras

FASHION_MNIST = "fashion_mnist"
_CLASSIFIER = pathlib.Path(__file__).with_name("fashion_mnist_classifier.keras")


def fashion_mnist_extractor():
    """The shipped extractor: 64 features of 28 x 28 grey images.

    They are the ReLU layer before the logits of a small Fashion-MNIST classifier, which
    `benchmarks/train_fashion_mnist_classifier.py` trained; its header has the accuracy. They rank
    images of that kind (28 x 28 grey drawings of things) without any download. For other images
    take a network that was trained on them.

    Returns:
        A frozen keras.Model named "fashion_mnist": float32 [n, 28, 28, 1] in [-1, 1] ->
        float32 [n, 64], not negative.

    Example:
        >>> extractor = fashion_mnist_extractor()
        >>> extractor(np.zeros((3, 28, 28, 1), "float32")).shape
        (3, 64)
    """
    classifier = fashion_mnist_classifier()
    extractor = keras.Model(
        classifier.input, classifier.get_layer("features").output, name=FASHION_MNIST
    )
    extractor.trainable = False
    return extractor


def fashion_mnist_classifier():
    """The shipped classifier of clothes, whose features those of `fashion_mnist_extractor` are.

    It was trained on the 60,000 training images of Fashion-MNIST and is right about 91.8 % of the
    embedded test images.

    Returns:
        A keras.Model: float32 [n, 28, 28, 1] in [-1, 1] -> logits of the ten classes, float32
        [n, 10].

    Example:
        >>> fashion_mnist_classifier()(np.zeros((3, 28, 28, 1), "float32")).shape
        (3, 10)
    """
    return keras.models.load_model(_CLASSIFIER, compile=False)


def get_extractor(extractor):
    """The extractor that a name, a path or a model stands for, checked.

    Args:
        extractor: "fashion_mnist"; "inception_keras", whose weights Keras downloads; the path of a
            .keras file (str or os.PathLike), such as `convert_inception` writes; or a keras.Model
            with one input [n, height, width, channels] (None for any size), images in [-1, 1], and
            one output, features [n, d].

    Returns:
        The keras.Model. One that was passed is returned as it is.

    Raises:
        FileNotFoundError: Nothing lies at the path.
        OSError: The weights of "inception_keras" are not there and cannot be downloaded.
        TypeError: It is none of these.
        ValueError: The path is remote, the file is no .keras file, or the model does not map
            images to features.

    Example:
        >>> get_extractor("fashion_mnist").output_shape
        (None, 64)
    """
    if isinstance(extractor, str) and extractor == FASHION_MNIST:
        return fashion_mnist_extractor()
    if isinstance(extractor, str) and extractor == INCEPTION_KERAS:
        return inception_keras()
    if isinstance(extractor, (str, os.PathLike)):
        extractor = _load(local_path(extractor, "An extractor"))
    if not isinstance(extractor, keras.Model):
        raise TypeError(
            f'An extractor is "{FASHION_MNIST}", the path of a .keras file or a keras.Model, '
            f"not {extractor!r}."
        )
    _check(extractor)
    return extractor


def _load(path):
    if not path.is_file():
        raise FileNotFoundError(
            f'There is no extractor at "{path}": expected "{FASHION_MNIST}" or the path of a '
            ".keras file that holds a keras.Model from images to features."
        )
    if path.suffix != ".keras":
        raise ValueError(
            f'An extractor is loaded from a .keras file, not from "{path}". `convert_inception` '
            "makes one of Inception's published files."
        )
    return keras.models.load_model(path, compile=False)


def _check(extractor):
    try:
        taken, given = extractor.input_shape, extractor.output_shape
    except AttributeError:
        raise ValueError(
            f'The extractor "{extractor.name}" has no fixed input and output shape: wrap it as '
            "keras.Model(inputs, outputs) with inputs = keras.Input((height, width, channels))."
        ) from None
    if not _is_shape(taken) or len(taken) != 4:
        raise ValueError(
            f'The extractor "{extractor.name}" takes {taken}: it must take one batch of images '
            "[n, height, width, channels]."
        )
    if _is_shape(given) and len(given) == 4:
        raise ValueError(
            f'The extractor "{extractor.name}" gives feature maps {given}: add global pooling '
            "(keras.layers.GlobalAveragePooling2D) to make them features [n, d]."
        )
    if not _is_shape(given) or len(given) != 2 or given[1] is None:
        raise ValueError(
            f'The extractor "{extractor.name}" gives {given}: it must give features [n, d].'
        )


def _is_shape(shape):
    """Whether it is one tensor's shape, not a structure of several."""
    return isinstance(shape, tuple) and all(size is None or isinstance(size, int) for size in shape)
