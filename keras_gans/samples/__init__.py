"""Kinds of samples: for each one how floats become what a user gets, and how that is shown."""

from keras_gans.samples.images import Images
from keras_gans.samples.points import Points
from keras_gans.samples.symbols import Symbols
from keras_gans.samples.videos import Videos
from keras_gans.samples.volumes import Volumes

__all__ = ["Images", "Points", "Symbols", "Videos", "Volumes", "of_shape"]


def of_shape(shape):
    """The kind of samples that nobody has named: images where they have three axes, else points.

    Args:
        shape: Tuple, the shape of one sample as the generator makes it.

    Returns:
        `Images` or `Points`. A video and a volume cannot be told apart by their shapes: name them.

    Example:

    ```python
    of_shape((28, 28, 1))  # Images(range=(-1, 1))
    ```
    """
    return Images() if len(shape) == 3 else Points()
