"""What tests of models need of numpy: images to train on, and the numbers inside a model."""

import os
from pathlib import Path

import keras
import numpy as np


def images(n=10, shape=(16, 16, 1)):
    return np.random.default_rng(0).integers(0, 256, (n, *shape), dtype="uint8")


def labels(n=10, classes=3):
    return np.random.default_rng(1).integers(0, classes, n, dtype="int32")


def images_for(model, n=10):
    """Images such as `model` makes."""
    return images(n, model.image_shape)


def pairs_for(model, n=10):
    """The two images of each pair that a translator trains on."""
    return pairs(n, *model.image_shapes)


def pairs(n, shape_a, shape_b):
    return images(n, shape_a), images(n, shape_b)[::-1]


def resident_megabytes():
    """The memory that this process holds, where Linux tells."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def state_of(variables):
    """Variables by path as numpy, also inside an uncompiled train step."""
    # Copied as tensors: NumPy cannot read a scalar that is mirrored over replicas.
    return [keras.ops.convert_to_numpy(keras.ops.copy(v.value)) for v in variables]


def all_variables(model):
    return [*model.variables, *model.optimizer.variables]


def everything(model):
    """All that a resumed run needs of a compiled model, its metrics too."""
    return state_of(all_variables(model))


def put_back(model, state):
    """Make a compiled model what it was when `everything(model)` gave `state`."""
    for variable, value in zip(all_variables(model), state, strict=True):
        variable.assign(value)


def numpy_of(tensor):
    """As float64, to compute with what a loss is compared with."""
    return keras.ops.convert_to_numpy(tensor).astype("float64")


def weights_of(networks):
    return [weight for network in networks for weight in network.weights]


def assert_equal(left, right, message=""):
    for a, b in zip(left, right, strict=True):
        np.testing.assert_array_equal(a, b, err_msg=message)


def changed(before, after):
    return any((a != b).any() for a, b in zip(before, after, strict=True))
