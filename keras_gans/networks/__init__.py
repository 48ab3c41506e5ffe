from keras_gans.networks.conditional_dcgan import (
    conditional_dcgan_discriminator,
    conditional_dcgan_generator,
)
from keras_gans.networks.cyclegan import resnet_generator
from keras_gans.networks.dcgan import dcgan_discriminator, dcgan_generator
from keras_gans.networks.esrgan import rrdb_generator
from keras_gans.networks.infogan import infogan_discriminator, infogan_generator
from keras_gans.networks.interpolation import interpolate
from keras_gans.networks.pix2pix import patchgan_discriminator, unet_generator
from keras_gans.networks.progressive import progressive_discriminator, progressive_generator
from keras_gans.networks.semantic_hashing import hashing_decoder, hashing_encoder
from keras_gans.networks.sparse_coding import dictionary, tanh_encoder
from keras_gans.networks.srgan import srgan_discriminator, srresnet
from keras_gans.networks.vgg import vgg19_features

__all__ = [
    "conditional_dcgan_discriminator",
    "conditional_dcgan_generator",
    "dcgan_discriminator",
    "dcgan_generator",
    "dictionary",
    "hashing_decoder",
    "hashing_encoder",
    "infogan_discriminator",
    "infogan_generator",
    "interpolate",
    "patchgan_discriminator",
    "progressive_discriminator",
    "progressive_generator",
    "resnet_generator",
    "rrdb_generator",
    "srgan_discriminator",
    "srresnet",
    "tanh_encoder",
    "unet_generator",
    "vgg19_features",
]
