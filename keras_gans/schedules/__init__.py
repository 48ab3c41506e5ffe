from keras_gans.schedules.constant_then_linear import ConstantThenLinear
from keras_gans.schedules.controlled import Controlled
from keras_gans.schedules.growth import Growth
from keras_gans.schedules.half_life import HalfLife
from keras_gans.schedules.schedule import (
    Cosine,
    Linear,
    PiecewiseConstant,
    Schedule,
    counts_images,
    is_schedule,
)

__all__ = [
    "ConstantThenLinear",
    "Controlled",
    "Cosine",
    "Growth",
    "HalfLife",
    "Linear",
    "PiecewiseConstant",
    "Schedule",
    "counts_images",
    "is_schedule",
]
