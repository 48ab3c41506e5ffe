from keras_gans.layers.batch_normalization import BatchNormalization
from keras_gans.layers.image_pool import ImagePool
from keras_gans.layers.instance_normalization import InstanceNormalization
from keras_gans.layers.pixel_shuffle import ICNR, PixelShuffle
from keras_gans.layers.reflection_padding import ReflectionPadding2D

__all__ = [
    "ICNR",
    "BatchNormalization",
    "ImagePool",
    "InstanceNormalization",
    "PixelShuffle",
    "ReflectionPadding2D",
]
