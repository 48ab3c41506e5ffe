"""Feature extractors: what a metric looks at images through."""

import hashlib
import os
import pathlib

import keras
from keras import ops

from keras_gans.data.paths import local_path
from keras_gans.networks.inception import INCEPTION_KERAS, inception_keras
from keras_gans.typing import FilePath

FASHION_MNIST = "fashion_mnist"
CIFAR10 = "cifar10"


def fashion_mnist_extractor() -> keras.Model:
    """The extractor for grey images that ships: 64 features of 28 x 28 pixels.

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
    return _features_of(fashion_mnist_classifier(), FASHION_MNIST)


def fashion_mnist_classifier() -> keras.Model:
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
    return _shipped(FASHION_MNIST)


def cifar10_extractor() -> keras.Model:
    """The extractor for images in colour that ships: 64 features of 32 x 32 pixels.

    They are the ReLU layer before the logits of a small CIFAR-10 classifier, which
    `benchmarks/train_cifar10_classifier.py` trained; its header has the accuracy. They rank small
    photographs of things without any download; `benchmarks/scores.md` has which faults they see,
    also in other images. Larger images are reduced to 32 x 32 pixels: of finer detail they see
    nothing.

    Returns:
        A frozen keras.Model named "cifar10": float32 [n, 32, 32, 3] in [-1, 1] -> float32
        [n, 64], not negative.

    Example:
        >>> cifar10_extractor()(np.zeros((3, 32, 32, 3), "float32")).shape
        (3, 64)
    """
    return _features_of(cifar10_classifier(), CIFAR10)


def cifar10_classifier() -> keras.Model:
    """The shipped classifier of small photographs, whose features `cifar10_extractor` gives.

    It was trained on the 50,000 training images of CIFAR-10, recompressed as JPEG, and is right
    about 84.8 % of the 10,000 test images.

    Returns:
        A keras.Model: float32 [n, 32, 32, 3] in [-1, 1] -> logits of the ten classes in the order
        of their names (airplane, automobile, bird, cat, deer, dog, frog, horse, ship, truck),
        float32 [n, 10].

    Example:
        >>> cifar10_classifier()(np.zeros((3, 32, 32, 3), "float32")).shape
        (3, 10)
    """
    return _shipped(CIFAR10)


NAMED = {
    FASHION_MNIST: fashion_mnist_extractor,
    CIFAR10: cifar10_extractor,
    INCEPTION_KERAS: inception_keras,
}
_NAMES = ", ".join(f'"{name}"' for name in NAMED)


def _shipped(name):
    path = pathlib.Path(__file__).with_name(f"{name}_classifier.keras")
    return keras.models.load_model(path, compile=False)


def _features_of(classifier, name):
    features = classifier.get_layer("features").output
    extractor = keras.Model(classifier.input, features, name=name)
    extractor.trainable = False
    return extractor


def get_extractor(extractor: FilePath | keras.Model) -> keras.Model:
    """The extractor that a name, a path or a model stands for, checked.

    Args:
        extractor: "fashion_mnist" or "cifar10" (shipped); "inception_keras", whose weights Keras
            downloads; the path of a .keras file (str or os.PathLike), such as `convert_inception`
            writes; or a keras.Model with one input [n, height, width, channels] (None for any
            size), images in [-1, 1], and one output, features [n, d].

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
    if isinstance(extractor, str) and extractor in NAMED:
        return NAMED[extractor]()
    if isinstance(extractor, (str, os.PathLike)):
        extractor = _load(local_path(extractor, "An extractor"))
    if not isinstance(extractor, keras.Model):
        raise TypeError(
            f"An extractor is {_NAMES}, the path of a .keras file or a keras.Model, "
            f"not {extractor!r}."
        )
    _check(extractor)
    return extractor


def _load(path):
    if not path.is_file():
        raise FileNotFoundError(
            f'There is no extractor at "{path}": expected {_NAMES} or the path of a '
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


def weights_hash(extractor):
    """The first 12 hex digits of the SHA-256 of a model's weights: a string."""
    digest = hashlib.sha256()
    for weight in extractor.weights:
        digest.update(ops.convert_to_numpy(weight).tobytes())
    return digest.hexdigest()[:12]
