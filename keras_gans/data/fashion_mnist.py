"""Fashion-MNIST's 10,000 test images, embedded: real data without a download."""

import gzip
from pathlib import Path

import numpy as np

from keras_gans.data.resizing import check_image_shape, fit_arrays
from keras_gans.typing import Shape

FOLDER = Path(__file__).parent / "fashion_mnist"
FASHION_MNIST_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)


def fashion_mnist(image_shape: Shape = (28, 28, 1)) -> tuple[np.ndarray, np.ndarray]:
    """Loads the embedded Fashion-MNIST test images.

    At 32x32 the images get a black border of 2 pixels instead of being resized: every original
    pixel survives, on the black that surrounds the garments anyway. Other sizes are resized with
    antialiasing.

    Args:
        image_shape: `(height, width, channels)` with 1 or 3 channels.

    Returns:
        `(images, labels)`: uint8 [10000, height, width, channels] in [0, 255] and uint8 [10000],
        indices into `FASHION_MNIST_CLASSES`. For -1, no label, convert them: `.astype("int32")`.

    Raises:
        ValueError: Another count of channels.

    Example:

    ```python
    from keras_gans.data import fashion_mnist

    images, labels = fashion_mnist((32, 32, 1))
    ```

    Source: Xiao, Rasul and Vollgraf, "Fashion-MNIST: a Novel Image Dataset for Benchmarking
    Machine Learning Algorithms", arXiv:1708.07747. Copyright (c) 2017 Zalando SE, MIT licence.
    """
    height, width, channels = check_image_shape(image_shape)
    if channels == 4:
        raise ValueError(
            f"Expected `image_shape` to have 1 or 3 channels, but it is {image_shape}: the images "
            f"of Fashion-MNIST are grey and opaque. Pass ({height}, {width}, 1)."
        )
    # IDX: a header of big-endian sizes (16 bytes for images, 8 for labels), then the bytes.
    images = _read("t10k-images-idx3-ubyte.gz")[16:].reshape(-1, 28, 28, 1)
    labels = _read("t10k-labels-idx1-ubyte.gz")[8:].copy()
    if (height, width) == (32, 32):
        images = np.pad(images, ((0, 0), (2, 2), (2, 2), (0, 0)))
    elif (height, width) != (28, 28):
        images = fit_arrays(images, len(images), (height, width, 1))
    # A copy that may be written to, whichever way it came.
    return np.repeat(images, channels, axis=-1), labels


def _read(name):
    with gzip.open(FOLDER / name) as file:
        return np.frombuffer(file.read(), "uint8")
