from keras_gans.layers.adaptive_augment import AdaptiveAugment
from keras_gans.layers.basis import DiscriminativeBasis, GenerativeBasis
from keras_gans.layers.batch_normalization import BatchNormalization
from keras_gans.layers.blend import Blend
from keras_gans.layers.blur import Blur
from keras_gans.layers.conditional_batch_normalization import ConditionalBatchNormalization
from keras_gans.layers.corruption import MaskingNoise, SaltAndPepper
from keras_gans.layers.diff_augment import DiffAugment
from keras_gans.layers.equalized_conv2d import EqualizedConv2D
from keras_gans.layers.equalized_dense import EqualizedDense
from keras_gans.layers.grouped_conv2d import GroupedConv2D
from keras_gans.layers.image_pool import ImagePool
from keras_gans.layers.instance_noise import InstanceNoise
from keras_gans.layers.instance_normalization import InstanceNormalization
from keras_gans.layers.maxout import Maxout
from keras_gans.layers.minibatch_discrimination import MinibatchDiscrimination
from keras_gans.layers.minibatch_stddev import MinibatchStddev
from keras_gans.layers.pack import Pack
from keras_gans.layers.pixel_normalization import PixelNormalization
from keras_gans.layers.pixel_shuffle import ICNR, PixelShuffle
from keras_gans.layers.reflection_padding import ReflectionPadding2D
from keras_gans.layers.self_attention import SelfAttention
from keras_gans.layers.spectral_normalization import SpectralNormalization
from keras_gans.layers.virtual_batch_normalization import (
    ReferenceBatch,
    VirtualBatchNormalization,
    WithoutReference,
)
from keras_gans.layers.weight_normalization import WeightNormalization, initialize_from
from keras_gans.layers.weight_normalized_dense import WeightNormalizedDense

__all__ = [
    "ICNR",
    "AdaptiveAugment",
    "BatchNormalization",
    "Blend",
    "Blur",
    "ConditionalBatchNormalization",
    "DiffAugment",
    "DiscriminativeBasis",
    "EqualizedConv2D",
    "EqualizedDense",
    "GenerativeBasis",
    "GroupedConv2D",
    "ImagePool",
    "InstanceNoise",
    "InstanceNormalization",
    "MaskingNoise",
    "Maxout",
    "MinibatchDiscrimination",
    "MinibatchStddev",
    "Pack",
    "PixelNormalization",
    "PixelShuffle",
    "ReferenceBatch",
    "ReflectionPadding2D",
    "SaltAndPepper",
    "SelfAttention",
    "SpectralNormalization",
    "VirtualBatchNormalization",
    "WeightNormalization",
    "WeightNormalizedDense",
    "WithoutReference",
    "initialize_from",
]
