from keras_gans.schedules.constant_then_linear import ConstantThenLinear

__all__ = ["ConstantThenLinear"]
