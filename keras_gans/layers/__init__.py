from keras_gans.layers.adaptive_augment import AdaptiveAugment
from keras_gans.layers.batch_normalization import BatchNormalization
from keras_gans.layers.blend import Blend
from keras_gans.layers.conditional_batch_normalization import ConditionalBatchNormalization
from keras_gans.layers.corruption import MaskingNoise, SaltAndPepper
from keras_gans.layers.diff_augment import DiffAugment
from keras_gans.layers.equalized_conv2d import EqualizedConv2D
from keras_gans.layers.equalized_dense import EqualizedDense
from keras_gans.layers.image_pool import ImagePool
from keras_gans.layers.instance_noise import InstanceNoise
from keras_gans.layers.instance_normalization import InstanceNormalization
from keras_gans.layers.maxout import Maxout
from keras_gans.layers.minibatch_stddev import MinibatchStddev
from keras_gans.layers.pixel_normalization import PixelNormalization
from keras_gans.layers.pixel_shuffle import ICNR, PixelShuffle
from keras_gans.layers.reflection_padding import ReflectionPadding2D
from keras_gans.layers.weight_normalized_dense import WeightNormalizedDense

__all__ = [
    "ICNR",
    "AdaptiveAugment",
    "BatchNormalization",
    "Blend",
    "ConditionalBatchNormalization",
    "DiffAugment",
    "EqualizedConv2D",
    "EqualizedDense",
    "ImagePool",
    "InstanceNoise",
    "InstanceNormalization",
    "MaskingNoise",
    "Maxout",
    "MinibatchStddev",
    "PixelNormalization",
    "PixelShuffle",
    "ReflectionPadding2D",
    "SaltAndPepper",
    "WeightNormalizedDense",
]
