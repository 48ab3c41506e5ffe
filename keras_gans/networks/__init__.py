from keras_gans.networks.conditional_dcgan import (
    conditional_dcgan_discriminator,
    conditional_dcgan_generator,
)
from keras_gans.networks.cyclegan import resnet_generator
from keras_gans.networks.dcgan import dcgan_discriminator, dcgan_generator
from keras_gans.networks.esrgan import rrdb_generator
from keras_gans.networks.improved_gan import (
    convolutional_classifier,
    improved_gan_classifier,
    improved_gan_generator,
)
from keras_gans.networks.infogan import infogan_discriminator, infogan_generator
from keras_gans.networks.interpolation import interpolate
from keras_gans.networks.pix2pix import patchgan_discriminator, unet_generator
from keras_gans.networks.progressive import progressive_discriminator, progressive_generator
from keras_gans.networks.srgan import srgan_discriminator, srresnet
from keras_gans.networks.vgg import vgg19_features

__all__ = [
    "conditional_dcgan_discriminator",
    "conditional_dcgan_generator",
    "convolutional_classifier",
    "dcgan_discriminator",
    "dcgan_generator",
    "improved_gan_classifier",
    "improved_gan_generator",
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
    "unet_generator",
    "vgg19_features",
]
