from keras_gans.schedules.constant_then_linear import ConstantThenLinear
from keras_gans.schedules.controlled import Controlled
from keras_gans.schedules.growth import Growth

__all__ = ["ConstantThenLinear", "Controlled", "Growth"]
