"""Features that a metric keeps in its variables."""

import warnings

import numpy as np
from keras import ops

from keras_gans.engine.backend import backend


class KeptFeatures:
    """The features of the first images of one side, in variables of a metric.

    Keras adds up the variables of a metric over replicas. So each replica writes to places of its
    own, all others' are zero there, and a row of ones says which places are taken.

    Args:
        metric: The `keras.metrics.Metric` whose variables they are, with a `capacity`.
        side: What they are called.
        size: Integer, features of an image.
    """

    def __init__(self, metric, side, size):
        self.metric = metric
        self.side = side
        # The last place takes what is beyond the capacity.
        places = metric.capacity + 1
        shapes = {"rows": (places, size), "taken": (places,), "seen": ()}
        self.rows, self.taken, self.seen = (
            metric.add_weight(shape, "zeros", dtype="float32", name=f"{side}_{key}")
            for key, shape in shapes.items()
        )

    def add(self, features):
        """Keep a batch of features [n, d], as far as there is room."""
        features = ops.cast(features, "float32")
        number = ops.shape(features)[0]
        places = ops.cast(self.seen, "int32") + ops.arange(number, dtype="int32")
        places = places * backend.num_replicas() + backend.replica_id()
        places = ops.minimum(places, self.metric.capacity)[:, None]
        self.rows.assign(ops.scatter_update(self.rows, places, features))
        self.taken.assign(ops.scatter_update(self.taken, places, ops.ones_like(features[:, 0])))
        self.seen.assign_add(ops.cast(number, "float32"))

    def read(self):
        """float32 array of what was kept; a warning where there was more."""
        rows, taken, seen = map(ops.convert_to_numpy, (self.rows, self.taken, self.seen))
        if seen > self.metric.capacity:
            warnings.warn(
                f"{self.metric.name} is the score of {self.metric.capacity:,} of {seen:,.0f} "
                f"{self.side} images, the first ones: it keeps no more. Pass a larger capacity, or "
                "call compare(real, fake) on arrays.",
                stacklevel=4,
            )
        return np.asarray(rows[:-1][taken[:-1] > 0])
