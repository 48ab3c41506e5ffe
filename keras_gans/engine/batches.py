"""A batch of `fit`: samples, and the conditions beside them."""

import typing

import keras
from keras import ops

from keras_gans.data import to_float


class Batch(typing.NamedTuple):
    """What a train step goes by.

    Args:
        samples: float tensor `(n, ...)`.
        conditions: Dict from the names of what a model reads beside samples to tensors `(n, ...)`.
    """

    samples: typing.Any
    conditions: dict


def parts_of(data, name):
    """`(samples, what stands beside them)` in anything that `fit` takes, whole or a batch.

    Args:
        data: Samples; a tuple of them and of one thing or a dict of things; or a dict of all.
        name: What samples are called in dicts.
    """
    x, beside, _ = keras.utils.unpack_x_y_sample_weight(data)
    if isinstance(x, dict) and name in x:
        others = {key: value for key, value in x.items() if key != name}
        if others and not (beside is None or isinstance(beside, dict)):
            raise ValueError(
                f"A dict of {', '.join(x)} came, and something without a name beside it: put that "
                "into the dict, by its name."
            )
        beside = {**others, **(beside or {})} if others else beside
        x = x[name]
    return x, beside


def named(beside, conditions):
    """What stands beside samples, as a dict by the names of the conditions that a model reads."""
    if isinstance(beside, dict):
        return {name: beside[name] for name in conditions if name in beside}
    return {} if beside is None or len(conditions) != 1 else {next(iter(conditions)): beside}


def not_read(beside, conditions):
    """Names of what stands beside samples and is none of the conditions that a model reads."""
    if isinstance(beside, dict):
        return [name for name in beside if name not in conditions]
    return [] if beside is None or conditions else ["y"]


def as_condition(values, spec):
    """The tensor that networks take: ids as int32, images scaled to [-1, 1], other floats."""
    if spec.kind == "images":
        return to_float(values)
    return ops.cast(values, "int32" if "int" in spec.dtype else keras.config.floatx())
