from keras_gans.layers.batch_normalization import BatchNormalization
from keras_gans.layers.instance_normalization import InstanceNormalization
from keras_gans.layers.reflection_padding import ReflectionPadding2D

__all__ = ["BatchNormalization", "InstanceNormalization", "ReflectionPadding2D"]
