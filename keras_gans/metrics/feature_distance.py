"""The distance of images in the features of a network."""

import keras
from keras import ops

from keras_gans.metrics.values import NaNOfNothing, floats_of


@keras.saving.register_keras_serializable(package="keras_gans")
class FeatureDistance(NaNOfNothing, keras.metrics.Mean):
    """Distance of pairs of images as a network sees them, the mean over images.

    At each place of a feature map both feature vectors are brought to length 1; the distance is the
    mean over places of the squared length of their difference, from 0 to 4, and the mean over
    outputs where the network has several. It is LPIPS without learned weights, and comparable only
    between scores of the same network.

    Args:
        extractor: `keras.Model` from images in [-1, 1] to feature maps
            `(n, rows, columns, channels)` or a list of them, such as `vgg19_features()`.
        name: Name in the logs.
        dtype: As in `keras.metrics.Metric`.

    Example:

    ```python
    distance = keras_gans.metrics.FeatureDistance(keras_gans.networks.vgg19_features())
    distance(originals, enlarged)
    ```

    References:
        Zhang et al. 2018, arXiv:1801.03924, equation 1 with all weights one.
    """

    def __init__(self, extractor, name="feature_distance", dtype=None):
        super().__init__(name=name, dtype=dtype)
        self.extractor = extractor

    def update_state(self, real, fake, sample_weight=None):
        maps = [self.extractor(images, training=False) for images in floats_of(real, fake)]
        maps = [x if isinstance(x, (list, tuple)) else [x] for x in maps]
        distances = [
            ops.mean(ops.sum(ops.square(unit(a) - unit(b)), axis=-1), axis=(1, 2))
            for a, b in zip(*maps, strict=True)
        ]
        super().update_state(sum(distances) / len(distances), sample_weight)

    def get_config(self):
        extractor = keras.saving.serialize_keras_object(self.extractor)
        return {"extractor": extractor, "name": self.name, "dtype": self.dtype}

    @classmethod
    def from_config(cls, config):
        extractor = keras.saving.deserialize_keras_object(config["extractor"])
        return cls(**{**config, "extractor": extractor})


def unit(features):
    """Feature vectors of length 1; those of zero stay."""
    features = ops.cast(features, "float32")
    length = ops.sqrt(ops.sum(ops.square(features), axis=-1, keepdims=True))
    return features / (length + 1e-10)
