"""The distance of images in the features of a network."""

import os
import re
from typing import Any

import keras
import numpy as np
from keras import ops

from keras_gans.data.weight_files import read_weights
from keras_gans.metrics.values import NaNOfNothing, floats_of
from keras_gans.typing import DType


@keras.saving.register_keras_serializable(package="keras_gans")
class FeatureDistance(NaNOfNothing, keras.metrics.Mean):
    """Distance of pairs of images as a network sees them, the mean over images.

    At each place of a feature map both feature vectors are brought to length 1; the distance is the
    mean over places of the squared length of their difference, from 0 to 4, and the mean over
    outputs where the network has several. It is comparable only between scores of the same network.

    With `weights` it has the form of LPIPS: each channel's squared difference is multiplied by a
    learned weight, and outputs are added up,

        d = sum_l 1 / (H_l W_l) sum_hw sum_c v_lc (y_lhwc - y'_lhwc)^2,

    where v are the squares of the equation's w: so the published files hold them. It is LPIPS if
    the network is one of theirs, too, and shifts and scales images as they do.

    Args:
        extractor: `keras.Model` from images in [-1, 1] to feature maps
            `(n, rows, columns, channels)` or a list of them, such as `vgg19_features()`.
        weights: `None`, the path of a file of weights (see `load_channel_weights`), or a list of
            arrays `(channels,)`, one for each output.
        name: Name in the logs.
        dtype: As in `keras.metrics.Metric`.

    Raises:
        FileNotFoundError, ImportError: See `read_weights`.
        ValueError: Weights that do not fit the outputs.

    Example:

    ```python
    distance = keras_gans.metrics.FeatureDistance(keras_gans.networks.vgg19_features())
    distance(originals, enlarged)
    ```

    References:
        Zhang et al. 2018, arXiv:1801.03924, equation 1.
    """

    def __init__(
        self,
        extractor: keras.Model,
        weights: Any = None,
        name: str | None = "feature_distance",
        dtype: DType | None = None,
    ):
        super().__init__(name=name, dtype=dtype)
        self.extractor = extractor
        if isinstance(weights, (str, os.PathLike)):
            weights = load_channel_weights(weights)
        if weights is not None:
            weights = [np.asarray(x, "float32").tolist() for x in weights]
            channels = [x.shape[-1] for x in extractor.outputs]
            if [len(x) for x in weights] != channels:
                raise ValueError(
                    f"There are weights of {[len(x) for x in weights]} channels, and the outputs "
                    f'of "{extractor.name}" have {channels}: one weight is needed for each.'
                )
        self.channel_weights = weights

    def distances(self, real, fake):
        """The distance of each pair: a float32 tensor `(n,)` of two batches of images."""
        maps = [as_list(self.extractor(x, training=False)) for x in floats_of(real, fake)]
        squares = [ops.square(unit(a) - unit(b)) for a, b in zip(*maps, strict=True)]
        if self.channel_weights is not None:
            weights = [ops.convert_to_tensor(x, "float32") for x in self.channel_weights]
            squares = [x * w for x, w in zip(squares, weights, strict=True)]
        distances = sum(ops.mean(ops.sum(x, axis=-1), axis=(1, 2)) for x in squares)
        if self.channel_weights is None:
            distances = distances / len(squares)
        return distances

    def update_state(self, real, fake, sample_weight=None):
        super().update_state(self.distances(real, fake), sample_weight)

    def get_config(self):
        return {
            "extractor": keras.saving.serialize_keras_object(self.extractor),
            "weights": self.channel_weights,
            "name": self.name,
            "dtype": self.dtype,
        }

    @classmethod
    def from_config(cls, config):
        extractor = keras.saving.deserialize_keras_object(config["extractor"])
        return cls(**{**config, "extractor": extractor})


def load_channel_weights(path):
    """The learned weights of LPIPS.

    Args:
        path: A file as `read_weights` takes it, such as the `vgg.pth` of the authors, with arrays
            named "lin0", "lin1", ... or "lin0.model.1.weight", ..., one for each feature map.

    Returns:
        List of float arrays `(channels,)`, in that order.

    Raises:
        FileNotFoundError, ImportError: See `read_weights`.
        ValueError: There are no such arrays.

    Example:

    ```python
    [len(x) for x in load_channel_weights("vgg.pth")]  # [64, 128, 256, 512, 512]
    ```
    """
    found = {}
    for name, array in read_weights(path).items():
        if matched := re.fullmatch(r"lin(\d+)(\.model\.1\.weight)?", name):
            found[int(matched[1])] = array.ravel()
    if not found or sorted(found) != list(range(len(found))):
        raise ValueError(
            f'{path} holds no weights of channels: arrays named "lin0", "lin1", ... or '
            '"lin0.model.1.weight", ..., one for each feature map.'
        )
    return [found[i] for i in sorted(found)]


def unit(features):
    """Feature vectors of length 1; those of zero stay."""
    features = ops.cast(features, "float32")
    length = ops.sqrt(ops.sum(ops.square(features), axis=-1, keepdims=True))
    return features / (length + 1e-10)


def as_list(maps):
    return list(maps) if isinstance(maps, (list, tuple)) else [maps]
